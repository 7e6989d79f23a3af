//! Layer norm behind or inside residual blocks, at the start; Xiong et al. 2020.
//!
//! The blocks are the feed-forward half of a transformer's layer, `x + W₂ relu(W₁ x)`, with weights `N(0, 1/d)` and no biases. There
//! is no attention, so every row of a batch goes its own way.

use crate::Table;
use crate::gradient_by_layer::{mean, random_pass};
use rayon::prelude::*;
use vanishing::{
    Activation, Array2, ChaCha8Rng, Dense, Error, Gradient, Init, Layer, Loss, NORM_EPSILON, Network, Norm, Over, Pass,
    Residual, SeedableRng, ndarray::Array1, norm,
};

/// Where the norm stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `x ← LN(x + W₂ relu(W₁ x))`: behind the sum.
    Post,
    /// `x ← x + W₂ relu(W₁ LN(x))`: in the branch; and one more behind the last block.
    Pre,
}

/// A stack of residual blocks, and how often it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// Where the norm stands.
    pub place: Place,
    /// L, how many.
    pub blocks: usize,
    /// d, neurons.
    pub width: usize,
    /// Examples; a transformer would call them tokens.
    pub batch: usize,
    /// How many networks are drawn, from seed 0 on.
    pub seeds: u64,
}

impl Blocks {
    /// 128 wide, 16 examples, 8 networks.
    pub fn new(place: Place, blocks: usize) -> Self {
        Self { place, blocks, width: 128, batch: 16, seeds: 8 }
    }

    /// `block, sum_square, w2_gradient`: over the seeds the mean of `‖x‖²/d` of the block's sum `x + branch(x)`, before any norm
    /// behind it, and the mean of `‖∂L/∂W₂‖`, for a random gradient `∂L/∂ŷ` of numbers `N(0, 1)` an example.
    ///
    /// # Errors
    ///
    /// If there is no block, or a size is 0.
    pub fn run(&self) -> Result<Table, Error> {
        let runs: Vec<_> = (0..self.seeds).into_par_iter().map(|seed| self.one(seed)).collect::<Result<_, Error>>()?;
        let mut table = Table::new(["block", "sum_square", "w2_gradient"]);
        for k in 0..self.blocks {
            let over_seeds = |of: fn(&(f64, f64)) -> f64| mean(&runs.iter().map(|run| of(&run[k])).collect::<Vec<_>>());
            table.push(vec![(k + 1).into(), over_seeds(|run| run.0).into(), over_seeds(|run| run.1).into()]);
        }
        Ok(table)
    }

    /// Of each block `‖x‖²/d` and `‖∂L/∂W₂‖`.
    fn one(&self, seed: u64) -> Result<Vec<(f64, f64)>, Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let network = self.network(&mut rng)?;
        let pass = random_pass(&network, self.batch, &mut rng);
        let blocks = (1..).zip(&network.layers).filter(|(_, layer)| matches!(layer, Layer::Residual(_)));
        Ok(blocks.map(|(l, _)| (mean_square(&pass.a[l]), w2_gradient(&pass, l))).collect())
    }

    fn network(&self, rng: &mut ChaCha8Rng) -> Result<Network, Error> {
        let d = self.width;
        let layer_norm = || Norm::new(Over::Layer, d, NORM_EPSILON);
        let mut dense = |activation| Dense::new(Init::Normal.weights(d, d, rng), Array1::zeros(d), activation);
        let mut layers: Vec<Layer> = vec![];
        for _ in 0..self.blocks {
            let (w1, w2) = (dense(Activation::Relu)?, dense(Activation::Identity)?);
            match self.place {
                Place::Post => {
                    layers.push(Residual::new(vec![w1, w2], 1.0)?.into());
                    layers.push(layer_norm()?.into());
                }
                Place::Pre => {
                    let branch: Vec<Layer> = vec![layer_norm()?.into(), w1.into(), w2.into()];
                    layers.push(Residual::new(branch, 1.0)?.into());
                }
            }
        }
        if self.place == Place::Pre {
            layers.push(layer_norm()?.into());
        }
        Network::from_layers(layers, Loss::SquaredError)
    }
}

fn mean_square(a: &Array2<f64>) -> f64 {
    a.iter().map(|a| a * a).sum::<f64>() / a.len() as f64
}

/// `‖∂L/∂W₂‖` of the residual layer l, W₂ being the last in its branch.
fn w2_gradient(pass: &Pass, l: usize) -> f64 {
    match &pass.gradient[l] {
        Gradient::Residual(kept) => norm(&kept.branch.gradient[kept.branch.gradient.depth()].dense().dw),
        other => panic!("expected the gradient of a residual layer, found {other:?}"),
    }
}

/// `1 + l/2`: `E‖x‖²/d` behind l Pre-LN blocks without attention. Each branch adds ½, since ReLU passes half of what a norm made 1.
pub fn pre_sum_square(l: usize) -> f64 {
    1.0 + l as f64 / 2.0
}

/// `√(3/(l + 2))`: `‖∂L/∂W₂‖` of Pre-LN block l over that of the last Post-LN block; for large d, our own derivation on page 22.
///
/// The last norm divides by `√(1 + L/2)`, and on the way back from block k to the one before the squared gradient grows by
/// `(k + 2)/(k + 1)`. The two leave something without L.
pub fn pre_gradient(l: usize) -> f64 {
    (3.0 / (l as f64 + 2.0)).sqrt()
}

/// How many blocks the networks have of which [`by_block`] shows the last block; it shows all blocks of the deepest.
pub const DEPTHS: [usize; 6] = [1, 3, 6, 12, 24, 48];

/// `blocks, block, post_sum, pre_sum, post_gradient, pre_gradient, theory`: in networks of so many blocks, what [`Blocks::run`] says
/// of one of them. The gradients are relative to that of a network of one Post-LN block; theory is [`pre_gradient`].
pub fn by_block() -> Table {
    let mut table = Table::new(["blocks", "block", "post_sum", "pre_sum", "post_gradient", "pre_gradient", "theory"]);
    let mut one = None;
    for blocks in DEPTHS {
        let [post, pre] =
            [Place::Post, Place::Pre].map(|place| Blocks::new(place, blocks).run().expect("no size is 0"));
        let one = *one.get_or_insert(post.numbers("w2_gradient")[0]);
        let first = if Some(&blocks) == DEPTHS.last() { 1 } else { blocks };
        for block in first..=blocks {
            let [post_sum, pre_sum] = [&post, &pre].map(|table| table.numbers("sum_square")[block - 1]);
            let [post, pre] = [&post, &pre].map(|table| table.numbers("w2_gradient")[block - 1] / one);
            let numbers = [post_sum, pre_sum, post, pre, pre_gradient(block)];
            table.push([blocks.into(), block.into()].into_iter().chain(numbers.map(Into::into)).collect());
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn one_block_is_the_same_either_way() {
        let [post, pre] = [Place::Post, Place::Pre].map(|place| Blocks::new(place, 1).run().unwrap());
        // The input has a variance of 1 already, within the 2 % that 128 normal numbers leave.
        for column in ["sum_square", "w2_gradient"] {
            assert_relative_eq!(post.numbers(column)[0], pre.numbers(column)[0], epsilon = 0.0, max_relative = 0.02);
        }
    }

    #[test]
    fn a_gradient_knows_its_block_for_pre_and_nothing_for_post() {
        let table = by_block();
        let [block, post_sum, pre_sum] = ["block", "post_sum", "pre_sum"].map(|column| table.numbers(column));
        let [post, pre, theory] = ["post_gradient", "pre_gradient", "theory"].map(|column| table.numbers(column));
        for row in 0..block.len() {
            // A block's own weights leave 1/√128 = 9 % of scatter in ‖x‖² and 8 networks a third of that; up to 12 blocks of a
            // Post-LN network drift together.
            assert_relative_eq!(post_sum[row], 1.5, epsilon = 0.0, max_relative = 0.1);
            assert_relative_eq!(pre_sum[row], pre_sum_square(block[row] as usize), epsilon = 0.0, max_relative = 0.06);
            assert_relative_eq!(post[row], 1.0, epsilon = 0.0, max_relative = 0.2);
            assert_relative_eq!(pre[row], theory[row], epsilon = 0.0, max_relative = 0.12);
        }
        insta::assert_snapshot!(table);
    }
}

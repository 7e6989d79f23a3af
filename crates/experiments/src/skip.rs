//! Blocks with a road around them: how much of a signal and of a gradient is left behind many of them.
//!
//! A block is `a = x + s f(x)`. With weights `N(0, 2/n)` and `f(x) = relu(x) w` the mean squares of signal and gradient both grow
//! by `1 + s²` a block; with a batch norm in front of the ReLU the signal's grows by `s²` (De and Smith 2020).

use crate::Table;
use crate::gradient_by_layer::{mean, standard_normal};
use rayon::prelude::*;
use std::f64::consts::PI;
use vanishing::{
    Activation, Array1, Array2, ChaCha8Rng, Dense, Error, Init, Layer, Loss, NORM_EPSILON, Network, Norm, Over, Pass,
    Residual, SeedableRng,
};

/// f of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// `relu(x) w`: He, Zhang, Ren and Sun 2016, "Identity mappings", call it pre-activation.
    WeightsLast,
    /// `relu(x w)`, the one that [`vanishing::Blueprint`] builds.
    ReluLast,
    /// `relu(batch norm(x)) w`.
    NormFirst,
}

/// Blocks of one kind in a row, drawn at random with weights `N(0, 2/n)` and no biases.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// f.
    pub branch: Branch,
    /// s; without it there is no skip connection, and a block is `f(x)`.
    pub scale: Option<f64>,
    /// L, how many there are.
    pub depth: usize,
    /// n.
    pub width: usize,
    /// Examples.
    pub batch: usize,
    /// How many networks are drawn.
    pub seeds: u64,
}

impl Default for Blocks {
    /// Ten blocks `x + relu(x) w` of 200 neurons.
    fn default() -> Self {
        Self { branch: Branch::WeightsLast, scale: Some(1.0), depth: 10, width: 200, batch: 32, seeds: 10 }
    }
}

/// What L blocks do to a mean square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// `‖aᴸ‖² / ‖x‖²`.
    pub forward: f64,
    /// `‖∂L/∂x‖² / ‖∂L/∂aᴸ‖²`.
    pub gradient: f64,
}

impl Blocks {
    /// The blocks as layers of a network.
    ///
    /// # Errors
    ///
    /// If the width is 0 or s is not finite.
    pub fn layers(&self, rng: &mut ChaCha8Rng) -> Result<Vec<Layer>, Error> {
        let mut layers = vec![];
        for _ in 0..self.depth {
            let dense = |activation, rng: &mut ChaCha8Rng| {
                Dense::new(Init::He.weights(self.width, self.width, rng), Array1::zeros(self.width), activation)
            };
            let mut block: Vec<Layer> = match self.branch {
                Branch::ReluLast => vec![dense(Activation::Relu, rng)?.into()],
                Branch::WeightsLast | Branch::NormFirst => {
                    vec![Activation::Relu.into(), dense(Activation::Identity, rng)?.into()]
                }
            };
            if self.branch == Branch::NormFirst {
                block.insert(0, Norm::new(Over::Batch, self.width, NORM_EPSILON)?.into());
            }
            match self.scale {
                Some(scale) => layers.push(Residual::new(block, scale)?.into()),
                None => layers.extend(block),
            }
        }
        Ok(layers)
    }

    /// A network of the blocks. Its layer 1 does nothing, so that `delta[1]` is the gradient by the input.
    ///
    /// # Errors
    ///
    /// As [`layers`](Self::layers).
    pub fn network(&self, rng: &mut ChaCha8Rng) -> Result<Network, Error> {
        let mut layers = vec![Activation::Identity.into()];
        layers.extend(self.layers(rng)?);
        Network::from_layers(layers, Loss::SquaredError)
    }

    /// The means over the networks. Inputs and `∂L/∂aᴸ` are independent numbers `N(0, 1)`; a norm's mean and variance are part of
    /// the way back.
    ///
    /// # Errors
    ///
    /// As [`layers`](Self::layers).
    pub fn growth(&self) -> Result<Growth, Error> {
        let runs: Result<Vec<_>, Error> = (0..self.seeds).into_par_iter().map(|seed| self.one(seed)).collect();
        let runs = runs?;
        let over_seeds = |of: fn(&Growth) -> f64| mean(&runs.iter().map(of).collect::<Vec<_>>());
        Ok(Growth { forward: over_seeds(|run| run.forward), gradient: over_seeds(|run| run.gradient) })
    }

    fn one(&self, seed: u64) -> Result<Growth, Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let network = self.network(&mut rng)?;
        let x = standard_normal(self.batch, self.width, &mut rng);
        let da = standard_normal(self.batch, self.width, &mut rng);
        let mut pass = Pass::new(&network, self.batch);
        network.forward_into(x.view(), &mut pass);
        network.backward_from(da.view(), &mut pass);
        let ratio = |of: &Array2<f64>, over: &Array2<f64>| (vanishing::norm(of) / vanishing::norm(over)).powi(2);
        Ok(Growth { forward: ratio(pass.output(), &x), gradient: ratio(&pass.delta[1], &da) })
    }

    /// The same for infinitely many neurons.
    ///
    /// A block without a norm multiplies both by `1 + s²`; only the signal of [`Branch::ReluLast`] grows faster, since the outputs of
    /// its ReLUs have the mean `√(q/π)` and add up. A block with one adds s² to the signal, of which `s²/π` is common to the
    /// batch, so that the norm divides by the root of `v = 1 + l s² (1 − 1/π)`, and multiplies the gradient's square by
    /// `1 + (B − 2)/(B − 3) s²/v`: with a batch of B examples 1/v is larger by `B/(B − 3)` on average, and of the gradient
    /// `2/B` is taken out. Yang et al. 2019 have the same factor for linear layers.
    ///
    /// # Panics
    ///
    /// If there is no skip connection.
    pub fn theory(&self) -> Growth {
        let s = self.scale.expect("the theory is that of skip connections");
        let batch = self.batch as f64;
        let (mut mean, mut square, mut variance, mut gradient) = (0.0, 1.0, 1.0, 1.0);
        for _ in 0..self.depth {
            match self.branch {
                Branch::WeightsLast => square *= 1.0 + s * s,
                Branch::ReluLast => {
                    let of_branch = (square / PI).sqrt();
                    square += s * s * square + 2.0 * s * mean * of_branch;
                    mean += s * of_branch;
                }
                Branch::NormFirst => square += s * s,
            }
            gradient *= match self.branch {
                Branch::WeightsLast | Branch::ReluLast => 1.0 + s * s,
                Branch::NormFirst => 1.0 + (batch - 2.0) / (batch - 3.0) * s * s / variance,
            };
            variance += s * s * (1.0 - 1.0 / PI);
        }
        Growth { forward: square, gradient }
    }
}

/// The depths of [`by_depth`].
pub const DEPTHS: [usize; 8] = [1, 2, 4, 8, 16, 32, 64, 100];

/// `blocks` and by how much the mean square of the gradient grows, measured and in theory, for three kinds of blocks: `s = 1`,
/// `s = 1/√L`, and s = 1 with a batch norm in each branch.
///
/// # Panics
///
/// Never: these blocks can be built.
pub fn by_depth() -> Table {
    let columns = ["blocks", "unscaled", "scaled", "norm", "theory_unscaled", "theory_scaled", "theory_norm"];
    let mut table = Table::new(columns);
    for depth in DEPTHS {
        let unscaled = Blocks { depth, width: 100, batch: 16, seeds: 8, ..Default::default() };
        let kinds = [
            unscaled.clone(),
            Blocks { scale: Some(1.0 / (depth as f64).sqrt()), ..unscaled.clone() },
            // A norm needs a batch.
            Blocks { branch: Branch::NormFirst, batch: 64, seeds: 4, ..unscaled },
        ];
        let measured = kinds.iter().map(|kind| kind.growth().expect("the blocks can be built").gradient.into());
        let theory = kinds.iter().map(|kind| kind.theory().gradient.into());
        table.push([depth.into()].into_iter().chain(measured).chain(theory).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Without a skip connection nothing is added, so this is He's rule: both mean squares are kept.
    #[test]
    fn plain_blocks_keep_both_mean_squares() {
        let plain = Blocks { scale: None, width: 100, ..Default::default() };
        let growth = plain.growth().unwrap();
        // ln ‖δ‖² scatters by √(5 L/n) = 0.7 over networks, a mean of ten by 0.22 of it, more for the tail of large ones.
        assert_relative_eq!(growth.forward, 1.0, epsilon = 0.0, max_relative = 0.4);
        assert_relative_eq!(growth.gradient, 1.0, epsilon = 0.0, max_relative = 0.4);
    }

    #[test]
    fn a_relu_at_the_end_adds_up_a_mean() {
        for scale in [1.0, 0.3] {
            let blocks = Blocks { branch: Branch::ReluLast, scale: Some(scale), ..Default::default() };
            // Ten networks, 200 wide: the mean square of one scatters by a few per cent a block.
            assert_relative_eq!(
                blocks.growth().unwrap().forward,
                blocks.theory().forward,
                epsilon = 0.0,
                max_relative = 0.1
            );
        }
        // A random gradient has 1/n of its square along that mean, where it grows as the signal does.
        let excess = |width| {
            Blocks { branch: Branch::ReluLast, width, ..Default::default() }.growth().unwrap().gradient - 1024.0
        };
        assert!(excess(100) > 2.0 * excess(400));
    }

    /// `Π (1 + 1/(1 + l k))` with `k = 1 − 1/π` grows as `L^(1/k)`, and `1/k = π/(π − 1)`.
    #[test]
    fn a_norm_in_the_branch_turns_an_exponential_into_a_power() {
        let endless = |depth| {
            // So many examples that the batch does not matter.
            Blocks { branch: Branch::NormFirst, depth, batch: 1_000_000_000, ..Default::default() }.theory().gradient
        };
        let power = (endless(200_000) / endless(100_000)).log2();
        // The next term of the logarithm is of the order 1/L.
        assert_relative_eq!(power, PI / (PI - 1.0), epsilon = 1e-4);
    }
}

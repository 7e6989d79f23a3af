//! Chapter 30: where the gradient of a very deep sigmoid network passes the subnormal numbers, and what is lost if they become zeros.

use crate::Table;
use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Error, Init, LayerReport, Loss, Network, Optimiser, Pass, Report,
    SeedableRng, Sgd, Subnormals,
};

/// A sigmoid network as deep as it takes, weights `N(0, 1/n)`, biases 0, inputs `N(0, 1)` over a batch; the loss is half the squared
/// distance from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct SlowGradients {
    /// n, neurons of each layer and inputs.
    pub width: usize,
    /// L, layers of weights.
    pub depth: usize,
    /// Examples.
    pub batch: usize,
    /// The seed of the network and of the inputs.
    pub seed: u64,
}

impl Default for SlowGradients {
    /// 600 layers 64 wide, 64 examples.
    fn default() -> Self {
        Self { width: 64, depth: 600, batch: 64, seed: 1 }
    }
}

impl SlowGradients {
    /// `layer`; for each way of dealing with subnormal numbers the norm of δ of an example, the share of δ that is 0 and the share
    /// that is subnormal; and whether δ and the layer's gradient are the same to the bit both ways, 1 or 0.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn run(&self) -> Result<Table, Error> {
        let (keep, flush) = (self.pass(Subnormals::Keep)?, self.pass(Subnormals::Flush)?);
        let columns = ["delta_keep", "zero_keep", "subnormal_keep", "delta_flush", "zero_flush", "subnormal_flush"];
        let mut table = Table::new(["layer"].into_iter().chain(columns).chain(["same"]));
        let cells = |row: &LayerReport| [row.delta_norm.into(), row.zero.into(), row.subnormal.into()];
        let rows = |(network, pass): &(Network, Pass)| Report::new(network, pass).layers;
        for (l, (kept, flushed)) in (1..).zip(rows(&keep).iter().zip(&rows(&flush))) {
            let same = same_bits(&keep.1.delta[l], &flush.1.delta[l])
                && same_bits(&keep.1.gradient[l].dense().dw, &flush.1.gradient[l].dense().dw);
            let row = [l.into()].into_iter().chain(cells(kept)).chain(cells(flushed));
            table.push(row.chain([usize::from(same).into()]).collect());
        }
        Ok(table)
    }

    /// The network, and what a forward and a backward pass left behind.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn pass(&self, subnormals: Subnormals) -> Result<(Network, Pass), Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let widths = Blueprint::widths(self.width, self.width, self.width, self.depth);
        let network = Blueprint::new(&widths, Activation::Sigmoid, Init::Normal, Loss::SquaredError).build(&mut rng)?;
        let network = Network { subnormals, ..network };
        // N(0, 1/1): as for a layer with a single input.
        let x = Init::Normal.weights(1, self.batch * self.width, &mut rng);
        let x = x.into_shape_with_order((self.batch, self.width)).expect("as many numbers");
        let pass = network.gradient(&x, &Array2::zeros((self.batch, self.width)));
        Ok((network, pass))
    }

    /// The network after one step of gradient descent, and its outputs for the same inputs.
    ///
    /// # Errors
    ///
    /// If the network can't be built, or the learning rate is no finite number of at least 0.
    pub fn after_a_step(&self, subnormals: Subnormals, learning_rate: f64) -> Result<(Network, Array2<f64>), Error> {
        let (mut network, mut pass) = self.pass(subnormals)?;
        Sgd::new(learning_rate)?.step(&mut network, &mut pass);
        let y_hat = network.forward(&pass.a[0]);
        Ok((network, y_hat))
    }
}

fn same_bits(a: &Array2<f64>, b: &Array2<f64>) -> bool {
    a.dim() == b.dim() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice as deep as it takes, but narrow: milliseconds.
    fn narrow() -> SlowGradients {
        SlowGradients { width: 8, batch: 4, ..Default::default() }
    }

    #[test]
    fn subnormal_layers_are_a_band_between_normal_numbers_and_exact_zeros() {
        for slow in [narrow(), SlowGradients::default()] {
            let table = slow.run().unwrap();
            let (zero, subnormal) = (table.numbers("zero_keep"), table.numbers("subnormal_keep"));
            assert_eq!((zero[0], subnormal[0]), (1.0, 0.0), "at layer 1 nothing is left");
            let band: Vec<_> = (0..slow.depth).filter(|&l| subnormal[l] > 0.0).collect();
            let (first, last) = (band[0], band[band.len() - 1]);
            assert_eq!(band.len(), last - first + 1, "one band without gaps: {band:?}");
            assert!(zero[..first].iter().all(|&zero| zero == 1.0));
            assert!(zero[last + 1..].iter().all(|&zero| zero == 0.0));
            // 52 powers of two at two and a little a layer are some 25 layers; the spread of δ within a layer adds a few.
            assert!((22..=34).contains(&band.len()), "{} layers", band.len());
        }
    }

    #[test]
    fn where_every_delta_is_normal_a_subnormal_flush_changes_no_bit() {
        for slow in [narrow(), SlowGradients::default()] {
            let table = slow.run().unwrap();
            let column = |name: &str| table.numbers(name);
            let (zero, subnormal, same) = (column("zero_keep"), column("subnormal_keep"), column("same"));
            let normal = |l: &usize| zero[*l] == 0.0 && subnormal[*l] == 0.0;
            assert!((0..slow.depth).filter(normal).count() > 400);
            assert!((0..slow.depth).filter(normal).all(|l| same[l] == 1.0));
            let with_subnormal = |column: &[f64]| column.iter().filter(|&&share| share > 0.0).count();
            let flushed = with_subnormal(&column("subnormal_flush"));
            // Of a normal ∂L/∂a the slope, a quarter at most, can still make a subnormal δ.
            assert!(flushed < with_subnormal(&subnormal) / 3, "{flushed} layers");
        }
    }

    #[test]
    fn no_weight_learns_from_a_subnormal_gradient_and_a_bias_of_zero_learns_nothing_that_counts() {
        let [(keep, kept), (flush, flushed)] =
            [Subnormals::Keep, Subnormals::Flush].map(|subnormals| narrow().after_a_step(subnormals, 0.5).unwrap());
        let mut biases_apart = 0;
        for (keep, flush) in keep.layers.iter().zip(&flush.layers) {
            let (keep, flush) = (keep.dense(), flush.dense());
            assert!(same_bits(&keep.w, &flush.w));
            // Biases start at 0, the one place where so small a step is not lost; it is a sum over 4 examples.
            assert!(keep.b.iter().zip(&flush.b).all(|(k, f)| (k - f).abs() < 4.0 * f64::MIN_POSITIVE));
            biases_apart += keep.b.iter().zip(&flush.b).filter(|(k, f)| k != f).count();
        }
        assert!(biases_apart > 0);
        assert!(same_bits(&kept, &flushed), "the outputs are the same");
        // And a step was taken.
        let (before, _) = narrow().pass(Subnormals::Keep).unwrap();
        assert!(!same_bits(&before.layers[600].dense().w, &keep.layers[600].dense().w));
    }

    #[test]
    fn a_network_of_no_layers_is_an_error() {
        assert!(SlowGradients { depth: 0, ..narrow() }.run().is_err());
    }

    #[test]
    fn the_table_of_the_narrow_network_around_its_subnormal_band() {
        let table = narrow().run().unwrap();
        let mut band = Table::new(table.columns().to_vec());
        let subnormal = table.numbers("subnormal_keep");
        let rows = table.rows().iter().zip(&subnormal).filter(|(_, share)| **share > 0.0);
        rows.for_each(|(row, _)| band.push(row.clone()));
        insta::assert_snapshot!(band);
    }
}

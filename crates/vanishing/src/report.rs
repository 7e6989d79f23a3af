//! What happened to the gradient on its way back, layer by layer.

use crate::{Network, Pass};
use ndarray::Array2;
use std::fmt;

/// One layer of a [`Report`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerReport {
    /// l, from 1.
    pub layer: usize,
    /// The norm of `δˡ = ∂L/∂zˡ` of an example, root mean square over the batch.
    pub delta_norm: f64,
    /// The norm of `∂L/∂wˡ`, all weights of the layer together.
    pub weight_gradient_norm: f64,
    /// The mean of φ′(z) over the neurons and the batch.
    pub mean_slope: f64,
    /// The share of φ′(z) that are below a hundredth of the largest slope that φ has.
    pub saturated: f64,
    /// The share of δ that are exactly 0.
    pub zero: f64,
    /// The share of δ that are subnormal: not 0, but below the smallest normal number, 2.2e-308, so digits are lost.
    pub subnormal: f64,
}

/// The gradient of every layer, from one pass. As text it is a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// From layer 1 to layer L.
    pub layers: Vec<LayerReport>,
}

impl Report {
    /// Reads a pass that went forward and backward through the network.
    ///
    /// # Panics
    ///
    /// If the pass is of a network of another depth.
    pub fn new(network: &Network, pass: &Pass) -> Self {
        Self { layers: (1..=network.depth()).map(|l| layer_report(network, pass, l)).collect() }
    }
}

fn layer_report(network: &Network, pass: &Pass, l: usize) -> LayerReport {
    let (a, delta) = (&pass.a[l], &pass.delta[l]);
    let activation = network.layers[l].activation;
    let slopes = a.mapv(|a| activation.slope(a));
    LayerReport {
        layer: l,
        // δ holds the 1/batch of the mean loss, so an example's own δ is batch times as large.
        delta_norm: norm(delta) * (delta.nrows() as f64).sqrt(),
        weight_gradient_norm: norm(&pass.gradient[l].dw),
        mean_slope: slopes.sum() / slopes.len() as f64,
        saturated: share(&slopes, |slope| slope < 0.01 * activation.largest_slope()),
        zero: share(delta, |delta| delta == 0.0),
        subnormal: share(delta, f64::is_subnormal),
    }
}

/// The Frobenius norm, scaled by the largest entry: the squares of gradients below 1e-162 would all be 0.
fn norm(values: &Array2<f64>) -> f64 {
    let largest =
        values.fold(0.0, |largest: f64, value| if value.is_nan() { f64::NAN } else { largest.max(value.abs()) });
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * values.fold(0.0, |sum, value| sum + (value / largest).powi(2)).sqrt()
}

fn share(values: &Array2<f64>, holds: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|&&value| holds(value)).count() as f64 / values.len() as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "layer     |delta|     |dL/dw|  mean slope  saturated   zero  subnormal")?;
        for row in &self.layers {
            write!(
                f,
                "\n{:>5}  {:>10.3e}  {:>10.3e}  {:>10.4}  {:>8.1}%  {:>4.0}%  {:>8.0}%",
                row.layer,
                row.delta_norm,
                row.weight_gradient_norm,
                row.mean_slope,
                100.0 * row.saturated,
                100.0 * row.zero,
                100.0 * row.subnormal
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Chain, Dense, Init, Loss};
    use ndarray::array;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn the_report_of_a_deep_sigmoid_network() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let widths = [4, 6, 6, 6, 6, 2];
        let network =
            Network::random(&widths, Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng).unwrap();
        let (x, y) = (Init::Normal.weights(3, 4, &mut rng), Array2::zeros((3, 2)));
        insta::assert_snapshot!(Report::new(&network, &network.gradient(&x, &y)));
    }

    #[test]
    fn the_norm_of_delta_does_not_depend_on_the_batch() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let network =
            Network::random(&[2, 3, 1], Activation::Tanh, Init::Normal, Loss::SquaredError, &mut rng).unwrap();
        let one = network.gradient(&array![[0.5, 0.1]], &array![[1.0]]);
        let three = network.gradient(&array![[0.5, 0.1], [0.5, 0.1], [0.5, 0.1]], &array![[1.0], [1.0], [1.0]]);
        for (one, three) in Report::new(&network, &one).layers.iter().zip(Report::new(&network, &three).layers) {
            approx::assert_relative_eq!(one.delta_norm, three.delta_norm, max_relative = 1e-14);
            approx::assert_relative_eq!(one.weight_gradient_norm, three.weight_gradient_norm, max_relative = 1e-14);
        }
    }

    #[test]
    fn underflow_is_reported_and_not_hidden() {
        // Six hundred sigmoids in a row: 4^-600 is below the smallest f64.
        let layers = std::iter::repeat_with(|| Dense::new(array![[0.9]], array![0.0], Activation::Sigmoid).unwrap());
        let network = Network::from_layers(layers.take(600).collect(), Loss::SquaredError).unwrap();
        let report = Report::new(&network, &network.gradient(&array![[0.3]], &array![[1.0]]));
        assert_eq!((report.layers[0].zero, report.layers[0].delta_norm), (1.0, 0.0));
        let subnormal: Vec<_> = report.layers.iter().filter(|row| row.subnormal == 1.0).collect();
        assert!(!subnormal.is_empty(), "on its way to 0 the gradient passes the subnormal numbers");
        assert!(subnormal.iter().all(|row| row.delta_norm > 0.0));
    }

    #[test]
    fn a_chain_is_a_network_of_width_one() {
        for activation in Activation::ALL {
            let chain = Chain::uniform(5, 1.3, -0.4, activation);
            let layer = |l| Dense::new(array![[chain.w[l]]], array![chain.b[l]], activation).unwrap();
            let network = Network::from_layers((1..=5).map(layer).collect(), Loss::SquaredError).unwrap();
            let (x, y) = (0.7, 0.2);
            let a = chain.forward(x);
            let gradient = chain.backward(&a, a[5] - y);
            let pass = network.gradient(&array![[x]], &array![[y]]);
            let scalars: Vec<f64> = pass.a.iter().map(|a| a[[0, 0]]).collect();
            assert_eq!(scalars, a, "{activation:?}");
            for l in 1..=5 {
                assert_eq!(pass.delta[l][[0, 0]], gradient.delta[l], "{activation:?}");
                assert_eq!(pass.gradient[l].dw[[0, 0]], gradient.dw[l], "{activation:?}");
            }
        }
    }
}

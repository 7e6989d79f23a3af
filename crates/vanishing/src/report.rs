//! What happened to the gradient on its way back, layer by layer.

use crate::{Gradient, Layer, Layers, Network, Pass, norm};
use ndarray::Array2;
use std::fmt;

/// One layer of a [`Report`].
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// l, from 1; in the branch of residual layer 3 it is 3.1, 3.2 and so on.
    pub layer: String,
    /// The norm of `δˡ` of an example, root mean square over the batch: `∂L/∂zˡ`, or `∂L/∂aˡ` of a layer without an activation.
    pub delta_norm: f64,
    /// The norm of `∂L/∂wˡ`, all weights of a dense layer together.
    pub weight_gradient_norm: Option<f64>,
    /// The mean of φ′(z) over the neurons and the batch.
    pub mean_slope: Option<f64>,
    /// The share of φ′(z) that are below a hundredth of the largest slope that φ has.
    pub saturated: Option<f64>,
    /// The share of δ that are exactly 0.
    pub zero: f64,
    /// The share of δ that are subnormal: not 0, but below the smallest normal number, 2.2e-308, so digits are lost.
    pub subnormal: f64,
    /// The share of inputs that are exactly 0.
    pub zero_input: f64,
    /// The share of outputs that are infinite or not a number.
    pub not_finite: f64,
}

/// The gradient of every layer, from one pass. As text it is a table, with what went wrong under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// From layer 1 to layer L, those in the branches of residual layers included.
    pub layers: Vec<LayerReport>,
}

impl Report {
    /// Reads a pass that went forward and backward through the network.
    ///
    /// # Panics
    ///
    /// If the pass is of another network.
    pub fn new(network: &Network, pass: &Pass) -> Self {
        let mut layers = vec![];
        read(&network.layers, pass, "", &mut layers);
        Self { layers }
    }

    /// What went wrong, a line each, from the input to the output; empty if nothing did.
    pub fn findings(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(row) = self.layers.iter().find(|row| row.not_finite > 0.0) {
            findings.push(format!("overflow: layer {} is the first with outputs that are not finite", row.layer));
        }
        let is_dead = |row: &LayerReport| row.mean_slope == Some(0.0);
        let dead: Vec<_> = self.layers.iter().filter(|row| is_dead(row)).collect();
        if let [.., last] = &dead[..] {
            findings.push(match dead.len() {
                1 => format!("dead: every slope of layer {} is 0, so nothing comes back through it", last.layer),
                count => format!("dead: every slope of {count} layers is 0, the last of them layer {}", last.layer),
            });
        }
        let without_input = |row: &&LayerReport| row.weight_gradient_norm.is_some() && row.zero_input == 1.0;
        if let Some(row) = self.layers.iter().find(without_input) {
            findings.push(format!("no input: layer {} gets only zeros, so its weights have no gradient", row.layer));
        }
        if let Some(row) = self.layers.iter().find(|row| row.delta_norm.is_nan() || row.delta_norm.is_infinite()) {
            findings.push(format!("overflow: the gradient of layer {} is not finite", row.layer));
        }
        // From the output back, the first layer that gets nothing although the one behind it had something.
        let behind = self.layers.windows(2).rev().find(|pair| pair[0].zero == 1.0 && pair[1].zero < 1.0);
        if let Some([row, behind]) = behind
            && !is_dead(row)
        {
            findings.push(match behind.delta_norm < f64::MIN_POSITIVE.sqrt() {
                true => format!("underflow: the gradient is exactly 0 from layer {} back", row.layer),
                false => format!("cut off: nothing comes back to layer {} from the layer behind it", row.layer),
            });
        }
        findings
    }
}

fn read(layers: &Layers<Layer>, pass: &Pass, prefix: &str, rows: &mut Vec<LayerReport>) {
    for (l, layer) in (1..).zip(layers) {
        let name = format!("{prefix}{l}");
        match (layer, &pass.gradient[l]) {
            (Layer::Residual(residual), Gradient::Residual(kept)) => {
                read(&residual.branch, &kept.branch, &format!("{name}."), rows);
            }
            (layer, gradient) => {
                let slopes = layer.slopes(pass.a[l - 1].view(), pass.a[l].view());
                rows.push(row(name, layer, slopes, (&pass.a[l - 1], &pass.a[l]), &pass.delta[l], gradient));
            }
        }
    }
}

fn row(
    name: String,
    layer: &Layer,
    slopes: Option<Array2<f64>>,
    (x, a): (&Array2<f64>, &Array2<f64>),
    delta: &Array2<f64>,
    gradient: &Gradient,
) -> LayerReport {
    let saturated_below = 0.01 * layer.activation().map_or(0.0, |activation| activation.largest_slope());
    LayerReport {
        layer: name,
        // δ holds the 1/batch of the mean loss, so an example's own δ is batch times as large.
        delta_norm: norm(delta) * (delta.nrows() as f64).sqrt(),
        weight_gradient_norm: match gradient {
            Gradient::Dense(gradient) => Some(norm(&gradient.dw)),
            _ => None,
        },
        mean_slope: slopes.as_ref().map(|slopes| slopes.sum() / slopes.len() as f64),
        saturated: slopes.as_ref().map(|slopes| share(slopes, |slope| slope.abs() < saturated_below)),
        zero: share(delta, |delta| delta == 0.0),
        subnormal: share(delta, f64::is_subnormal),
        zero_input: share(x, |x| x == 0.0),
        not_finite: share(a, |a| !a.is_finite()),
    }
}

/// The largest |value|; NaN if one is, whatever comes after it, which `f64::max` alone would drop.
pub(crate) fn largest<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().fold(
        0.0,
        |largest: f64, value| {
            if largest.is_nan() || value.is_nan() { f64::NAN } else { largest.max(value.abs()) }
        },
    )
}

fn share(values: &Array2<f64>, holds: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|&&value| holds(value)).count() as f64 / values.len() as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "layer     |delta|     |dL/dw|  mean slope  saturated   zero  subnormal")?;
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        for row in &self.layers {
            write!(
                f,
                "\n{:>5}  {:>10.3e}  {:>10}  {:>10}  {:>9}  {:>4.0}%  {:>8.0}%",
                row.layer,
                row.delta_norm,
                or_dash(row.weight_gradient_norm.map(|norm| format!("{norm:.3e}"))),
                or_dash(row.mean_slope.map(|slope| format!("{slope:.4}"))),
                or_dash(row.saturated.map(|share| format!("{:.1}%", 100.0 * share))),
                100.0 * row.zero,
                100.0 * row.subnormal
            )?;
        }
        for finding in self.findings() {
            write!(f, "\n{finding}")?;
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
            approx::assert_relative_eq!(one.delta_norm, three.delta_norm, epsilon = 0.0, max_relative = 1e-14);
            approx::assert_relative_eq!(
                one.weight_gradient_norm.unwrap(),
                three.weight_gradient_norm.unwrap(),
                epsilon = 0.0,
                max_relative = 1e-14
            );
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
        let [finding] = &report.findings()[..] else { panic!("{:?}", report.findings()) };
        assert!(finding.starts_with("underflow: the gradient is exactly 0 from layer "), "{finding}");
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
                assert_eq!(pass.gradient[l].dense().dw[[0, 0]], gradient.dw[l], "{activation:?}");
            }
        }
    }

    /// A thousand layers, a width of one, weights of 1e300, no input, dead neurons: whatever happens is said, and nothing panics.
    #[test]
    fn what_goes_wrong_is_said() {
        let findings = |depth: usize, w: f64, b: f64, activation, x: f64| {
            let layer = || Dense::new(array![[w]], array![b], activation).unwrap();
            let network = Network::from_layers((0..depth).map(|_| layer()).collect(), Loss::SquaredError).unwrap();
            Report::new(&network, &network.gradient(&array![[x]], &array![[1.0]])).findings().join("; ")
        };
        use Activation::{Identity, Relu, Sigmoid};
        assert_eq!(findings(3, 0.9, 0.0, Sigmoid, 0.3), "");
        assert!(findings(1000, 0.9, 0.0, Sigmoid, 0.3).starts_with("underflow: the gradient is exactly 0 from layer "));
        assert_eq!(findings(1000, 1.0, 0.0, Identity, 0.3), "");
        assert_eq!(
            findings(3, 1e300, 0.0, Identity, 0.3),
            "overflow: layer 2 is the first with outputs that are not finite; overflow: the gradient of layer 1 is not finite"
        );
        assert_eq!(
            findings(3, 1.0, -1.0, Relu, 0.3),
            "dead: every slope of 3 layers is 0, the last of them layer 3; \
             no input: layer 2 gets only zeros, so its weights have no gradient"
        );
        assert_eq!(
            findings(1, 1.0, -1.0, Relu, 0.3),
            "dead: every slope of layer 1 is 0, so nothing comes back through it"
        );
        assert_eq!(
            findings(2, 0.5, 0.1, Sigmoid, 0.0),
            "no input: layer 1 gets only zeros, so its weights have no gradient"
        );
        assert_eq!(
            findings(2, 0.0, 0.1, Sigmoid, 1.0),
            "cut off: nothing comes back to layer 1 from the layer behind it"
        );
    }

    #[test]
    fn the_layers_of_a_branch_have_their_own_rows() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let blueprint = crate::Blueprint {
            norm: Some(crate::Over::Layer),
            residual: Some(1.0),
            ..crate::Blueprint::new(&[3, 3, 3, 2], Activation::Silu, Init::Glorot, Loss::SquaredError)
        };
        let network = blueprint.build(&mut rng).unwrap();
        let x = Init::Normal.weights(2, 3, &mut rng);
        insta::assert_snapshot!(Report::new(&network, &network.gradient(&x, &Array2::zeros((2, 2)))));
    }
}

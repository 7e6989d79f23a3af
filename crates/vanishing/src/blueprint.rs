//! What a network looks like before it is drawn: its widths, and what stands in each layer.

use crate::normal::Normal;
use crate::{Activation, Dense, Error, Init, Layer, Layers, Loss, Network, Norm, Over, Residual};
use ndarray::Array1;
use rand::Rng;
use rand_distr::Distribution;

/// ε of the norms in networks that are built from a blueprint, the value of Ioffe and Szegedy's and of most later code.
pub const NORM_EPSILON: f64 = 1e-5;

/// A plan of a network. [`build`](Self::build) draws its weights.
///
/// A layer is `φ(norm(x w + b))`, with or without the norm; hidden layers that are as wide as their input may have a skip connection
/// around them.
#[derive(Clone, Debug, PartialEq)]
pub struct Blueprint {
    /// Input, hidden layers, output.
    pub widths: Vec<usize>,
    /// φ of every layer; under a loss on logits the last layer is linear.
    pub activation: Activation,
    /// How weights are drawn.
    pub init: Init,
    /// What drawn weights are multiplied by, 1 unless set: with [`Init::Normal`] they are `N(0, gain²/fan_in)`.
    pub gain: f64,
    /// The standard deviation of the biases, 0 unless set.
    pub bias_std: f64,
    /// Between `x w + b` and φ of every layer but the last.
    pub norm: Option<Over>,
    /// s of `x + s φ(…)`, around every hidden layer that has as many inputs as neurons.
    pub residual: Option<f64>,
    /// What the network is judged by.
    pub loss: Loss,
}

impl Blueprint {
    /// Dense layers and nothing else.
    pub fn new(widths: &[usize], activation: Activation, init: Init, loss: Loss) -> Self {
        let widths = widths.to_vec();
        Self { widths, activation, init, gain: 1.0, bias_std: 0.0, norm: None, residual: None, loss }
    }

    /// The widths of `depth` layers of weights: `inputs`, then hidden layers of `width`, then `outputs`.
    pub fn widths(inputs: usize, width: usize, outputs: usize, depth: usize) -> Vec<usize> {
        let mut widths = vec![width; depth + 1];
        widths[0] = inputs;
        widths[depth] = outputs;
        widths
    }

    /// Draws the network: for each layer its weights and then, unless their standard deviation is 0, its biases.
    ///
    /// # Errors
    ///
    /// If there are fewer than two widths, one of them is 0, or the gain, the standard deviation of the biases or the scale of
    /// the branches is no finite number.
    pub fn build(&self, rng: &mut impl Rng) -> Result<Network, Error> {
        if self.widths.len() < 2 {
            return Err(Error::NoLayers { widths: self.widths.clone() });
        }
        let what = "the standard deviation of the biases";
        let finite = |what, value: f64, at_least: f64, expected| {
            if value.is_finite() && value >= at_least {
                Ok(())
            } else {
                Err(Error::OutOfRange { what, value, expected })
            }
        };
        finite("the gain of the weights", self.gain, f64::MIN, "a finite number")?;
        finite(what, self.bias_std, 0.0, "a finite number of at least 0")?;
        let last = self.widths.len() - 1;
        let mut layers = vec![];
        for (l, pair) in (1..).zip(self.widths.windows(2)) {
            let (fan_in, fan_out) = (pair[0], pair[1]);
            if fan_in == 0 || fan_out == 0 {
                return Err(Error::EmptyLayer { layer: l, fan_in, fan_out });
            }
            let mut w = self.init.weights(fan_in, fan_out, rng);
            if self.gain != 1.0 {
                w *= self.gain;
            }
            let b = self.biases(fan_out, rng);
            if l == last {
                let activation = if self.loss.takes_logits() { Activation::Identity } else { self.activation };
                layers.push(Layer::Dense(Dense { w, b, activation }));
            } else {
                self.hidden(w, b, &mut layers)?;
            }
        }
        Network::from_layers(layers, self.loss)
    }

    fn biases(&self, fan_out: usize, rng: &mut impl Rng) -> Array1<f64> {
        if self.bias_std == 0.0 {
            return Array1::zeros(fan_out);
        }
        let normal = Normal { std: self.bias_std };
        Array1::from_shape_simple_fn(fan_out, || normal.sample(rng))
    }

    /// A hidden layer: one dense layer, or that with a norm, or a residual layer around either.
    fn hidden(&self, w: ndarray::Array2<f64>, b: Array1<f64>, layers: &mut Vec<Layer>) -> Result<(), Error> {
        let (fan_in, fan_out) = w.dim();
        let block: Vec<Layer> = match self.norm {
            None => vec![Dense { w, b, activation: self.activation }.into()],
            Some(over) => vec![
                Dense { w, b, activation: Activation::Identity }.into(),
                Norm::new(over, fan_out, NORM_EPSILON)?.into(),
                self.activation.into(),
            ],
        };
        match self.residual {
            Some(scale) if fan_in == fan_out => layers.push(Residual::new(block, scale)?.into()),
            _ => layers.extend(block),
        }
        Ok(())
    }
}

/// The dense layers of a network from its input to its output, those in the branches of residual layers included.
pub fn dense_layers(layers: &Layers<Layer>) -> Vec<&Dense> {
    let mut found = vec![];
    for layer in layers {
        match layer {
            Layer::Dense(dense) => found.push(dense),
            Layer::Residual(residual) => found.extend(dense_layers(&residual.branch)),
            Layer::Norm(_) | Layer::Activate(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    fn blueprint() -> Blueprint {
        Blueprint::new(&Blueprint::widths(5, 4, 3, 4), Activation::Relu, Init::He, Loss::SoftmaxCrossEntropy)
    }

    #[test]
    fn norm_and_skip_connection_stand_where_they_can() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let plain = blueprint().build(&mut rng).unwrap();
        assert_eq!((plain.depth(), dense_layers(&plain.layers).len()), (4, 4));
        let with_norm = Blueprint { norm: Some(Over::Batch), ..blueprint() }.build(&mut rng).unwrap();
        assert_eq!(with_norm.depth(), 3 * 3 + 1);
        let with_skip = Blueprint { norm: Some(Over::Layer), residual: Some(0.5), ..blueprint() };
        let with_skip = with_skip.build(&mut rng).unwrap();
        // The first layer changes the width, so it has no skip connection.
        assert_eq!((with_skip.depth(), dense_layers(&with_skip.layers).len()), (3 + 2 + 1, 4));
        assert!(matches!(with_skip.layers[4], Layer::Residual(_)));
    }

    #[test]
    fn what_is_no_number_is_named() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut message = |blueprint: Blueprint| blueprint.build(&mut rng).unwrap_err().to_string();
        assert_eq!(
            message(Blueprint { gain: f64::NAN, ..blueprint() }),
            "the gain of the weights is NaN; expected a finite number"
        );
        assert_eq!(
            message(Blueprint { bias_std: -1.0, ..blueprint() }),
            "the standard deviation of the biases is -1; expected a finite number of at least 0"
        );
        assert_eq!(
            message(Blueprint { residual: Some(f64::INFINITY), ..blueprint() }),
            "the scale of a residual branch is inf; expected a finite number"
        );
    }
}

//! Layers in a row: forward to ŷ and the loss, then backward through the same layers.

use crate::{Activation, Dense, DenseGradient, Error, Init, Layers, Loss};
use ndarray::{Array1, Array2, ArrayView2};
use rand::Rng;

/// A network of fully connected layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Layer 1 is next to the input.
    pub layers: Layers<Dense>,
    /// What it is judged by.
    pub loss: Loss,
}

/// What one pass through a network leaves behind: the forward pass keeps `a`, the backward pass fills in the rest.
///
/// It is also the set of buffers that a training loop reuses from step to step.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// The outputs of each layer: `a[l]`: (batch, width of layer l). `a[0]` is the input.
    pub a: Vec<Array2<f64>>,
    /// L, the mean over the batch.
    pub loss: f64,
    /// `δˡ = ∂L/∂zˡ`: (batch, width of layer l).
    pub delta: Layers<Array2<f64>>,
    /// `∂L/∂wˡ` and `∂L/∂bˡ`.
    pub gradient: Layers<DenseGradient>,
}

impl Network {
    /// A network of the given layers.
    ///
    /// # Errors
    ///
    /// If there is no layer, or a layer doesn't take what the one before it gives.
    ///
    /// ```
    /// use vanishing::{Activation::Sigmoid, Dense, Loss, Network, array};
    /// let hidden = Dense::new(array![[0.1, 0.2], [0.3, 0.4]], array![0.0, 0.0], Sigmoid).unwrap();
    /// let output = Dense::new(array![[0.5], [0.6], [0.7]], array![0.0], Sigmoid).unwrap();
    /// let error = Network::from_layers(vec![hidden, output], Loss::SquaredError).unwrap_err();
    /// assert_eq!(error.to_string(), "layer 1 gives 2 values, but layer 2 takes 3");
    /// ```
    pub fn from_layers(layers: Vec<Dense>, loss: Loss) -> Result<Self, Error> {
        if layers.is_empty() {
            return Err(Error::NoLayers { widths: vec![] });
        }
        for (l, layer) in (1..).zip(&layers) {
            check_widths(l, layer.fan_in(), layer.fan_out())?;
        }
        for (l, pair) in (1..).zip(layers.windows(2)) {
            let (fan_out, fan_in) = (pair[0].fan_out(), pair[1].fan_in());
            if fan_out != fan_in {
                return Err(Error::WidthMismatch { layer: l, fan_out, fan_in });
            }
        }
        Ok(Self { layers: layers.into_iter().collect(), loss })
    }

    /// A network of the given widths (input, hidden layers, output) at its start: weights drawn by `init`, biases 0.
    ///
    /// Every layer has the same activation, but under [`Loss::SoftmaxCrossEntropy`] the last one is linear.
    ///
    /// # Errors
    ///
    /// If there are fewer than two widths, or one of them is 0.
    ///
    /// ```
    /// use vanishing::*;
    /// let mut rng = ChaCha8Rng::seed_from_u64(1);
    /// let network =
    ///     Network::random(&[2, 3, 1], Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng).unwrap();
    /// assert_eq!(network.layers[1].w.dim(), (2, 3));
    ///
    /// let empty = Network::random(&[], Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng).unwrap_err();
    /// assert_eq!(empty.to_string(), "a network needs at least one layer, so at least two widths; found widths []");
    /// ```
    pub fn random(
        widths: &[usize],
        activation: Activation,
        init: Init,
        loss: Loss,
        rng: &mut impl Rng,
    ) -> Result<Self, Error> {
        if widths.len() < 2 {
            return Err(Error::NoLayers { widths: widths.to_vec() });
        }
        let last = widths.len() - 1;
        let layer = |(l, pair): (usize, &[usize])| {
            let (fan_in, fan_out) = (pair[0], pair[1]);
            check_widths(l, fan_in, fan_out)?;
            let linear = l == last && loss == Loss::SoftmaxCrossEntropy;
            let activation = if linear { Activation::Identity } else { activation };
            Ok(Dense { w: init.weights(fan_in, fan_out, rng), b: Array1::zeros(fan_out), activation })
        };
        let layers = (1..).zip(widths.windows(2)).map(layer).collect::<Result<_, Error>>()?;
        Ok(Self { layers, loss })
    }

    /// L, the number of layers of weights.
    pub fn depth(&self) -> usize {
        self.layers.depth()
    }

    /// ŷ. `x`: (batch, inputs), gives (batch, outputs).
    ///
    /// # Panics
    ///
    /// If `x` doesn't have as many columns as the first layer takes.
    pub fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        self.layers.iter().fold(x.clone(), |a, layer| layer.forward(&a))
    }

    /// Forward, loss and backward in one go. `x`: (batch, inputs), `y`: (batch, outputs).
    ///
    /// # Panics
    ///
    /// If the shapes don't fit the network.
    pub fn gradient(&self, x: &Array2<f64>, y: &Array2<f64>) -> Pass {
        let mut pass = Pass::new(self, x.nrows());
        self.forward_into(x.view(), &mut pass);
        self.backward_into(y.view(), &mut pass);
        pass
    }

    /// The forward pass: `a[0] = x`, then `aˡ = φ(aˡ⁻¹ wˡ + bˡ)`.
    ///
    /// # Panics
    ///
    /// If `pass` was made for another shape.
    pub fn forward_into(&self, x: ArrayView2<f64>, pass: &mut Pass) {
        pass.a[0].assign(&x);
        for (l, layer) in (1..).zip(&self.layers) {
            let (before, from) = pass.a.split_at_mut(l);
            layer.forward_into(before[l - 1].view(), &mut from[0]);
        }
    }

    /// The backward pass, after [`forward_into`](Self::forward_into): the loss, then from the last layer to the first.
    ///
    /// # Panics
    ///
    /// If `pass` was made for another shape.
    pub fn backward_into(&self, y: ArrayView2<f64>, pass: &mut Pass) {
        let last = self.depth();
        let y_hat = &pass.a[last];
        pass.loss = self.loss.value(y_hat, y);
        self.loss.gradient_into(y_hat, y, &mut pass.delta[last]);
        for l in (1..=last).rev() {
            let (before, delta) = pass.delta.with_previous(l);
            let (x, a) = (pass.a[l - 1].view(), pass.a[l].view());
            self.layers[l].backward_into(x, a, delta, &mut pass.gradient[l], before);
        }
    }
}

impl Pass {
    /// Buffers for batches of the given size.
    pub fn new(network: &Network, batch: usize) -> Self {
        let zeros = |width| Array2::zeros((batch, width));
        let outputs = || network.layers.iter().map(Dense::fan_out);
        Self {
            a: std::iter::once(network.layers[1].fan_in()).chain(outputs()).map(zeros).collect(),
            loss: f64::NAN,
            delta: outputs().map(zeros).collect(),
            gradient: network.layers.iter().map(Dense::zero_gradient).collect(),
        }
    }
}

fn check_widths(layer: usize, fan_in: usize, fan_out: usize) -> Result<(), Error> {
    if fan_in == 0 || fan_out == 0 {
        return Err(Error::EmptyLayer { layer, fan_in, fan_out });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    fn random(widths: &[usize]) -> Result<Network, Error> {
        Network::random(
            widths,
            Activation::Tanh,
            Init::Normal,
            Loss::SoftmaxCrossEntropy,
            &mut ChaCha8Rng::seed_from_u64(3),
        )
    }

    #[test]
    fn the_last_layer_is_linear_under_a_loss_on_logits() {
        let network = random(&[2, 3, 3]).unwrap();
        let activations: Vec<_> = network.layers.iter().map(|layer| layer.activation).collect();
        assert_eq!(activations, [Activation::Tanh, Activation::Identity]);
    }

    #[test]
    fn a_used_pass_gives_what_a_new_one_gives() {
        let network = random(&[2, 3, 2]).unwrap();
        let (x, y) = (array![[0.1, -0.4], [2.0, 0.3]], array![[1.0, 0.0], [0.0, 1.0]]);
        let mut used = network.gradient(&array![[9.0, 9.0], [-9.0, 9.0]], &y);
        network.forward_into(x.view(), &mut used);
        network.backward_into(y.view(), &mut used);
        assert_eq!(used, network.gradient(&x, &y));
        assert_eq!(used.a[2], network.forward(&x));
    }

    #[test]
    fn a_layer_of_no_neurons_is_named() {
        let error = random(&[2, 0, 1]).unwrap_err();
        assert_eq!(error.to_string(), "layer 1 is 2 to 0; both must be at least 1");
    }
}

//! Layers in a row: forward to ŷ and the loss, then backward through the same layers.

use crate::{Activation, Blueprint, Error, Gradient, Init, Layer, Layers, Loss};
use ndarray::{Array2, ArrayView2};
use rand::Rng;

/// A network of layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Layer 1 is next to the input.
    pub layers: Layers<Layer>,
    /// What it is judged by.
    pub loss: Loss,
    /// What becomes of a gradient below the normal numbers on its way back.
    pub subnormals: Subnormals,
}

/// What the backward pass does with numbers below 2⁻¹⁰²², the smallest normal f64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subnormals {
    /// Keeps them, with the digits that they have left. The processor may
    /// take sixty times as long to multiply one.
    #[default]
    Keep,
    /// Replaces each subnormal entry of ∂L/∂a by a zero of its sign, between
    /// one layer of the network and the one before; inside a residual branch
    /// they stay. So the layers before get an exact zero where they would
    /// have got less than 2.3e-308, and learn from it as much: nothing.
    Flush,
}

/// What one pass through a network leaves behind: the forward pass keeps `a`, the backward pass fills in the rest.
///
/// It is also the set of buffers that a training loop reuses from step to step.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// The outputs of each layer: `a[l]`: (batch, width of layer l). `a[0]` is the input.
    pub a: Vec<Array2<f64>>,
    /// L, the mean over the batch. NaN before the backward pass, and in the branch of a residual layer, which has no loss.
    pub loss: f64,
    /// `δˡ = ∂L/∂zˡ`: (batch, width of layer l). Of a layer without an activation it is `∂L/∂aˡ`.
    pub delta: Layers<Array2<f64>>,
    /// The gradient of each layer's parameters.
    pub gradient: Layers<Gradient>,
}

impl Network {
    /// A network of the given layers: all [`Dense`](crate::Dense), or of any kind as [`Layer`]s.
    ///
    /// # Errors
    ///
    /// If there is no layer, a layer doesn't take what the one before it gives, a side is empty, or no layer says how many
    /// values it takes.
    ///
    /// ```
    /// use vanishing::{Activation::Sigmoid, Dense, Loss, Network, array};
    /// let hidden = Dense::new(array![[0.1, 0.2], [0.3, 0.4]], array![0.0, 0.0], Sigmoid).unwrap();
    /// let output = Dense::new(array![[0.5], [0.6], [0.7]], array![0.0], Sigmoid).unwrap();
    /// let error = Network::from_layers(vec![hidden, output], Loss::SquaredError).unwrap_err();
    /// assert_eq!(error.to_string(), "layer 1 gives 2 values, but layer 2 takes 3");
    /// ```
    pub fn from_layers<L: Into<Layer>>(layers: Vec<L>, loss: Loss) -> Result<Self, Error> {
        let layers = layers.into_iter().map(Into::into).collect();
        crate::layer::widths(&layers)?;
        Ok(Self { layers, loss, subnormals: Subnormals::Keep })
    }

    /// A network of dense layers of the given widths (input, hidden layers, output) at its start: weights drawn by `init`,
    /// biases 0.
    ///
    /// Every layer has the same activation, but under a loss on logits the last one is linear. What else a network
    /// may have at its start, a [`Blueprint`] says.
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
    /// assert_eq!(network.layers[1].dense().w.dim(), (2, 3));
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
        Blueprint::new(widths, activation, init, loss).build(rng)
    }

    /// L, the number of layers.
    pub fn depth(&self) -> usize {
        self.layers.depth()
    }

    /// ŷ. `x`: (batch, inputs), gives (batch, outputs).
    ///
    /// # Panics
    ///
    /// If `x` doesn't have as many columns as the first layer takes.
    pub fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut pass = Pass::new(self, x.nrows());
        self.forward_into(x.view(), &mut pass);
        pass.a.swap_remove(self.depth())
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
        crate::layer::forward(&self.layers, x, pass);
    }

    /// The backward pass, after [`forward_into`](Self::forward_into): the loss, then from the last layer to the first.
    ///
    /// # Panics
    ///
    /// If `pass` was made for another shape.
    pub fn backward_into(&self, y: ArrayView2<f64>, pass: &mut Pass) {
        self.begin_backward(y, pass);
        crate::layer::backward(&self.layers, pass, None, self.subnormals);
    }

    /// [`backward_into`](Self::backward_into) and `w ← w − α ∂L/∂w` for every parameter, on one way back. `norms` gets the norm
    /// of each layer's `∂L/∂w`; the gradients of dense layers are not written to `pass`.
    ///
    /// # Panics
    ///
    /// If `pass` was made for another shape.
    pub(crate) fn descend(&mut self, y: ArrayView2<f64>, pass: &mut Pass, alpha: f64, norms: Option<&mut Layers<f64>>) {
        self.begin_backward(y, pass);
        crate::descent::descend(&mut self.layers, pass, alpha, self.subnormals, norms);
    }

    /// The loss and its gradient.
    fn begin_backward(&self, y: ArrayView2<f64>, pass: &mut Pass) {
        let last = self.depth();
        pass.loss = self.loss.value(&pass.a[last], y);
        self.loss.gradient_into(&pass.a[last], y, &mut pass.delta[last]);
    }

    /// The backward pass of a gradient that is given in place of a loss's: `da = ∂L/∂ŷ`, (batch, outputs).
    ///
    /// With a random one it measures what the layers do to a gradient, and nothing else: a loss's own gradient depends on the
    /// output, and through it on the weights that it then goes back through.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn backward_from(&self, da: ArrayView2<f64>, pass: &mut Pass) {
        pass.delta[self.depth()].assign(&da);
        crate::layer::backward(&self.layers, pass, None, self.subnormals);
    }

    /// Calls `visit` with every parameter and the gradient of it, layer by layer, always in the same order.
    ///
    /// # Panics
    ///
    /// If the pass is of another network.
    pub fn visit(&mut self, pass: &mut Pass, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
        crate::layer::visit_all(&mut self.layers, pass, visit);
    }

    /// Every batch norm takes the mean and the variance that x, the training set, has there, as constants from now on.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn freeze_norms(&mut self, x: &Array2<f64>) {
        freeze_norms(&mut self.layers, x);
    }
}

/// Layer by layer, since what a layer sees depends on the norms before it. Gives the outputs of the last.
fn freeze_norms(layers: &mut Layers<Layer>, x: &Array2<f64>) -> Array2<f64> {
    layers.iter_mut().fold(x.clone(), |x, layer| match layer {
        Layer::Norm(norm) => {
            norm.freeze(x.view());
            norm.forward(&x)
        }
        Layer::Residual(residual) => {
            let branch = freeze_norms(&mut residual.branch, &x);
            x + residual.scale * branch
        }
        Layer::Dense(dense) => dense.forward(&x),
        Layer::Activate(activation) => x.mapv(|z| activation.value(z)),
    })
}

impl Pass {
    /// Buffers for batches of the given size.
    ///
    /// # Panics
    ///
    /// If the layers were changed so that they no longer fit each other.
    pub fn new(network: &Network, batch: usize) -> Self {
        let (inputs, _) = crate::layer::widths(&network.layers).expect("the layers fit when the network was made");
        Self::of(&network.layers, inputs, batch)
    }

    pub(crate) fn of(layers: &Layers<Layer>, inputs: usize, batch: usize) -> Self {
        let mut widths = vec![inputs];
        for layer in layers {
            widths.push(layer.outputs(widths[widths.len() - 1]));
        }
        let zeros = |&width: &usize| Array2::zeros((batch, width));
        Self {
            a: widths.iter().map(zeros).collect(),
            loss: f64::NAN,
            delta: widths[1..].iter().map(zeros).collect(),
            gradient: layers.iter().map(|layer| layer.zero_gradient(batch)).collect(),
        }
    }

    /// What the last layer gave.
    pub fn output(&self) -> &Array2<f64> {
        &self.a[self.a.len() - 1]
    }
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
        let activations: Vec<_> = network.layers.iter().map(|layer| layer.dense().activation).collect();
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

    /// Six hundred sigmoids: on its way to 0 the gradient passes the subnormal numbers.
    #[test]
    fn flushing_turns_subnormal_gradients_into_zeros_and_changes_no_other() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let widths = [3; 601];
        let mut network =
            Network::random(&widths, Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng).unwrap();
        let (x, y) = (Init::Normal.weights(4, 3, &mut rng), Array2::zeros((4, 3)));
        let kept = network.gradient(&x, &y);
        network.subnormals = Subnormals::Flush;
        let flushed = network.gradient(&x, &y);
        let normal = |delta: &Array2<f64>| delta.iter().all(|d| d.is_normal());
        let layers = (1..=600).map(|l| (&kept.delta[l], &flushed.delta[l]));
        let (untouched, below): (Vec<_>, Vec<_>) = layers.partition(|(kept, _)| normal(kept));
        assert!(untouched.iter().all(|(kept, flushed)| kept == flushed));
        assert!(below.iter().any(|(kept, _)| kept.iter().any(|d| d.is_subnormal())));
        // One layer may be left where a normal ∂L/∂a becomes a subnormal δ by the slope.
        let left = below.iter().filter(|(_, flushed)| flushed.iter().any(|d| *d != 0.0)).count();
        assert!(left <= 2, "{left} layers below the normal numbers still have a gradient");
        assert_eq!(flushed.delta[1].sum(), 0.0);
    }

    #[test]
    fn a_layer_of_no_neurons_is_named() {
        let error = random(&[2, 0, 1]).unwrap_err();
        assert_eq!(error.to_string(), "layer 1 is 2 to 0; both must be at least 1");
    }
}

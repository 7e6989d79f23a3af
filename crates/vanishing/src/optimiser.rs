//! What every optimiser is: something that moves a network's parameters by their gradient.

use crate::{Layers, Network, Pass};
use ndarray::ArrayView2;

/// Moves a network's parameters by their gradient.
pub trait Optimiser {
    /// One step, after a backward pass. It may change the gradient that it is given.
    ///
    /// # Panics
    ///
    /// If the pass is of another network, or of another than the steps before.
    fn step(&mut self, network: &mut Network, pass: &mut Pass);

    /// A whole step of training on one batch: forward, backward, and [`step`](Self::step). `x`: (batch, inputs), `y`: (batch,
    /// outputs).
    ///
    /// `norms` gets the norm of each layer's `∂L/∂w`, as [`Gradient::weight_norm`](crate::Gradient::weight_norm) has it. Ask for them
    /// here: an optimiser may move a layer without writing down its gradient, and then `pass.gradient` is not the one of this step.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit the network, or as [`step`](Self::step).
    fn train_step(
        &mut self,
        network: &mut Network,
        x: ArrayView2<f64>,
        y: ArrayView2<f64>,
        pass: &mut Pass,
        norms: Option<&mut Layers<f64>>,
    ) {
        network.forward_into(x, pass);
        network.backward_into(y, pass);
        if let Some(norms) = norms {
            for (norm, gradient) in norms.iter_mut().zip(&pass.gradient) {
                *norm = gradient.weight_norm();
            }
        }
        self.step(network, pass);
    }
}

/// An optimiser that is chosen while the program runs.
impl<O: Optimiser + ?Sized> Optimiser for Box<O> {
    fn step(&mut self, network: &mut Network, pass: &mut Pass) {
        (**self).step(network, pass);
    }

    fn train_step(
        &mut self,
        network: &mut Network,
        x: ArrayView2<f64>,
        y: ArrayView2<f64>,
        pass: &mut Pass,
        norms: Option<&mut Layers<f64>>,
    ) {
        (**self).train_step(network, x, y, pass, norms);
    }
}

/// One number per parameter, handed out slice by slice in the order of the visit.
pub(crate) struct State<'a> {
    values: &'a mut Vec<f64>,
    used: usize,
}

impl<'a> State<'a> {
    pub(crate) fn new(values: &'a mut Vec<f64>) -> Self {
        Self { values, used: 0 }
    }

    pub(crate) fn next(&mut self, count: usize) -> &mut [f64] {
        let from = self.used;
        self.used += count;
        // Before the first step there is nothing, which stands for zeros.
        if self.values.len() < self.used {
            self.values.resize(self.used, 0.0);
        }
        &mut self.values[from..self.used]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::{Activation, Dense, Gradient, Loss, Network, Pass};
    use ndarray::array;

    /// A network of one weight, 0.5, and one bias, whose gradient by the weight is `dw` and by the bias 0.
    pub(crate) fn one_weight(dw: f64) -> (Network, Pass) {
        let layer = Dense::new(array![[0.5]], array![0.0], Activation::Identity).unwrap();
        let network = Network::from_layers(vec![layer], Loss::SquaredError).unwrap();
        let mut pass = Pass::new(&network, 1);
        set_gradient(&mut pass, dw);
        (network, pass)
    }

    pub(crate) fn set_gradient(pass: &mut Pass, dw: f64) {
        let Gradient::Dense(gradient) = &mut pass.gradient[1] else { unreachable!("the layer is dense") };
        gradient.dw[[0, 0]] = dw;
    }

    /// The weight of such a network.
    pub(crate) fn weight(network: &Network) -> f64 {
        network.layers[1].dense().w[[0, 0]]
    }
}

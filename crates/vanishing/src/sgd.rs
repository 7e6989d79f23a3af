//! `w_new = w_old − α ∂L/∂w_old`, the step of the notes.

use crate::optimiser::State;
use crate::{Error, Layers, Network, Optimiser, Pass};
use ndarray::ArrayView2;

/// Plain gradient descent with one learning rate α for every parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    learning_rate: f64,
}

impl Sgd {
    /// Gradient descent with the learning rate α.
    ///
    /// # Errors
    ///
    /// If it is negative, infinite or not a number.
    ///
    /// ```
    /// use vanishing::Sgd;
    /// let error = Sgd::new(-0.01).unwrap_err();
    /// assert_eq!(error.to_string(), "the learning rate is -0.01; expected a finite number of at least 0");
    /// assert!(Sgd::new(f64::NAN).is_err());
    /// ```
    pub fn new(learning_rate: f64) -> Result<Self, Error> {
        if !(learning_rate.is_finite() && learning_rate >= 0.0) {
            return Err(Error::BadLearningRate(learning_rate));
        }
        Ok(Self { learning_rate })
    }

    /// `w − α ∂L/∂w` for one weight.
    #[inline(always)]
    pub fn updated(self, w: f64, gradient: f64) -> f64 {
        w - self.learning_rate * gradient
    }
}

impl Optimiser for Sgd {
    fn step(&mut self, network: &mut Network, pass: &mut Pass) {
        network.visit(pass, &mut |w, dw| {
            for (w, dw) in w.iter_mut().zip(dw) {
                *w = self.updated(*w, *dw);
            }
        });
    }

    /// To the same bits, but a layer moves as soon as its gradient is known.
    fn train_step(
        &mut self,
        network: &mut Network,
        x: ArrayView2<f64>,
        y: ArrayView2<f64>,
        pass: &mut Pass,
        norms: Option<&mut Layers<f64>>,
    ) {
        network.forward_into(x, pass);
        network.descend(y, pass, self.learning_rate, norms);
    }
}

/// Gradient descent with momentum: `v ← βv + ∂L/∂w`, `w ← w − αv`; Polyak 1964.
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum {
    sgd: Sgd,
    beta: f64,
    velocity: Vec<f64>,
}

impl Momentum {
    /// The learning rate α and the share β of the velocity that stays.
    ///
    /// # Errors
    ///
    /// If α is negative, infinite or not a number, or β is not in [0, 1).
    pub fn new(learning_rate: f64, beta: f64) -> Result<Self, Error> {
        if !(0.0..1.0).contains(&beta) {
            let expected = "a number of at least 0 and below 1";
            return Err(Error::OutOfRange { what: "the momentum", value: beta, expected });
        }
        Ok(Self { sgd: Sgd::new(learning_rate)?, beta, velocity: vec![] })
    }
}

impl Optimiser for Momentum {
    fn step(&mut self, network: &mut Network, pass: &mut Pass) {
        let mut velocity = State::new(&mut self.velocity);
        network.visit(pass, &mut |w, dw| {
            for ((w, &dw), v) in w.iter_mut().zip(&*dw).zip(velocity.next(dw.len())) {
                *v = self.beta * *v + dw;
                *w = self.sgd.updated(*w, *v);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimiser::tests::{one_weight, weight};
    use crate::{Activation, Dense, Gradient, Init, Layer, Loss, Norm, Over, Residual};
    use ndarray::{Array1, array};
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn a_step_lowers_the_loss_by_about_alpha_times_the_squared_gradient() {
        let layer = Dense::new(array![[0.5, 0.2]], array![0.0, 0.1], Activation::Sigmoid).unwrap();
        let mut network = Network::from_layers(vec![layer], Loss::SquaredError).unwrap();
        let (x, y) = (array![[1.0]], array![[0.0, 1.0]]);
        let mut before = network.gradient(&x, &y);
        let gradient = before.gradient[1].dense();
        let squared = gradient.dw.mapv(|g| g * g).sum() + gradient.db.mapv(|g| g * g).sum();
        Sgd::new(1e-4).unwrap().step(&mut network, &mut before);
        let fall = before.loss - network.gradient(&x, &y).loss;
        approx::assert_relative_eq!(fall, 1e-4 * squared, epsilon = 0.0, max_relative = 1e-4);
    }

    /// `train_step` is forward, backward and `step`: the same parameters to the bit, and the norms of the gradients that it
    /// has not written down.
    fn is_three_in_one(mut network: Network, batch: usize, rng: &mut ChaCha8Rng) {
        let (inputs, outputs) = crate::layer::widths(&network.layers).unwrap();
        let (x, y) = (Init::Normal.weights(batch, inputs, rng), Init::Normal.weights(batch, outputs, rng));
        let mut at_once = network.clone();
        let mut pass = Pass::new(&network, batch);
        let mut sgd = Sgd::new(0.1).unwrap();
        for _ in 0..3 {
            let mut expected = network.gradient(&x, &y);
            let norms_expected: Vec<_> = expected.gradient.iter().map(Gradient::weight_norm).collect();
            sgd.step(&mut network, &mut expected);
            let mut norms = network.layers.iter().map(|_| f64::NAN).collect();
            sgd.train_step(&mut at_once, x.view(), y.view(), &mut pass, Some(&mut norms));
            assert_eq!((&pass.a, pass.loss, &pass.delta), (&expected.a, expected.loss, &expected.delta));
            assert_eq!(at_once, network);
            for (norm, expected) in norms.iter().zip(norms_expected) {
                approx::assert_relative_eq!(*norm, expected, epsilon = 0.0, max_relative = 1e-14);
            }
        }
    }

    #[test]
    fn a_train_step_is_a_step_of_the_whole_to_the_bit() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        // One example and several; layers of a few neurons, and such as are taken in halves.
        for (widths, batch) in
            [(vec![3, 5, 5, 2], 4), (vec![2, 2, 1], 1), (vec![300, 260, 9], 1), (vec![300, 20, 3], 30)]
        {
            let network = Network::random(&widths, Activation::Tanh, Init::Glorot, Loss::SquaredError, &mut rng);
            is_three_in_one(network.unwrap(), batch, &mut rng);
        }
    }

    #[test]
    fn a_train_step_of_any_layers_is_a_step_of_the_whole_to_the_bit() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut dense = || Dense::new(Init::He.weights(4, 4, &mut rng), Array1::zeros(4), Activation::Relu).unwrap();
        let branch = vec![Layer::from(Norm::new(Over::Layer, 4, 1e-5).unwrap()), dense().into(), dense().into()];
        let residual = Residual::new(branch, 0.5).unwrap().with_learned_scale();
        let norm = Norm::new(Over::Batch, 4, 1e-5).unwrap();
        let layers: Vec<Layer> = vec![dense().into(), norm.into(), residual.into(), Activation::Tanh.into()];
        is_three_in_one(Network::from_layers(layers, Loss::SquaredError).unwrap(), 5, &mut rng);
    }

    /// The squares of such gradients are 0, so their sum says nothing.
    #[test]
    fn the_norm_of_a_vanished_gradient_is_not_0() {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        let widths = [2; 300];
        let network =
            Network::random(&widths, Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng).unwrap();
        let first = network.gradient(&array![[1.0, 0.5]], &array![[0.0, 0.0]]).gradient[1].weight_norm();
        assert!((1e-300..1e-170).contains(&first), "{first:e}");
        is_three_in_one(network, 1, &mut rng);
    }

    /// The squares of x and those of δ add up to numbers whose product would be in the range, but the latter have four digits left.
    #[test]
    fn the_norm_of_large_inputs_times_a_vanished_delta_has_its_digits() {
        let layer = Dense::new(array![[1e-190, 3e-190]], array![0.0, 0.0], Activation::Identity).unwrap();
        let mut network = Network::from_layers(vec![layer], Loss::SquaredError).unwrap();
        let (x, y) = (array![[1e30]], array![[0.0, 0.0]]);
        let expected = network.gradient(&x, &y).gradient[1].weight_norm();
        let mut norms = [f64::NAN].into_iter().collect();
        let mut pass = Pass::new(&network, 1);
        Sgd::new(0.1).unwrap().train_step(&mut network, x.view(), y.view(), &mut pass, Some(&mut norms));
        approx::assert_relative_eq!(norms[1], expected, epsilon = 0.0, max_relative = 1e-14);
    }

    #[test]
    fn momentum_adds_up_to_a_geometric_series() {
        let (mut network, mut pass) = one_weight(2.0);
        let mut momentum = Momentum::new(0.1, 0.9).unwrap();
        for _ in 0..3 {
            momentum.step(&mut network, &mut pass);
        }
        // v is 2, then 2 · 1.9, then 2 · 2.71.
        approx::assert_relative_eq!(weight(&network), 0.5 - 0.1 * 2.0 * (1.0 + 1.9 + 2.71));
    }

    #[test]
    fn a_momentum_of_1_is_named() {
        let message = Momentum::new(0.1, 1.0).unwrap_err().to_string();
        assert_eq!(message, "the momentum is 1; expected a number of at least 0 and below 1");
        assert!(Momentum::new(f64::NAN, 0.9).is_err());
    }
}

//! `w_new = w_old − α ∂L/∂w_old`, the step of the notes.

use crate::{DenseGradient, Error, Layers, Network};

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
    pub fn updated(self, w: f64, gradient: f64) -> f64 {
        w - self.learning_rate * gradient
    }

    /// The same for every weight and bias of a network.
    ///
    /// # Panics
    ///
    /// If the gradient is not of this network's shape.
    pub fn step(self, network: &mut Network, gradient: &Layers<DenseGradient>) {
        assert_eq!(network.depth(), gradient.depth(), "the gradient is of a network of another depth");
        for (layer, gradient) in network.layers.iter_mut().zip(gradient) {
            layer.w.zip_mut_with(&gradient.dw, |w, &dw| *w = self.updated(*w, dw));
            layer.b.zip_mut_with(&gradient.db, |b, &db| *b = self.updated(*b, db));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense, Loss};
    use ndarray::array;

    #[test]
    fn a_step_lowers_the_loss_by_about_alpha_times_the_squared_gradient() {
        let layer = Dense::new(array![[0.5, 0.2]], array![0.0, 0.1], Activation::Sigmoid).unwrap();
        let mut network = Network::from_layers(vec![layer], Loss::SquaredError).unwrap();
        let (x, y) = (array![[1.0]], array![[0.0, 1.0]]);
        let before = network.gradient(&x, &y);
        let gradient = &before.gradient[1];
        let squared = gradient.dw.mapv(|g| g * g).sum() + gradient.db.mapv(|g| g * g).sum();
        Sgd::new(1e-4).unwrap().step(&mut network, &before.gradient);
        let fall = before.loss - network.gradient(&x, &y).loss;
        approx::assert_relative_eq!(fall, 1e-4 * squared, max_relative = 1e-4);
    }
}

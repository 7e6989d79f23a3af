//! A limit for gradients that explode.

use crate::norm;
use crate::{Error, Network, Optimiser, Pass};

/// Another optimiser with the gradient clipped first: if the norm of all of it exceeds θ, it is scaled to θ;
/// Pascanu, Mikolov and Bengio 2013, algorithm 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Clipped<O> {
    optimiser: O,
    threshold: f64,
}

impl<O: Optimiser> Clipped<O> {
    /// Clips to the norm θ before each step.
    ///
    /// # Errors
    ///
    /// If θ is not a positive number.
    pub fn new(optimiser: O, threshold: f64) -> Result<Self, Error> {
        if threshold.is_nan() || threshold <= 0.0 {
            return Err(Error::OutOfRange {
                what: "the clipping norm",
                value: threshold,
                expected: "a positive number",
            });
        }
        Ok(Self { optimiser, threshold })
    }
}

impl<O: Optimiser> Optimiser for Clipped<O> {
    fn step(&mut self, network: &mut Network, pass: &mut Pass) {
        clip(network, pass, self.threshold);
        self.optimiser.step(network, pass);
    }
}

/// `g ← g θ/‖g‖` if `‖g‖ > θ`, for the gradient g of all parameters together. Gives the norm that it had.
///
/// # Panics
///
/// If the pass is of another network.
pub fn clip(network: &mut Network, pass: &mut Pass, threshold: f64) -> f64 {
    let mut norms = vec![];
    network.visit(pass, &mut |_, dw| norms.push(norm(&*dw)));
    let norm = norm(&norms);
    if norm > threshold {
        let scale = threshold / norm;
        network.visit(pass, &mut |_, dw| dw.iter_mut().for_each(|dw| *dw *= scale));
    }
    norm
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense, Loss, Sgd};
    use ndarray::array;

    #[test]
    fn clipping_keeps_the_direction_and_limits_the_length() {
        let layer = Dense::new(array![[0.5, 0.2]], array![0.0, 0.1], Activation::Identity).unwrap();
        let mut network = Network::from_layers(vec![layer], Loss::SquaredError).unwrap();
        let (x, y) = (array![[1000.0]], array![[0.0, 1.0]]);
        let whole = network.gradient(&x, &y);
        let mut clipped = whole.clone();
        let norm = clip(&mut network, &mut clipped, 2.0);
        let (before, after) = (whole.gradient[1].dense(), clipped.gradient[1].dense());
        for (after, before) in after.dw.iter().zip(&before.dw) {
            approx::assert_relative_eq!(after * (norm / 2.0), before, epsilon = 0.0, max_relative = 1e-14);
        }
        assert!(norm > 1e5);
        approx::assert_relative_eq!(clip(&mut network, &mut clipped, 3.0), 2.0, epsilon = 0.0, max_relative = 1e-14);
    }

    #[test]
    fn a_norm_that_is_no_number_is_named() {
        let message = Clipped::new(Sgd::new(0.1).unwrap(), f64::NAN).unwrap_err().to_string();
        assert_eq!(message, "the clipping norm is NaN; expected a positive number");
    }
}

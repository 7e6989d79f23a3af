//! The gradient check: what the backward pass says against what a small change does.

use crate::{Network, Pass};
use ndarray::Array2;

/// `(f(at + h) − f(at − h)) / 2h`, the slope of `f` by measuring. Its error is `h² f‴/6` plus the rounding of f over h.
///
/// ```
/// let slope = vanishing::central_difference(|x| x * x, 3.0, 1e-5);
/// assert!((slope - 6.0).abs() < 1e-9);
/// ```
pub fn central_difference(f: impl Fn(f64) -> f64, at: f64, h: f64) -> f64 {
    (f(at + h) - f(at - h)) / (2.0 * h)
}

/// How far the backward pass and the central differences are apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientCheck {
    /// How many weights and biases were compared.
    pub parameters: usize,
    /// The largest |backward − measured|.
    pub largest_error: f64,
    /// The largest |∂L/∂parameter|, to hold the error against.
    pub largest_gradient: f64,
}

/// Moves every weight and bias by ±`h` and compares. `x`: (batch, inputs), `y`: (batch, outputs).
///
/// It runs the network twice for every parameter, so it is a test and not a way to train.
///
/// # Panics
///
/// If the shapes don't fit the network.
pub fn check_gradient(network: &Network, x: &Array2<f64>, y: &Array2<f64>, h: f64) -> GradientCheck {
    let mut pass = network.gradient(x, y);
    let mut moved = network.clone();
    let mut gradient = vec![];
    moved.visit(&mut pass, &mut |_, part| gradient.extend_from_slice(part));
    let mut check = GradientCheck { parameters: 0, largest_error: 0.0, largest_gradient: 0.0 };
    // f64::max would drop a NaN, and with it the only sign that something went wrong.
    let larger = |old: f64, new: f64| if new > old || new.is_nan() { new } else { old };
    for (k, &backward) in gradient.iter().enumerate() {
        let mut loss_after = |by| {
            move_parameter(&mut moved, &mut pass, k, by);
            network.loss.value(&moved.forward(x), y.view())
        };
        let (above, below) = (loss_after(h), loss_after(-2.0 * h));
        move_parameter(&mut moved, &mut pass, k, h);
        let measured = (above - below) / (2.0 * h);
        check.parameters += 1;
        check.largest_error = larger(check.largest_error, (backward - measured).abs());
        check.largest_gradient = larger(check.largest_gradient, backward.abs());
    }
    check
}

/// Adds to the k-th parameter of a network.
fn move_parameter(network: &mut Network, pass: &mut Pass, k: usize, by: f64) {
    let mut before = 0;
    network.visit(pass, &mut |parameters, _| {
        if let Some(parameter) = k.checked_sub(before).and_then(|at| parameters.get_mut(at)) {
            *parameter += by;
        }
        before += parameters.len();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Init, Loss};
    use ndarray::array;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn it_counts_every_parameter_and_finds_them_right() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let network = Network::random(&[2, 3, 1], Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng);
        let check = check_gradient(&network.unwrap(), &array![[0.3, -0.8]], &array![[1.0]], 1e-5);
        assert_eq!(check.parameters, 2 * 3 + 3 + 3 + 1);
        assert!(check.largest_error < 1e-9 * check.largest_gradient.max(1e-2), "{check:?}");
    }
}

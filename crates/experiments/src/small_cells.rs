//! Recurrent cells that are small enough to be done by hand: what the large ones of [`through_time`](crate::through_time) rest on.

use vanishing::{Activation, Array2, Cell, RecurrentWeights, Rnn, array, jacobian_norms, sigmoid};

/// `σ(bias)^steps`: what a forget gate at rest leaves of c.
pub fn forget_power(bias: f64, steps: i32) -> f64 {
    sigmoid(bias).powi(steps)
}

/// `ln ½ / ln σ(bias)`: after how many steps a forget gate at rest has halved c.
pub fn half_life(bias: f64) -> f64 {
    libm::log(0.5) / libm::log(sigmoid(bias))
}

/// Two neurons with `h ← tanh(h u + b)`, `uᵀ = [[1.5, −1], [1.5, −1]]`, whose eigenvalues are 0.5 and 0, and `b = (1, 20)`. From
/// `h = (0, 1)` they stay there, and the gradient grows: gives `‖∂h_t/∂h_0‖` for t = 0 to `steps`.
///
/// Our own example. In f64 tanh(19) is 1, so the state stays exactly where it is.
pub fn small_eigenvalues(steps: usize) -> Vec<f64> {
    let u = array![[1.5, 1.5], [-1.0, -1.0]];
    let weights = RecurrentWeights::new(Array2::zeros((1, 2)), u, array![1.0, 20.0]).expect("two neurons");
    let cell = Rnn::new(weights, Activation::Tanh).expect("u is square");
    jacobian_norms(&cell, &vec![array![[0.0]]; steps], &array![[0.0, 1.0]])
}

/// `a ← tanh(w a)` from a = 1, as a network of one neuron: where it stays, and the slope `w tanh′(w a)` there.
///
/// Bengio, Simard and Frasconi 1994: it holds a bit only if w > 1, and where it holds it the slope is below 1.
///
/// # Panics
///
/// If w is no finite number.
pub fn latch(w: f64) -> (f64, f64) {
    let weights = RecurrentWeights::new(array![[0.0]], array![[w]], array![0.0]).expect("a finite weight");
    let cell = Rnn::new(weights, Activation::Tanh).expect("u is square");
    let (x, mut a) = (array![[0.0]], array![[1.0]]);
    // The distance to the fixed point shrinks by the slope each step: below 1e-16 after these for any w above 1.02.
    for _ in 0..1000 {
        a = cell.step(x.view(), a.view()).0;
    }
    (a[[0, 0]], jacobian_norms(&cell, &[x], &a)[1])
}

/// ReLU with `u = scale · 1`, biases and inputs 0, from a state of ones: `‖∂h_T/∂h_0‖`. With the scale 1 it is the IRNN of
/// Le, Jaitly and Hinton 2015.
///
/// # Panics
///
/// If the scale is no finite number.
pub fn scaled_identity(scale: f64, steps: usize) -> f64 {
    const WIDTH: usize = 4;
    let mut cell = Rnn::identity(Array2::zeros((1, WIDTH))).expect("weights of 0");
    cell.weights.u *= scale;
    jacobian_norms(&cell, &vec![array![[0.0]]; steps], &Array2::ones((1, WIDTH)))[steps]
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn after_a_half_life_half_is_left() {
        for bias in [-1.0, 0.0, 1.0, 5.0] {
            assert_relative_eq!(sigmoid(bias).powf(half_life(bias)), 0.5, epsilon = 0.0, max_relative = 1e-12);
        }
    }

    #[test]
    fn a_bit_that_is_held_has_a_slope_below_1_and_one_that_is_lost_has_the_slope_w() {
        let (a, slope) = latch(2.0);
        assert_relative_eq!((2.0 * a).tanh(), a, epsilon = 0.0, max_relative = 1e-14);
        assert!(slope < 1.0);
        let (a, slope) = latch(0.5);
        assert!(a < 1e-200);
        assert_eq!(slope, 0.5);
    }

    #[test]
    fn eigenvalues_of_a_half_and_0_and_a_gradient_that_grows() {
        let norms = small_eigenvalues(20);
        for t in 2..=20 {
            assert_relative_eq!(norms[t] / norms[t - 1], 1.5, epsilon = 0.0, max_relative = 1e-13);
        }
    }
}

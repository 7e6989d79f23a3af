//! What the network is judged by, and the gradient that starts the way back.

use crate::exp;
use ndarray::{Array2, ArrayView2, Zip};

/// The loss, a mean over the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// `½ Σ (ŷ − y)²`, summed over the outputs of an example.
    SquaredError,
    /// `−Σ y ln softmax(ŷ)`: ŷ are logits (the last layer is linear) and each row of y is one-hot. Natural logarithm.
    ///
    /// A network of ten classes that knows nothing has the loss ln 10 = 2.302585.
    SoftmaxCrossEntropy,
    /// `−Σ y ln σ(ŷ) + (1 − y) ln(1 − σ(ŷ))`, summed over the outputs of an example: ŷ are logits, y is in [0, 1]. Natural
    /// logarithm.
    BinaryCrossEntropy,
}

impl Loss {
    /// Every loss.
    pub const ALL: [Self; 3] = [Self::SquaredError, Self::SoftmaxCrossEntropy, Self::BinaryCrossEntropy];

    /// Whether ŷ are logits, so that the last layer of a network is linear.
    pub fn takes_logits(self) -> bool {
        self != Self::SquaredError
    }

    /// L. `y_hat` and `y`: (batch, outputs).
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    pub fn value(self, y_hat: &Array2<f64>, y: ArrayView2<f64>) -> f64 {
        assert_eq!(y_hat.dim(), y.dim(), "the outputs and the targets differ in shape");
        let batch = y_hat.nrows() as f64;
        match self {
            Self::SquaredError => {
                Zip::from(y_hat).and(y).fold(0.0, |sum, y_hat, y| sum + 0.5 * (y_hat - y).powi(2)) / batch
            }
            Self::SoftmaxCrossEntropy => {
                let rows = y_hat.rows().into_iter().zip(y.rows());
                rows.map(|(logits, y)| {
                    // ln Σ e^(ŷ − top) + top: without the shift by the largest, e^ŷ overflows from ŷ = 710 on.
                    let top = logits.fold(f64::NEG_INFINITY, |top, &logit| top.max(logit));
                    let log_sum = libm::log(logits.fold(0.0, |sum, logit| sum + exp(logit - top))) + top;
                    Zip::from(logits).and(y).fold(0.0, |loss, logit, y| loss + y * (log_sum - logit))
                })
                .sum::<f64>()
                    / batch
            }
            Self::BinaryCrossEntropy => {
                // −ln σ(ŷ) = ln(1 + e^(−ŷ)), written so that no exponential overflows and no digit of a small loss is lost.
                let of = |logit: f64, y: f64| logit.max(0.0) - logit * y + libm::log1p(exp(-logit.abs()));
                Zip::from(y_hat).and(y).fold(0.0, |sum, &logit, &y| sum + of(logit, y)) / batch
            }
        }
    }

    /// `∂L/∂ŷ` into `da`: (batch, outputs). The 1/batch of the mean is in it.
    ///
    /// For every loss it is ŷ − y; for the cross-entropies with the softmax or the sigmoid of the logits in place of ŷ.
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    pub fn gradient_into(self, y_hat: &Array2<f64>, y: ArrayView2<f64>, da: &mut Array2<f64>) {
        let batch = y_hat.nrows() as f64;
        da.assign(y_hat);
        match self {
            Self::SquaredError => {}
            Self::SoftmaxCrossEntropy => {
                for mut row in da.rows_mut() {
                    let top = row.fold(f64::NEG_INFINITY, |top, &logit| top.max(logit));
                    row.mapv_inplace(|logit| exp(logit - top));
                    let sum = row.sum();
                    row /= sum;
                }
            }
            Self::BinaryCrossEntropy => da.mapv_inplace(crate::sigmoid),
        }
        Zip::from(da).and(y).for_each(|da, y| *da = (*da - y) / batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use ndarray::array;

    #[test]
    fn half_the_squared_error() {
        let loss = Loss::SquaredError.value(&array![[0.8, 0.1], [0.5, 0.5]], array![[1.0, 0.0], [0.5, 0.5]].view());
        assert_relative_eq!(loss, (0.5 * 0.04 + 0.5 * 0.01) / 2.0, epsilon = 0.0, max_relative = 1e-14);
    }

    #[test]
    fn ten_equal_logits_cost_ln_10() {
        let mut y = Array2::zeros((1, 10));
        y[[0, 7]] = 1.0;
        let loss = Loss::SoftmaxCrossEntropy.value(&Array2::from_elem((1, 10), 3.0), y.view());
        assert_relative_eq!(loss, 10.0_f64.ln(), epsilon = 0.0, max_relative = 1e-15);
    }

    #[test]
    fn logits_of_a_thousand_do_not_overflow() {
        let (y_hat, y) = (array![[1000.0, 0.0]], array![[0.0, 1.0]]);
        let mut da = Array2::zeros((1, 2));
        Loss::SoftmaxCrossEntropy.gradient_into(&y_hat, y.view(), &mut da);
        assert_eq!((Loss::SoftmaxCrossEntropy.value(&y_hat, y.view()), da), (1000.0, array![[1.0, -1.0]]));
    }

    #[test]
    fn binary_cross_entropy_of_certain_and_of_wrong_answers() {
        let loss = |logit: f64, y: f64| Loss::BinaryCrossEntropy.value(&array![[logit]], array![[y]].view());
        assert_relative_eq!(loss(0.0, 1.0), 2.0_f64.ln(), epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(loss(40.0, 1.0), (-40.0_f64).exp(), epsilon = 0.0, max_relative = 1e-15);
        assert_eq!((loss(-1000.0, 1.0), loss(1000.0, 1.0)), (1000.0, 0.0));
        assert!(loss(f64::NAN, 1.0).is_nan());
    }
}

//! `∂state_t/∂state_0`: how much of a change at the start is left after t steps.

use crate::product::multiply_into;
use crate::report::largest;
use crate::{Cell, exp};
use ndarray::{Array2, ArrayView2, Axis, Slice};
use std::ops::Range;

/// `∂state_t/∂state_0` of one example, a row for each value of `state_t`, a column for each of `state_0`.
///
/// It is a product of t matrices, and carries its power of two apart, so that neither a small nor a large factor on the way
/// takes its digits. Only [`norm`](Self::norm) turns it into a number, which is 0 or infinite where f64 has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Jacobian {
    /// The product is `matrix · 2^exponent`; the largest entry of `matrix` is between 1/2 and 1.
    matrix: Array2<f64>,
    exponent: i32,
}

impl Jacobian {
    /// Before the first step: the identity.
    ///
    /// # Panics
    ///
    /// If the width is 0.
    pub fn start(state_width: usize) -> Self {
        assert!(state_width > 0, "a state has at least one value");
        Self { matrix: Array2::eye(state_width), exponent: 0 }
    }

    /// One step more: from `∂state_{t−1}/∂state_0` to `∂state_t/∂state_0`. `x`: (1, inputs), `state` is `state_{t−1}`,
    /// (1, state_width). Gives `state_t`.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn step<C: Cell>(&mut self, cell: &C, x: &Array2<f64>, state: &Array2<f64>) -> Array2<f64> {
        let before = std::mem::replace(&mut self.matrix, Array2::zeros((state.ncols(), state.ncols())));
        multiply_into(step_jacobian(cell, x, state).view(), before.view(), self.matrix.view_mut());
        let power = scale_down(&mut self.matrix);
        self.exponent = self.exponent.saturating_add(power);
        cell.step(x.view(), state.view()).0
    }

    /// The largest singular value: the most that a change of `state_0` of length 1 changes `state_t`.
    pub fn norm(&self) -> f64 {
        libm::ldexp(spectral_norm(self.matrix.view()), self.exponent)
    }

    /// The same for a part of it: from the values `from` of `state_0` to the values `to` of `state_t`, as in `0..n` and `n..2 * n`.
    ///
    /// # Panics
    ///
    /// If the state has no such values.
    pub fn part_norm(&self, to: Range<usize>, from: Range<usize>) -> f64 {
        let rows = self.matrix.slice_axis(Axis(0), Slice::from(to));
        libm::ldexp(spectral_norm(rows.slice_axis(Axis(1), Slice::from(from))), self.exponent)
    }
}

/// `‖∂state_t/∂state_0‖` for t = 0 to T, the largest singular value. `xs`: T inputs of one example, (1, inputs) each.
///
/// # Panics
///
/// If the shapes don't fit.
pub fn jacobian_norms<C: Cell>(cell: &C, xs: &[Array2<f64>], state: &Array2<f64>) -> Vec<f64> {
    let mut jacobian = Jacobian::start(cell.state_width());
    let mut state = state.clone();
    let mut norms = vec![jacobian.norm()];
    for x in xs {
        state = jacobian.step(cell, x, &state);
        norms.push(jacobian.norm());
    }
    norms
}

/// `∂state_t/∂state_{t−1}`: `back` gets a row of the identity for each value of `state_t`, as if they were a batch.
fn step_jacobian<C: Cell>(cell: &C, x: &Array2<f64>, state: &Array2<f64>) -> Array2<f64> {
    let width = cell.state_width();
    let repeated = |row: &Array2<f64>| row.broadcast((width, row.ncols())).expect("one example").to_owned();
    let (x, state) = (repeated(x), repeated(state));
    let (_, kept) = cell.step(x.view(), state.view());
    let (_, jacobian) = cell.back(x.view(), state.view(), &kept, Array2::eye(width).view(), &mut cell.zero_gradient());
    jacobian
}

/// The largest singular value of a matrix; 0 only for zeros, infinite or NaN if an entry is.
///
/// `‖A‖² = lim ‖(A Aᵀ)^p‖^(1/p)`, for any norm on the right. Squaring up to 50 times gives p = 2⁵⁰, and the limit to 15 digits
/// however close the singular values lie, which a power iteration does not promise.
///
/// ```
/// let a = vanishing::array![[3.0, 0.0], [4.0, 0.0]];
/// assert!((vanishing::spectral_norm(a.view()) - 5.0).abs() < 1e-14);
/// ```
pub fn spectral_norm(a: ArrayView2<f64>) -> f64 {
    let mut a = a.to_owned();
    let exponent = scale_down(&mut a);
    let size = largest(&a);
    if size == 0.0 || !size.is_finite() {
        return size;
    }
    let mut power = a.dot(&a.t());
    let mut size = largest(&power);
    power /= size;
    // ln ‖A Aᵀ‖, gathered as Σ ln(size_k) / 2^k.
    let (mut log, mut share) = (libm::log(size), 0.5);
    for _ in 0..50 {
        let mut square = power.dot(&power);
        size = largest(&square);
        square /= size;
        let same = square.iter().zip(&power).all(|(square, power)| (square - power).abs() < 1e-15);
        if same {
            // All that follow are the same too, and 1/2 + 1/4 + … = 1.
            log += 2.0 * share * libm::log(size);
            break;
        }
        log += share * libm::log(size);
        share /= 2.0;
        power = square;
    }
    libm::ldexp(exp(log / 2.0), exponent)
}

/// Divides by the power of two that leaves the largest entry between 1/2 and 1, and gives its exponent: no digit is lost. Zeros,
/// infinities and NaN stay as they are.
fn scale_down(matrix: &mut Array2<f64>) -> i32 {
    let size = largest(&*matrix);
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    let (_, exponent) = libm::frexp(size);
    matrix.mapv_inplace(|a| libm::ldexp(a, -exponent));
    exponent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Init, RecurrentWeights, Rnn};
    use approx::assert_relative_eq;
    use ndarray::array;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    /// The largest eigenvalue of AᵀA by Jacobi's rotations: no power of a matrix is in it.
    fn by_rotations(a: &Array2<f64>) -> f64 {
        let mut a = a.clone();
        let columns = a.ncols();
        for _ in 0..30 {
            for p in 0..columns {
                for q in p + 1..columns {
                    let (pp, qq) = (a.column(p).dot(&a.column(p)), a.column(q).dot(&a.column(q)));
                    let pq = a.column(p).dot(&a.column(q));
                    // The rotation by θ makes the two columns orthogonal: tan 2θ = 2 pq / (pp − qq).
                    let (sin, cos) = (0.5 * (2.0 * pq).atan2(pp - qq)).sin_cos();
                    for mut row in a.rows_mut() {
                        (row[p], row[q]) = (cos * row[p] + sin * row[q], cos * row[q] - sin * row[p]);
                    }
                }
            }
        }
        a.columns().into_iter().map(|column| column.dot(&column).sqrt()).fold(0.0, f64::max)
    }

    #[test]
    fn the_spectral_norm_is_what_jacobis_rotations_give() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (rows, columns) in [(1, 1), (2, 2), (3, 5), (7, 4), (12, 12)] {
            let a = Init::Normal.weights(rows, columns, &mut rng);
            assert_relative_eq!(spectral_norm(a.view()), by_rotations(&a), epsilon = 0.0, max_relative = 1e-13);
            let b = Init::Orthogonal.weights(rows, columns, &mut rng);
            assert_relative_eq!(spectral_norm(b.view()), 1.0, epsilon = 0.0, max_relative = 1e-13);
        }
        // Two singular values that differ by 1e-9: a power iteration would need a billion steps to tell them apart.
        let close = array![[1.0, 0.0], [0.0, 1.0 + 1e-9]];
        assert_relative_eq!(spectral_norm(close.view()), 1.0 + 1e-9, epsilon = 0.0, max_relative = 1e-14);
    }

    #[test]
    fn nothing_is_hidden() {
        assert_eq!(spectral_norm(array![[0.0, -0.0]].view()), 0.0);
        assert_eq!(spectral_norm(array![[1.0, f64::NEG_INFINITY]].view()), f64::INFINITY);
        assert!(spectral_norm(array![[f64::NAN, f64::INFINITY]].view()).is_nan());
        assert_relative_eq!(spectral_norm(array![[3e-320, 4e-320]].view()), 5e-320, epsilon = 0.0, max_relative = 1e-3);
        assert_relative_eq!(spectral_norm(array![[3e300, 4e300]].view()), 5e300, epsilon = 0.0, max_relative = 1e-14);
    }

    #[test]
    fn a_product_may_leave_the_range_of_f64_and_come_back() {
        let weights = |u| RecurrentWeights::new(array![[1.0]], array![[u]], array![0.0]).unwrap();
        let down = Rnn::new(weights(0.5), Activation::Identity).unwrap();
        let up = Rnn::new(weights(2.0), Activation::Identity).unwrap();
        let (mut jacobian, zero) = (Jacobian::start(1), array![[0.0]]);
        let mut through = |cell: &Rnn, steps| {
            for _ in 0..steps {
                jacobian.step(cell, &zero, &zero);
            }
            jacobian.norm()
        };
        assert_eq!(through(&down, 1000), 0.5_f64.powi(1000));
        assert_eq!(through(&down, 1000), 0.0, "2^-2000 is below every f64");
        assert_eq!(through(&up, 2000), 1.0);
        assert_eq!(through(&up, 2000), f64::INFINITY);
    }
}

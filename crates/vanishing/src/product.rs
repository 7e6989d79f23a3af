//! The matrix product: the one place where the book's arithmetic spends its time.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

/// `out = left · right`; shapes (m, k), (k, n) and (m, n).
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn multiply_into(left: ArrayView2<f64>, right: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    general_mat_mul(1.0, &left, &right, 0.0, &mut out);
}

/// `out += left · right`; the same shapes.
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn add_product_into(left: ArrayView2<f64>, right: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    general_mat_mul(1.0, &left, &right, 1.0, &mut out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn rows_times_columns() {
        let left = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let right = array![[1.0, 0.0], [0.0, 10.0], [100.0, 0.0]];
        // What the buffer held before must not matter, a NaN least of all.
        let mut out = Array2::from_elem((2, 2), f64::NAN);
        multiply_into(left.view(), right.view(), out.view_mut());
        assert_eq!(out, array![[301.0, 20.0], [604.0, 50.0]]);
    }
}

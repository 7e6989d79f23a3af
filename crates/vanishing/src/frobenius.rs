//! How large a gradient is: one number for all of its entries.

use crate::report::largest;
use ndarray::{ArrayBase, Data, Dimension};
use pulp::{Arch, Simd, WithSimd, bytemuck};
use std::borrow::Cow;

/// What [`norm`] takes: a slice, a vector, or an array of any shape.
pub trait Numbers {
    /// All of them, in the order in which they lie in memory.
    fn numbers(&self) -> Cow<'_, [f64]>;
}

impl Numbers for [f64] {
    fn numbers(&self) -> Cow<'_, [f64]> {
        self.into()
    }
}

impl<const N: usize> Numbers for [f64; N] {
    fn numbers(&self) -> Cow<'_, [f64]> {
        self.into()
    }
}

impl Numbers for Vec<f64> {
    fn numbers(&self) -> Cow<'_, [f64]> {
        self.into()
    }
}

impl<S: Data<Elem = f64>, D: Dimension> Numbers for ArrayBase<S, D> {
    fn numbers(&self) -> Cow<'_, [f64]> {
        match self.as_slice_memory_order() {
            Some(numbers) => numbers.into(),
            None => self.iter().copied().collect(),
        }
    }
}

/// The Frobenius norm, `√Σ v²`.
///
/// ```
/// use vanishing::{array, norm};
/// assert_eq!(norm(&array![[3.0, 0.0], [0.0, 4.0]]), 5.0);
/// assert_eq!(norm(&[3e-200, 4e-200]), 5e-200);
/// ```
pub fn norm(values: &(impl Numbers + ?Sized)) -> f64 {
    let values = values.numbers();
    let sum = Arch::new().dispatch(SumOfSquares(&values));
    root(sum).unwrap_or_else(|| scaled(&values))
}

/// The norm of numbers of which only the sum of squares is known; `None` if that says too little.
pub(crate) fn root(sum_of_squares: f64) -> Option<f64> {
    tells(sum_of_squares).then(|| sum_of_squares.sqrt())
}

/// Whether a sum of squares has all its digits: the squares of numbers below 1e-162 are 0, and those of numbers above 1e154 infinite.
#[inline(always)]
pub(crate) fn tells(sum_of_squares: f64) -> bool {
    (1e-280..1e300).contains(&sum_of_squares)
}

/// In 32 sums, which don't wait for each other: the first takes every 32nd number from the first on, and so on.
struct SumOfSquares<'a>(&'a [f64]);

impl WithSimd for SumOfSquares<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        match S::F64_LANES {
            8 => self.in_vectors::<S, 4>(simd),
            4 => self.in_vectors::<S, 8>(simd),
            2 => self.in_vectors::<S, 16>(simd),
            _ => self.in_vectors::<S, 32>(simd),
        }
    }
}

impl SumOfSquares<'_> {
    /// With the 32 sums in V vectors.
    #[inline(always)]
    fn in_vectors<S: Simd, const V: usize>(self, simd: S) -> f64 {
        let mut sums = [simd.splat_f64s(0.0); V];
        let (chunks, rest) = self.0.as_chunks::<32>();
        for chunk in chunks {
            let (chunk, _) = S::as_simd_f64s(chunk);
            for v in 0..V {
                sums[v] = simd.mul_add_f64s(chunk[v], chunk[v], sums[v]);
            }
        }
        let sums: &mut [f64] = bytemuck::cast_slice_mut(&mut sums);
        for (sum, v) in sums.iter_mut().zip(rest) {
            *sum = v.mul_add(*v, *sum);
        }
        // The second half is added to the first, and so on, down to one sum.
        for half in [16, 8, 4, 2, 1] {
            for i in 0..half {
                sums[i] += sums[i + half];
            }
        }
        sums[0]
    }
}

/// The norm by way of the largest entry, for when the squares leave the range of f64.
fn scaled(values: &[f64]) -> f64 {
    let largest = largest(values);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * values.iter().fold(0.0, |sum, value| sum + (value / largest).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_agree() {
        let values: Vec<f64> = (0..1000).map(|k| (f64::from(k) * 0.37).sin() * 1e-3).collect();
        for count in [0, 1, 31, 32, 33, 1000] {
            let values = &values[..count];
            approx::assert_relative_eq!(norm(values), scaled(values), epsilon = 0.0, max_relative = 1e-14);
        }
    }

    #[test]
    fn the_squares_may_leave_the_range() {
        assert_eq!(norm(&[f64::MIN_POSITIVE / 4.0; 4]), f64::MIN_POSITIVE / 2.0);
        assert_eq!(norm(&[1e300; 4]), 2e300);
        assert_eq!(norm(&[0.0; 3]), 0.0);
    }

    #[test]
    fn a_norm_never_drops_a_nan() {
        for values in [[f64::NAN, 0.0], [f64::NAN, f64::INFINITY], [1.0, f64::NAN]] {
            assert!(norm(&values).is_nan(), "{values:?}");
        }
        assert_eq!(norm(&[f64::NEG_INFINITY, 1.0]), f64::INFINITY);
    }
}

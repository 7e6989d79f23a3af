//! The loops for a batch of a few examples, where copying a panel would cost more than the product.

use super::{End, Matrix, Product, Start};
use crate::frobenius::tells;

/// Forward, x w: row i of `out` is a sum of rows of `right`. Four of them at a time, so that a number of `out` is loaded and stored
/// once for four links of its chain, and `right` is read once from front to back.
#[inline(always)]
pub(super) fn row_by_row(product: &mut Product) -> f64 {
    let (m, depth, n) = product.sizes();
    let Product { left, right, ref mut out, start, end, .. } = *product;
    let End::Descend { alpha } = end else {
        sum_rows(left, right, out, start, m, depth, n);
        return 0.0;
    };
    let mut sums = vec![0.0; m * n];
    sum_rows(left, right, &mut sums, start, m, depth, n);
    for (out, s) in out.iter_mut().zip(&sums) {
        *out -= alpha * s;
    }
    let square = |j| sums[j..].iter().step_by(n).fold(0.0, |sum, s: &f64| s.mul_add(*s, sum));
    (0..n).map(square).fold(0.0, |sum, square| sum + square)
}

#[inline(always)]
fn sum_rows(left: Matrix, right: Matrix, out: &mut [f64], start: Start, m: usize, depth: usize, n: usize) {
    for i in 0..m {
        let out = &mut out[i * n..][..n];
        start.put(out);
        let fours = depth - depth % 4;
        for k in (0..fours).step_by(4) {
            let [x0, x1, x2, x3] = [left.at(i, k), left.at(i, k + 1), left.at(i, k + 2), left.at(i, k + 3)];
            let rows = &right.numbers[k * right.down..];
            let (r0, r1) = (&rows[..n], &rows[right.down..][..n]);
            let (r2, r3) = (&rows[2 * right.down..][..n], &rows[3 * right.down..][..n]);
            for j in 0..n {
                let s = x1.mul_add(r1[j], x0.mul_add(r0[j], out[j]));
                out[j] = x3.mul_add(r3[j], x2.mul_add(r2[j], s));
            }
        }
        for k in fours..depth {
            let (x, row) = (left.at(i, k), &right.numbers[k * right.down..][..n]);
            for j in 0..n {
                out[j] = x.mul_add(row[j], out[j]);
            }
        }
    }
}

/// Backward, the step `w ← w − α xᵀ δ` of a single example, whose chains have one link each. `out` is gone through once from front to
/// back.
///
/// The sum of squares is `Σᵢⱼ (xᵢ δⱼ)² = Σ xᵢ² Σ δⱼ²`: so the norm of such a gradient costs nothing. It is NaN where one of the two sums
/// says too little.
#[inline(always)]
pub(super) fn outer_product(product: &mut Product, alpha: f64) -> f64 {
    let (m, _, n) = product.sizes();
    let Product { left, right, ref mut out, .. } = *product;
    let delta = &right.numbers[..n];
    let mut squares_of_x = 0.0;
    // A column, so its numbers lie one after the other.
    for (x, out) in left.numbers[..m].iter().zip(out.chunks_exact_mut(n)) {
        squares_of_x = x.mul_add(*x, squares_of_x);
        for (out, delta) in out.iter_mut().zip(delta) {
            *out -= alpha * x.mul_add(*delta, 0.0);
        }
    }
    let squares_of_delta = delta.iter().fold(0.0, |sum, delta| delta.mul_add(*delta, sum));
    if tells(squares_of_x) && tells(squares_of_delta) { squares_of_x * squares_of_delta } else { f64::NAN }
}

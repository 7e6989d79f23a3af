//! The loops of the [product](crate::product) for a batch of a few examples, where copying a panel would cost more than the product.

use crate::product::{End, Matrix, Product, Start};
use crate::tiles::finish;
use pulp::Simd;
use std::array;

/// Forward, x w: row i of `out` is a sum of rows of `right`. Four of them at a time, so that a number of `out` is loaded and stored
/// once for four links of its chain, and `right` is read once from front to back.
#[inline(always)]
pub(crate) fn row_by_row(product: &mut Product) -> f64 {
    let Product { left, right, ref mut out, start, end, m, depth, n } = *product;
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

/// Up to so many columns, the sums of their squares lie on the stack.
const COLUMNS: usize = 64;

/// Backward, xᵀ δ: chains of D links, as many as the batch has examples. `out` is gone through once from front to back, and all else
/// stays in the first cache.
#[inline(always)]
pub(crate) fn short_chains<S: Simd, const D: usize>(simd: S, product: &mut Product) -> f64 {
    if product.n <= COLUMNS {
        all_rows::<S, D>(simd, product, &mut [0.0; COLUMNS])
    } else {
        let mut squares = vec![0.0; product.n];
        all_rows::<S, D>(simd, product, &mut squares)
    }
}

/// Four rows at a time. `squares`, zeros, is where the squares of each column add up.
#[inline(always)]
fn all_rows<S: Simd, const D: usize>(simd: S, product: &mut Product, squares: &mut [f64]) -> f64 {
    let squares = &mut squares[..product.n];
    let fours = product.m - product.m % 4;
    for i in (0..fours).step_by(4) {
        rows::<S, D, 4>(simd, product, squares, i);
    }
    for i in fours..product.m {
        rows::<S, D, 1>(simd, product, squares, i);
    }
    squares.iter().fold(0.0, |sum, square| sum + square)
}

/// R rows from row i on, so that δ and the squares are loaded once for all of them.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "loops to R and D, unrolled, keep the chains in registers")]
fn rows<S: Simd, const D: usize, const R: usize>(simd: S, product: &mut Product, squares: &mut [f64], i: usize) {
    let Product { left, right, out, start, end, n, .. } = product;
    let n = *n;
    let x: [[f64; D]; R] = array::from_fn(|r| array::from_fn(|k| left.at(i + r, k)));
    let rows: [_; D] = array::from_fn(|k| S::as_simd_f64s(&right.numbers[k * right.down..][..n]));
    let starts = S::as_simd_f64s(if let Start::Row(row) = start { &row[..n] } else { &[] });
    let mut out = out[i * n..][..R * n].chunks_exact_mut(n);
    let out: [_; R] = array::from_fn(|_| S::as_mut_simd_f64s(out.next().expect("there are R rows")));
    let (square_vectors, square_rest) = S::as_mut_simd_f64s(squares);
    for (v, square) in square_vectors.iter_mut().enumerate() {
        let mut squares = [*square];
        for r in 0..R {
            let out = &mut out[r].0[v];
            let mut s = match start {
                Start::Zero => simd.splat_f64s(0.0),
                Start::There => *out,
                Start::Row(_) => starts.0[v],
            };
            for k in 0..D {
                s = simd.mul_add_f64s(simd.splat_f64s(x[r][k]), rows[k].0[v], s);
            }
            finish(simd, [s], *end, std::slice::from_mut(out), &mut squares);
        }
        [*square] = squares;
    }
    for (j, square) in square_rest.iter_mut().enumerate() {
        for r in 0..R {
            let out = &mut out[r].1[j];
            let mut s = match start {
                Start::Zero => 0.0,
                Start::There => *out,
                Start::Row(_) => starts.1[j],
            };
            for k in 0..D {
                s = x[r][k].mul_add(rows[k].1[j], s);
            }
            match end {
                End::Store => *out = s,
                End::Descend { alpha } => {
                    *square = s.mul_add(s, *square);
                    *out -= *alpha * s;
                }
            }
        }
    }
}

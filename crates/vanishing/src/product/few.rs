//! The loops for a batch of a few examples, where copying a panel would cost more than the product.

use super::tile::finish;
use super::{End, Matrix, Product, Start};
use pulp::Simd;
use std::array;

/// Forward, x w: row i of `out` is a sum of rows of `right`. Four of them at a time, so that a number of `out` is loaded and stored
/// once for four links of its chain, and `right` is read once from front to back.
#[inline(always)]
pub(super) fn row_by_row(product: &mut Product) -> f64 {
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

/// Backward, xᵀ δ of a single example: chains of one link. `out` is gone through once from front to back, four rows at a time, and all
/// else stays in the first cache.
#[inline(always)]
pub(super) fn outer_product<S: Simd>(simd: S, product: &mut Product) -> f64 {
    let (mut few, mut many) = ([0.0; COLUMNS], vec![]);
    let squares = if product.n <= COLUMNS {
        &mut few[..product.n]
    } else {
        many.resize(product.n, 0.0);
        &mut many[..]
    };
    let fours = product.m - product.m % 4;
    for i in (0..fours).step_by(4) {
        rows::<S, 4>(simd, product, squares, i);
    }
    for i in fours..product.m {
        rows::<S, 1>(simd, product, squares, i);
    }
    squares.iter().fold(0.0, |sum, square| sum + square)
}

/// R rows from row i on, so that δ and the squares are loaded once for all of them.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "loops to R, unrolled, keep the chains in registers")]
fn rows<S: Simd, const R: usize>(simd: S, product: &mut Product, squares: &mut [f64], i: usize) {
    let Product { left, right, ref mut out, start, end, n, .. } = *product;
    let x: [_; R] = array::from_fn(|r| left.at(i + r, 0));
    let mut out = out[i * n..][..R * n].chunks_exact_mut(n);
    let out: [_; R] = array::from_fn(|_| S::as_mut_simd_f64s(out.next().expect("there are R rows")));
    let delta = S::as_simd_f64s(&right.numbers[..n]);
    let starts = S::as_simd_f64s(if let Start::Row(row) = start { &row[..n] } else { &[] });
    let (square_vectors, square_rest) = S::as_mut_simd_f64s(squares);
    for (v, square) in square_vectors.iter_mut().enumerate() {
        let mut squares = [*square];
        for r in 0..R {
            let out = &mut out[r].0[v];
            let s = match start {
                Start::Zero => simd.splat_f64s(0.0),
                Start::There => *out,
                Start::Row(_) => starts.0[v],
            };
            let s = simd.mul_add_f64s(simd.splat_f64s(x[r]), delta.0[v], s);
            finish(simd, [s], end, std::slice::from_mut(out), &mut squares);
        }
        [*square] = squares;
    }
    for (j, square) in square_rest.iter_mut().enumerate() {
        for r in 0..R {
            let out = &mut out[r].1[j];
            let s = match start {
                Start::Zero => 0.0,
                Start::There => *out,
                Start::Row(_) => starts.1[j],
            };
            end.write(x[r].mul_add(delta.1[j], s), out, square);
        }
    }
}

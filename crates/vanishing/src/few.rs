//! The loops of the [product](crate::product) for a batch of a few examples, where copying a panel would cost more than the product.

use crate::product::{End, Matrix, Product, Start};
use crate::tiles::{add_up, finish};
use pulp::Simd;

/// Forward, x w: row i of `out` is a sum of rows of `right`. Four of them at a time, so that a number of `out` is loaded and stored
/// once for four links of its chain, and `right` is read once from front to back.
#[inline(always)]
pub(crate) fn row_by_row(Product { left, right, out, start, end, m, depth, n }: Product) -> f64 {
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

/// Backward, xᵀ δ: chains of D links, as many as the batch has examples. In strips of columns, down all rows, so that the rows of δ and
/// the squares of the columns stay in registers.
#[inline(always)]
pub(crate) fn short_chains<S: Simd, const D: usize>(simd: S, mut product: Product) -> f64 {
    let (mut squares, mut j) = (0.0, 0);
    while product.n - j >= 4 * S::F64_LANES {
        squares = strip::<S, D, 4>(simd, &mut product, j, squares);
        j += 4 * S::F64_LANES;
    }
    while product.n - j >= S::F64_LANES {
        squares = strip::<S, D, 1>(simd, &mut product, j, squares);
        j += S::F64_LANES;
    }
    let Product { left, right, out, start, end, m, n, .. } = product;
    for j in j..n {
        let mut square = 0.0;
        for i in 0..m {
            let out = &mut out[i * n + j];
            let s = (0..D).fold(start.at(j, *out), |s, k| left.at(i, k).mul_add(right.at(k, j), s));
            square = s.mul_add(s, square);
            *out = match end {
                End::Store => s,
                End::Descend { alpha } => *out - alpha * s,
            };
        }
        squares += square;
    }
    squares
}

/// V vectors of columns, from column j on. Gives `before` and the squares, column by column.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "loops to V, unrolled, keep the sums in registers")]
fn strip<S: Simd, const D: usize, const V: usize>(simd: S, product: &mut Product, j: usize, before: f64) -> f64 {
    let Product { left, right, out, start, end, m, n, .. } = product;
    let vectors = |numbers: &[f64]| -> [S::f64s; V] {
        let (vectors, _) = S::as_simd_f64s(&numbers[..V * S::F64_LANES]);
        vectors.try_into().expect("as many as were cut off")
    };
    let mut rows = [[simd.splat_f64s(0.0); V]; D];
    for k in 0..D {
        rows[k] = vectors(&right.numbers[k * right.down + j..]);
    }
    let mut squares = [simd.splat_f64s(0.0); V];
    for (i, out) in out[j..].chunks_mut(*n).take(*m).enumerate() {
        let mut sums = match start {
            Start::Zero => [simd.splat_f64s(0.0); V],
            Start::There => vectors(out),
            Start::Row(row) => vectors(&row[j..]),
        };
        for k in 0..D {
            let x = simd.splat_f64s(left.at(i, k));
            for v in 0..V {
                sums[v] = simd.mul_add_f64s(x, rows[k][v], sums[v]);
            }
        }
        let (out, _) = S::as_mut_simd_f64s(&mut out[..V * S::F64_LANES]);
        finish(simd, sums, *end, out, &mut squares);
    }
    if let End::Store = end { before } else { add_up(before, &squares, V * S::F64_LANES) }
}

//! The loops of the [product](crate::product) for a batch of a few examples, where copying a panel would cost more than the product.

use crate::product::{End, Matrix, Product, Start};
use crate::tiles::{add_up, finish};
use pulp::Simd;

/// Forward, x w: row i of `out` is a sum of rows of `right`. Four of them at a time, so that a number of `out` is loaded and stored
/// once for four links of its chain, and `right` is read once from front to back.
#[inline(always)]
pub(crate) fn row_by_row(Product { left, right, out, start, m, depth, n, .. }: Product) -> f64 {
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
    0.0
}

/// So many chains at a time, so that none waits for another.
const CHAINS: usize = 16;

/// Backward, δ wᵀ: each entry is a row of δ along a column of `right`, which lies in one piece.
#[inline(always)]
pub(crate) fn columns(Product { left, right, out, start, m, depth, n, .. }: Product) -> f64 {
    for i in 0..m {
        let (many, rest) = out[i * n..][..n].as_chunks_mut();
        let behind = many.len() * CHAINS;
        for (at, out) in many.iter_mut().enumerate() {
            chains::<CHAINS>(left.from(i, 0), right, start, at * CHAINS, depth, out);
        }
        for (at, out) in rest.iter_mut().enumerate() {
            chains::<1>(left.from(i, 0), right, start, behind + at, depth, std::array::from_mut(out));
        }
    }
    0.0
}

/// C entries, from column j of `right` on.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "loops to C, unrolled, keep the sums in registers")]
fn chains<const C: usize>(x: Matrix, right: Matrix, start: Start, j: usize, depth: usize, out: &mut [f64; C]) {
    let mut columns = [&right.numbers[..0]; C];
    let mut sums = [0.0; C];
    for c in 0..C {
        columns[c] = &right.numbers[(j + c) * right.across..][..depth];
        sums[c] = start.at(j + c, out[c]);
    }
    for k in 0..depth {
        let x = x.at(0, k);
        for c in 0..C {
            sums[c] = x.mul_add(columns[c][k], sums[c]);
        }
    }
    *out = sums;
}

/// Backward, xᵀ δ: chains of as many links as the batch has examples. In strips of columns, down all rows, so that the squares of a
/// column add up in registers.
#[inline(always)]
pub(crate) fn short_chains<S: Simd>(simd: S, mut product: Product) -> f64 {
    let (mut squares, mut j) = (0.0, 0);
    while product.n - j >= 4 * S::F64_LANES {
        squares = strip::<S, 4>(simd, &mut product, j, squares);
        j += 4 * S::F64_LANES;
    }
    while product.n - j >= S::F64_LANES {
        squares = strip::<S, 1>(simd, &mut product, j, squares);
        j += S::F64_LANES;
    }
    let Product { left, right, out, start, end, m, depth, n } = product;
    for j in j..n {
        let mut square = 0.0;
        for i in 0..m {
            let out = &mut out[i * n + j];
            let s = (0..depth).fold(start.at(j, *out), |s, k| left.at(i, k).mul_add(right.at(k, j), s));
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
fn strip<S: Simd, const V: usize>(simd: S, product: &mut Product, j: usize, before: f64) -> f64 {
    let Product { left, right, out, start, end, m, depth, n } = product;
    let mut squares = [simd.splat_f64s(0.0); V];
    for i in 0..*m {
        let (out, _) = S::as_mut_simd_f64s(&mut out[i * *n + j..][..V * S::F64_LANES]);
        let mut sums = [simd.splat_f64s(0.0); V];
        match start {
            Start::Zero => {}
            Start::There => sums.copy_from_slice(out),
            Start::Row(row) => sums.copy_from_slice(S::as_simd_f64s(&row[j..][..V * S::F64_LANES]).0),
        }
        for k in 0..*depth {
            let x = simd.splat_f64s(left.at(i, k));
            let (row, _) = S::as_simd_f64s(&right.numbers[k * right.down + j..][..V * S::F64_LANES]);
            for v in 0..V {
                sums[v] = simd.mul_add_f64s(x, row[v], sums[v]);
            }
        }
        finish(simd, sums, *end, out, &mut squares);
    }
    add_up(before, &squares, V * S::F64_LANES)
}

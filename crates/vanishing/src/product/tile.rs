//! A block of entries whose chains stay in registers from the first link to the last.

use super::{End, Matrix, Start};
use pulp::Simd;

/// The largest tile has so many vectors.
pub(super) const LARGEST: usize = 8 * 3;

/// R rows and V vectors of `out`.
pub(super) struct Tile<'a> {
    pub(super) start: Start<'a>,
    pub(super) end: End,
    pub(super) depth: usize,
    pub(super) n: usize,
}

impl Tile<'_> {
    /// `width` of its columns: a tile whose last vector sticks out on the right is computed `beside` and copied.
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "a function only so that it can be had for each R and V")]
    pub(super) fn fill<S: Simd, const R: usize, const V: usize>(
        self,
        simd: S,
        left: impl Left<R>,
        strip: &[S::f64s],
        width: usize,
        beside: &mut [f64],
        squares: &mut [S::f64s],
        out: &mut [f64],
    ) {
        let Self { start, end, depth, n } = self;
        let strip = &strip.as_chunks().0[..depth];
        let whole = V * S::F64_LANES;
        if width < whole {
            for (row, out) in beside.chunks_exact_mut(whole).zip(out.chunks(n)).take(R) {
                row[..width].copy_from_slice(&out[..width]);
                if let End::Store = end {
                    start.put(&mut row[..width]);
                }
            }
        }
        // One call for both, since the compiler writes it out each time.
        let (tile, n_of_tile, start) = match end {
            _ if width == whole => (&mut *out, n, start),
            End::Store => (&mut *beside, whole, Start::There),
            End::Descend { .. } => (&mut *beside, whole, Start::Zero),
        };
        fill_tile::<S, R, V>(simd, left, strip, start, end, tile, n_of_tile, squares);
        if width < whole {
            for (row, out) in beside.chunks_exact(whole).zip(out.chunks_mut(n)).take(R) {
                out[..width].copy_from_slice(&row[..width]);
            }
        }
    }
}

/// R rows of V vectors; row i of them begins at `out[i * n]`.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a function only so that it can be had for each R and V")]
#[allow(
    clippy::manual_memcpy,
    clippy::needless_range_loop,
    reason = "loops to R and V, unrolled, keep the sums in registers"
)]
fn fill_tile<S: Simd, const R: usize, const V: usize>(
    simd: S,
    left: impl Left<R>,
    strip: &[[S::f64s; V]],
    start: Start,
    end: End,
    out: &mut [f64],
    n: usize,
    squares: &mut [S::f64s],
) {
    let mut sums = [[simd.splat_f64s(0.0); V]; R];
    for i in 0..R {
        let row = match start {
            Start::Zero => break,
            Start::There => &out[i * n..],
            Start::Row(row) => row,
        };
        let (row, _) = S::as_simd_f64s(&row[..V * S::F64_LANES]);
        for v in 0..V {
            sums[i][v] = row[v];
        }
    }
    left.for_each(
        strip,
        #[inline(always)]
        |x, row| {
            for i in 0..R {
                let x = simd.splat_f64s(x[i]);
                for v in 0..V {
                    sums[i][v] = simd.mul_add_f64s(x, row[v], sums[i][v]);
                }
            }
        },
    );
    match end {
        End::Store => {
            for i in 0..R {
                let (row, _) = S::as_mut_simd_f64s(&mut out[i * n..][..V * S::F64_LANES]);
                row.copy_from_slice(&sums[i]);
            }
        }
        End::Descend { alpha } => {
            let alpha = simd.splat_f64s(alpha);
            // In registers too, not added to where they belong row by row.
            let squares = squares.first_chunk_mut().expect("as many as the columns of a tile");
            let mut of_columns: [S::f64s; V] = *squares;
            for i in 0..R {
                let (row, _) = S::as_mut_simd_f64s(&mut out[i * n..][..V * S::F64_LANES]);
                for v in 0..V {
                    of_columns[v] = simd.mul_add_f64s(sums[i][v], sums[i][v], of_columns[v]);
                    row[v] = simd.sub_f64s(row[v], simd.mul_f64s(alpha, sums[i][v]));
                }
            }
            *squares = of_columns;
        }
    }
}

/// R rows of the left matrix.
pub(super) trait Left<const R: usize>: Copy {
    /// Calls `link` with the numbers of each column and the row of the strip that belongs to it.
    fn for_each<P>(self, strip: &[P], link: impl FnMut([f64; R], &P));
}

/// Where each row lies in one piece.
#[derive(Clone, Copy)]
pub(super) struct InRows<'a, const R: usize>(pub(super) [&'a [f64]; R]);
/// Copied to where the numbers of each column lie together.
#[derive(Clone, Copy)]
pub(super) struct Copied<'a, const R: usize>(pub(super) &'a [[f64; R]]);

impl<const R: usize> Left<R> for InRows<'_, R> {
    #[inline(always)]
    fn for_each<P>(self, strip: &[P], mut link: impl FnMut([f64; R], &P)) {
        for (k, row) in strip.iter().enumerate() {
            // Not `map`, which is not always made part of the loop.
            let mut x = [0.0; R];
            for (x, numbers) in x.iter_mut().zip(self.0) {
                *x = numbers[k];
            }
            link(x, row);
        }
    }
}

impl<const R: usize> Left<R> for Copied<'_, R> {
    #[inline(always)]
    fn for_each<P>(self, strip: &[P], mut link: impl FnMut([f64; R], &P)) {
        for (x, row) in self.0.iter().zip(strip) {
            link(*x, row);
        }
    }
}

/// R rows of `left`, its first ones, to where the numbers of each column lie together.
#[inline(always)]
pub(super) fn copy_rows<const R: usize>(left: Matrix, columns: &mut [[f64; R]]) {
    if left.across == 1 {
        let depth = columns.len();
        for i in 0..R {
            for (column, x) in columns.iter_mut().zip(&left.numbers[i * left.down..][..depth]) {
                column[i] = *x;
            }
        }
    } else {
        for (column, numbers) in columns.iter_mut().zip(left.numbers.chunks(left.across)) {
            *column = *numbers.first_chunk().expect("there are R rows");
        }
    }
}

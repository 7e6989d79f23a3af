//! The loop for layers of many neurons: blocks of entries that stay in registers.
//!
//! Strips of `right`, three vectors of columns wide, are copied so that the rows of a strip lie one after the other. Then 8 rows of
//! `left` at a time go past all strips: 24 vectors of chains, and none waits for another. Where there are 16 registers it is two
//! vectors and 6 rows.

use super::strip::Strip;
use super::tile::{InColumns, InRows, LARGEST, Left, Tile, add_up};
use super::{End, Matrix, Product, Start};
use pulp::{Simd, WithSimd, bytemuck};
use std::cell::Cell;
use std::marker::PhantomData;

/// A strip has so many rows at most.
const DEPTH: usize = 192;
/// The strips that are copied before the rows go past have so many numbers, a quarter of a megabyte: they stay in the second cache.
const PANEL: usize = 1 << 15;
/// Fewer rows of `left` than this are taken one at a time.
const ROWS: usize = 4;
/// Of one row, so many vectors of chains at a time, to have enough of them.
const WIDE: usize = 8;
/// And so many rows of a strip as wide as that.
const WIDE_DEPTH: usize = 32;

/// What is known of a machine and of a strip before the program runs. As constants, and not as comparisons in the code: then no code is
/// made for the sizes that can't be, which are most.
struct Known<S, const V: usize>(PhantomData<S>);

impl<S: Simd, const V: usize> Known<S, V> {
    const MANY_REGISTERS: bool = S::REGISTER_COUNT >= 32;
    const OF_ONE_ROW: bool = V == WIDE;
    const MAY_BE_OF_1: bool = V > 1 && V < WIDE;
    const MAY_BE_OF_2: bool = V > 2 && V < WIDE;
}

thread_local! {
    /// Where the last product had its strips, so that the next one need not ask for memory and write zeros to it.
    static ROOM: Cell<Vec<f64>> = const { Cell::new(vec![]) };
}

/// `out` in tiles, each kept in registers while k runs from front to back.
#[inline(always)]
pub(super) fn tiles<S: Simd>(simd: S, product: &mut Product) -> f64 {
    if product.m < ROWS && matches!(product.end, End::Store) {
        return with_room::<S, WIDE>(simd, product, WIDE_DEPTH, 1);
    }
    if Known::<S, 0>::MANY_REGISTERS {
        with_room::<S, 3>(simd, product, DEPTH, usize::MAX)
    } else {
        // With three the registers would be just enough for 4 rows, but the compiler wants one more, and puts a sum into memory.
        with_room::<S, 2>(simd, product, DEPTH, usize::MAX)
    }
}

/// In at most so many strips of V vectors at a time, and chains of up to `longest` links.
#[inline(always)]
fn with_room<S: Simd, const V: usize>(simd: S, product: &mut Product, longest: usize, strips: usize) -> f64 {
    let Product { depth, n, end, .. } = *product;
    // A descent has no place where half a chain could wait.
    let longest = if let End::Store = end { depth.min(longest) } else { depth };
    let most = (PANEL / (V * S::F64_LANES * longest)).clamp(1, n.div_ceil(V * S::F64_LANES));
    let (panel, squares) = (strips.min(most) * V * longest, most * V);
    let size = (panel + LARGEST + squares) * S::F64_LANES;
    let mut room = ROOM.take();
    room.resize(room.len().max(size), 0.0);
    let (room_of_this, _) = S::as_mut_simd_f64s(&mut room[..size]);
    let (panel, rest) = room_of_this.split_at_mut(panel);
    let (beside, squares) = rest.split_at_mut(LARGEST);
    let sum = panels::<S, V>(simd, product, longest, panel, beside, squares);
    ROOM.set(room);
    sum
}

/// In panels of as many strips of V vectors as there is room for in `strips`, and chains of `longest` links at a time.
#[inline(always)]
fn panels<S: Simd, const V: usize>(
    simd: S,
    product: &mut Product,
    longest: usize,
    strips: &mut [S::f64s],
    beside: &mut [S::f64s],
    squares: &mut [S::f64s],
) -> f64 {
    let Product { left, right, ref mut out, start, end, m, depth, n } = *product;
    let columns = strips.len() / longest * S::F64_LANES;
    let mut sum = 0.0;
    for k in (0..depth).step_by(longest) {
        let depth = (depth - k).min(longest);
        for j in (0..n).step_by(columns) {
            let width = (n - j).min(columns);
            let start = if k == 0 { start.from(j) } else { Start::There };
            let panel = Panel { left: left.from(0, k), right: right.from(k, j), start, end, m, depth, n, width };
            if let End::Store = end {
                panel.fill::<S, V>(simd, strips, beside, squares, &mut out[j..]);
            } else {
                squares.fill(simd.splat_f64s(0.0));
                panel.fill::<S, V>(simd, strips, beside, squares, &mut out[j..]);
                sum = add_up(sum, squares, width);
            }
        }
    }
    sum
}

/// Some columns of `out`, `width` of them, and what they are computed from.
#[derive(Clone, Copy)]
struct Panel<'a> {
    left: Matrix<'a>,
    right: Matrix<'a>,
    start: Start<'a>,
    end: End,
    m: usize,
    depth: usize,
    n: usize,
    width: usize,
}

impl Panel<'_> {
    /// All m rows: as many at a time as there are registers for.
    #[inline(always)]
    fn fill<S: Simd, const V: usize>(
        self,
        simd: S,
        strips: &mut [S::f64s],
        beside: &mut [S::f64s],
        squares: &mut [S::f64s],
        out: &mut [f64],
    ) {
        self.copy::<S, V>(simd, strips);
        let (strips, squares) = (bytemuck::cast_slice(strips), bytemuck::cast_slice_mut(squares));
        let mut rows = Rows { panel: self, strips, beside: bytemuck::cast_slice_mut(beside), squares, out, first: 0 };
        if Known::<S, V>::OF_ONE_ROW {
            // Below.
        } else if Known::<S, V>::MANY_REGISTERS {
            simd.vectorize(InTiles::<8, V>(&mut rows));
            simd.vectorize(InTiles::<4, V>(&mut rows));
        } else {
            simd.vectorize(InTiles::<6, V>(&mut rows));
            simd.vectorize(InTiles::<4, V>(&mut rows));
            simd.vectorize(InTiles::<2, V>(&mut rows));
        }
        simd.vectorize(InTiles::<1, V>(&mut rows));
    }

    /// Copies `right` into the strips.
    #[inline(always)]
    fn copy<S: Simd, const V: usize>(self, simd: S, strips: &mut [S::f64s]) {
        let Self { right, depth, width, .. } = self;
        let whole = V * S::F64_LANES;
        let mut copied = 0;
        if right.across == 1 {
            // The strips of full width row by row, as they lie in memory.
            copied = width - width % whole;
            for k in 0..depth {
                let row = &right.numbers[k * right.down..][..copied];
                for (strip, numbers) in strips.chunks_exact_mut(V * depth).zip(row.chunks_exact(whole)) {
                    let (to, (from, _)) = (&mut strip[k * V..][..V], S::as_simd_f64s(numbers));
                    to.copy_from_slice(&from[..V]);
                }
            }
        }
        for j in (copied..width).step_by(whole) {
            let strip = &mut strips[j / whole * V * depth..];
            let from = Strip { right: right.from(0, j), depth, width: (width - j).min(whole) };
            match from.width.div_ceil(S::F64_LANES) {
                1 if Known::<S, V>::MAY_BE_OF_1 => from.copy::<S, 1>(simd, strip),
                2 if Known::<S, V>::MAY_BE_OF_2 => from.copy::<S, 2>(simd, strip),
                _ => from.copy::<S, V>(simd, strip),
            }
        }
    }
}

/// What is left to be done of a panel: the rows from the `first` on.
struct Rows<'p, 'a> {
    panel: Panel<'a>,
    strips: &'p [f64],
    beside: &'p mut [f64],
    squares: &'p mut [f64],
    out: &'p mut [f64],
    first: usize,
}

/// As many times R rows as there are, past strips of V vectors. A function of its own for each R and V: with all of them in one, the
/// compiler takes minutes.
struct InTiles<'r, 'p, 'a, const R: usize, const V: usize>(&'r mut Rows<'p, 'a>);

impl<const R: usize, const V: usize> WithSimd for InTiles<'_, '_, '_, R, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Rows { panel, strips, beside, squares, out, first } = self.0;
        let (strips, squares) = (S::as_simd_f64s(strips).0, S::as_mut_simd_f64s(squares).0);
        let behind = panel.m - (panel.m - *first) % R;
        for i in (*first..behind).step_by(R) {
            let left = panel.left.from(i, 0);
            let out = &mut out[i * panel.n..];
            if left.across == 1 {
                let mut rows = [&left.numbers[..panel.depth]; R];
                for (i, row) in rows.iter_mut().enumerate() {
                    *row = &left.numbers[i * left.down..][..panel.depth];
                }
                panel.row_of_tiles::<S, R, V>(simd, InRows(rows), strips, beside, squares, out);
            } else {
                panel.row_of_tiles::<S, R, V>(simd, InColumns(left), strips, beside, squares, out);
            }
        }
        *first = behind;
    }
}

impl Panel<'_> {
    /// R rows past all strips.
    #[inline(always)]
    fn row_of_tiles<S: Simd, const R: usize, const V: usize>(
        self,
        simd: S,
        left: impl Left<R>,
        strips: &[S::f64s],
        beside: &mut [f64],
        squares: &mut [S::f64s],
        out: &mut [f64],
    ) {
        let whole = V * S::F64_LANES;
        for (strip, j) in strips.chunks(V * self.depth).zip((0..self.width).step_by(whole)) {
            let squares = &mut squares[j / S::F64_LANES..];
            let tile = Tile { start: self.start.from(j), end: self.end, depth: self.depth, n: self.n };
            let (width, out) = ((self.width - j).min(whole), &mut out[j..]);
            match width.div_ceil(S::F64_LANES) {
                1 if Known::<S, V>::MAY_BE_OF_1 => tile.fill::<S, R, 1>(simd, left, strip, width, beside, squares, out),
                2 if Known::<S, V>::MAY_BE_OF_2 => tile.fill::<S, R, 2>(simd, left, strip, width, beside, squares, out),
                _ => tile.fill::<S, R, V>(simd, left, strip, width, beside, squares, out),
            }
        }
    }
}

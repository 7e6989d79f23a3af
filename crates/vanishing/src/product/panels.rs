//! The loop for layers of many neurons: blocks of entries that stay in registers.
//!
//! Strips of `right`, three vectors of columns wide, are copied so that the rows of a strip lie one after the other. Then 8 rows of
//! `left` at a time go past all strips: 24 vectors of chains, and none waits for another. Where there are 16 registers it is two
//! vectors and 6 rows.
//!
//! These rows are copied too, so that the 8 numbers of a column lie together, where they lie column by column or there are many strips:
//! rows of 512 numbers, 4096 bytes apart, would push each other out of the first cache.

use super::strip::Strip;
use super::tile::{Copied, InRows, LARGEST, Left, Tile, copy_rows};
use super::{End, Matrix, Product, Start};
use pulp::{Simd, WithSimd};
use std::cell::Cell;
use std::marker::PhantomData;

/// The bytes of a line of the cache.
const LINE: usize = 64;
/// A strip has so many rows at most.
const DEPTH: usize = 256;
/// What is copied before the tiles are computed has so many numbers, a quarter of a megabyte: the strips together, and so have the rows
/// of `left`. Both stay in the second cache.
const PANEL: usize = 1 << 15;
/// Rows of `left` are copied in multiples of this many, so that whole tiles come out.
const TILES: usize = 24;
/// Fewer rows of `left` than this are taken one at a time.
const ROWS: usize = 4;
/// Of one row, so many vectors of chains at a time, to have enough of them.
const WIDE: usize = 8;
/// From so many columns of `out` on, it pays to copy rows of `left` that lie in one piece each.
const MANY_COLUMNS: usize = 256;

/// What is known of a machine and of a strip before the program runs. As constants, and not as comparisons in the code: then no code is
/// made for the sizes that can't be, which are most.
struct Known<S, const V: usize>(PhantomData<S>);

impl<S: Simd, const V: usize> Known<S, V> {
    const MANY_REGISTERS: bool = S::REGISTER_COUNT >= 32;
    const OF_ONE_ROW: bool = V == WIDE;
    // Of two vectors one is computed for nothing then, which costs less than to compile this loop as well.
    const MAY_BE_OF_1: bool = V > 2 && V < WIDE;
    const MAY_BE_OF_2: bool = V > 2 && V < WIDE;
}

/// The rows of memory that a strip has, an odd number: with 64 of a line each, strips would lie 4096 bytes apart, and so would be what is
/// copied to them from one row of `right`.
const fn place_of(depth: usize) -> usize {
    depth | 1
}

thread_local! {
    /// Where the last product had its copies, so that the next one need not ask for memory and write zeros to it.
    static ROOM: Cell<Vec<f64>> = const { Cell::new(vec![]) };
}

/// Places for numbers that a product needs beside its matrices.
struct Room<'r> {
    /// Rows of `left`, those of one tile after those of the other; in each, column by column.
    left: &'r mut [f64],
    /// Strips of `right`.
    strips: &'r mut [f64],
    /// A tile that sticks out of `out`.
    beside: &'r mut [f64],
    /// The sums of the squares of each column.
    squares: &'r mut [f64],
}

/// `out` in tiles, each kept in registers while k runs from front to back.
#[inline(always)]
pub(super) fn tiles<S: Simd>(simd: S, product: &mut Product) -> f64 {
    if product.left.rows < ROWS && product.left.across == 1 && matches!(product.end, End::Store) {
        return with_room::<S, WIDE>(simd, product);
    }
    if Known::<S, 0>::MANY_REGISTERS {
        with_room::<S, 3>(simd, product)
    } else {
        // With three the registers would be just enough for 4 rows, but the compiler wants one more, and puts a sum into memory.
        with_room::<S, 2>(simd, product)
    }
}

/// In strips of V vectors.
#[inline(always)]
pub(super) fn with_room<S: Simd, const V: usize>(simd: S, product: &mut Product) -> f64 {
    let (m, depth, n) = product.sizes();
    let Product { left, end, .. } = *product;
    // A descent has no place where half a chain could wait.
    let pieces = if let End::Store = end { depth.div_ceil(DEPTH) } else { 1 };
    let longest = depth.div_ceil(pieces);
    let width = V * S::F64_LANES;
    let strips = if Known::<S, V>::OF_ONE_ROW { 1 } else { (PANEL / (width * longest)).clamp(1, n.div_ceil(width)) };
    let is_copied = !Known::<S, V>::OF_ONE_ROW && (left.across != 1 || n >= MANY_COLUMNS);
    let rows = if is_copied { m.min((PANEL / longest / TILES).max(1) * TILES) } else { m };
    let sizes = [
        strips * width * place_of(longest),
        if is_copied { rows * longest } else { 0 },
        LARGEST * S::F64_LANES,
        n.next_multiple_of(width),
    ];
    let mut room = ROOM.take();
    let size = sizes.iter().sum::<usize>() + LINE / size_of::<f64>();
    room.resize(room.len().max(size), 0.0);
    let aligned = room.as_ptr().align_offset(LINE);
    let (strips, rest) = room[aligned..].split_at_mut(sizes[0]);
    let (left, rest) = rest.split_at_mut(sizes[1]);
    let (beside, rest) = rest.split_at_mut(sizes[2]);
    let squares = &mut rest[..sizes[3]];
    let sum = panels::<S, V>(simd, product, longest, rows, is_copied, Room { left, strips, beside, squares });
    ROOM.set(room);
    sum
}

/// In panels of as many strips of V vectors as there is room for, `rows` at a time, and chains of `longest` links.
#[inline(always)]
fn panels<S: Simd, const V: usize>(
    simd: S,
    product: &mut Product,
    longest: usize,
    rows: usize,
    is_copied: bool,
    mut room: Room,
) -> f64 {
    let (m, depth, n) = product.sizes();
    let Product { left, right, ref mut out, start, end, .. } = *product;
    let columns = room.strips.len() / place_of(longest);
    let descends = !matches!(end, End::Store);
    if descends {
        room.squares.fill(0.0);
    }
    for k in (0..depth).step_by(longest) {
        let depth = (depth - k).min(longest);
        for i in (0..m).step_by(rows) {
            let m = (m - i).min(rows);
            for j in (0..n).step_by(columns) {
                let width = (n - j).min(columns);
                let start = if k == 0 { start.from(j) } else { Start::There };
                let (left, right) = (left.from(i, k), right.from(k, j));
                let panel = Panel { left, is_copied, right, start, end, m, depth, n, first: j, width };
                panel.fill::<S, V>(simd, &mut room, &mut out[i * n + j..]);
            }
        }
    }
    if descends { room.squares[..n].iter().fold(0.0, |sum, square| sum + square) } else { 0.0 }
}

/// Some columns of `out`, from the `first` on, `width` of them; m rows; and what they are computed from.
#[derive(Clone, Copy)]
struct Panel<'a> {
    left: Matrix<'a>,
    is_copied: bool,
    right: Matrix<'a>,
    start: Start<'a>,
    end: End,
    m: usize,
    depth: usize,
    n: usize,
    first: usize,
    width: usize,
}

impl Panel<'_> {
    /// All m rows: as many at a time as there are registers for.
    #[inline(always)]
    fn fill<S: Simd, const V: usize>(self, simd: S, room: &mut Room, out: &mut [f64]) {
        self.copy::<S, V>(simd, S::as_mut_simd_f64s(room.strips).0);
        let mut rows = Rows { panel: self, room, out, done: 0 };
        if !Known::<S, V>::OF_ONE_ROW {
            if Known::<S, V>::MANY_REGISTERS {
                rows.in_tiles::<S, 8, V>(simd);
                rows.in_tiles::<S, 4, V>(simd);
            } else {
                rows.in_tiles::<S, 6, V>(simd);
                rows.in_tiles::<S, 4, V>(simd);
                rows.in_tiles::<S, 2, V>(simd);
            }
        }
        rows.in_tiles::<S, 1, V>(simd);
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
                for (strip, numbers) in strips.chunks_exact_mut(V * place_of(depth)).zip(row.chunks_exact(whole)) {
                    let (to, (from, _)) = (&mut strip[k * V..][..V], S::as_simd_f64s(numbers));
                    to.copy_from_slice(&from[..V]);
                }
            }
        }
        for j in (copied..width).step_by(whole) {
            let strip = &mut strips[j / whole * V * place_of(depth)..];
            let from = Strip { right: right.from(0, j), depth, width: (width - j).min(whole) };
            match from.width.div_ceil(S::F64_LANES) {
                1 if Known::<S, V>::MAY_BE_OF_1 => from.copy::<S, 1>(simd, strip),
                2 if Known::<S, V>::MAY_BE_OF_2 => from.copy::<S, 2>(simd, strip),
                _ => from.copy::<S, V>(simd, strip),
            }
        }
    }
}

/// The rows of a panel, of which so many are done.
struct Rows<'p, 'r, 'a> {
    panel: Panel<'a>,
    room: &'p mut Room<'r>,
    out: &'p mut [f64],
    done: usize,
}

impl Rows<'_, '_, '_> {
    /// As many times R of them as are left.
    #[inline(always)]
    fn in_tiles<S: Simd, const R: usize, const V: usize>(&mut self, simd: S) {
        if self.done + R <= self.panel.m {
            simd.vectorize(InTiles::<R, V>(self));
        }
    }
}

/// [`Rows::in_tiles`]. A function of its own for each R and V: with all of them in one, the compiler takes minutes.
struct InTiles<'f, 'p, 'r, 'a, const R: usize, const V: usize>(&'f mut Rows<'p, 'r, 'a>);

impl<const R: usize, const V: usize> WithSimd for InTiles<'_, '_, '_, '_, R, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Rows { panel, room, out, done } = self.0;
        let Room { left: copies, strips, beside, squares } = &mut **room;
        let strips = S::as_simd_f64s(strips).0;
        let squares = S::as_mut_simd_f64s(&mut squares[panel.first..]).0;
        while *done + R <= panel.m {
            let left = panel.left.from(*done, 0);
            let out = &mut out[*done * panel.n..];
            if !Known::<S, V>::OF_ONE_ROW && panel.is_copied {
                let copy = copies[*done * panel.depth..][..R * panel.depth].as_chunks_mut().0;
                if panel.first == 0 {
                    copy_rows(left, copy);
                }
                panel.row_of_tiles::<S, R, V>(simd, Copied::<R>(copy), strips, beside, squares, out);
            } else {
                let mut rows = [&left.numbers[..panel.depth]; R];
                for (i, row) in rows.iter_mut().enumerate() {
                    *row = &left.numbers[i * left.down..][..panel.depth];
                }
                panel.row_of_tiles::<S, R, V>(simd, InRows(rows), strips, beside, squares, out);
            }
            *done += R;
        }
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
        for (strip, j) in strips.chunks(V * place_of(self.depth)).zip((0..self.width).step_by(whole)) {
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

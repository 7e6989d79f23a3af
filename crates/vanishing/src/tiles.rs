//! The loop of the [product](crate::product) for layers of many neurons: blocks of entries that stay in registers.
//!
//! Strips of `right`, three vectors of columns wide, are copied so that the rows of a strip lie one after the other. Then 8 rows of
//! `left` at a time go past all strips: 24 vectors of chains, and none waits for another. Where there are 16 registers it is two
//! vectors and 6 rows.

use crate::product::{End, Matrix, Product, Start};
use pulp::{Simd, bytemuck};
use std::cell::Cell;

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
/// The largest tile has so many vectors.
const TILE: usize = 8 * 3;
/// No vector has more numbers.
const MOST_LANES: usize = 8;

thread_local! {
    /// Where the last product had its strips, so that the next one need not ask for memory and write zeros to it.
    static ROOM: Cell<Vec<f64>> = const { Cell::new(vec![]) };
}

/// `out` in tiles, each kept in registers while k runs from front to back.
#[inline(always)]
pub(crate) fn tiles<S: Simd>(simd: S, product: &mut Product) -> f64 {
    if product.m < ROWS && matches!(product.end, End::Store) {
        with_room::<S, WIDE>(simd, product, WIDE_DEPTH, 1)
    } else if S::REGISTER_COUNT >= 32 {
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
    let size = (panel + TILE + squares) * S::F64_LANES;
    let mut room = ROOM.take();
    room.resize(room.len().max(size), 0.0);
    let (room_of_this, _) = S::as_mut_simd_f64s(&mut room[..size]);
    let (panel, rest) = room_of_this.split_at_mut(panel);
    let (beside, squares) = rest.split_at_mut(TILE);
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
        let beside = bytemuck::cast_slice_mut(beside);
        let mut i = 0;
        if V < WIDE {
            if S::REGISTER_COUNT >= 32 {
                i = self.rows::<S, 8, V>(simd, strips, beside, squares, out, i);
            } else {
                i = self.rows::<S, 6, V>(simd, strips, beside, squares, out, i);
            }
            i = self.rows::<S, 4, V>(simd, strips, beside, squares, out, i);
            i = self.rows::<S, 2, V>(simd, strips, beside, squares, out, i);
        }
        self.rows::<S, 1, V>(simd, strips, beside, squares, out, i);
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
                    for v in 0..V {
                        to[v] = from[v];
                    }
                }
            }
        }
        for j in (copied..width).step_by(whole) {
            let strip = &mut strips[j / whole * V * depth..];
            let from = Strip { right: right.from(0, j), depth, width: (width - j).min(whole) };
            match from.width.div_ceil(S::F64_LANES) {
                1 if V > 1 => from.copy::<S, 1>(simd, strip),
                2 if V > 2 => from.copy::<S, 2>(simd, strip),
                3 if V > 3 => from.copy::<S, 3>(simd, strip),
                _ => from.copy::<S, V>(simd, strip),
            }
        }
    }

    /// As many times R rows as there are from row i on; gives the row behind them.
    #[inline(always)]
    fn rows<S: Simd, const R: usize, const V: usize>(
        self,
        simd: S,
        strips: &[S::f64s],
        beside: &mut [f64],
        squares: &mut [S::f64s],
        out: &mut [f64],
        i: usize,
    ) -> usize {
        let behind = self.m - (self.m - i) % R;
        for i in (i..behind).step_by(R) {
            let left = self.left.from(i, 0);
            let out = &mut out[i * self.n..];
            if left.across == 1 {
                let mut rows = [&left.numbers[..self.depth]; R];
                for (i, row) in rows.iter_mut().enumerate() {
                    *row = &left.numbers[i * left.down..][..self.depth];
                }
                self.row_of_tiles::<S, R, V>(simd, Rows(rows), strips, beside, squares, out);
            } else {
                self.row_of_tiles::<S, R, V>(simd, Columns(left), strips, beside, squares, out);
            }
        }
        behind
    }

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
                1 if V > 1 => tile.fill::<S, R, 1>(simd, left, strip, width, beside, squares, out),
                2 if V > 2 => tile.fill::<S, R, 2>(simd, left, strip, width, beside, squares, out),
                3 if V > 3 => tile.fill::<S, R, 3>(simd, left, strip, width, beside, squares, out),
                _ => tile.fill::<S, R, V>(simd, left, strip, width, beside, squares, out),
            }
        }
    }
}

/// Some columns of `right`, `width` of them.
#[derive(Clone, Copy)]
struct Strip<'a> {
    right: Matrix<'a>,
    depth: usize,
    width: usize,
}

impl Strip<'_> {
    /// Copies them to where the rows lie one after the other, of V vectors each. What is left of the last vector of a row does not matter.
    #[inline(always)]
    fn copy<S: Simd, const V: usize>(self, simd: S, strip: &mut [S::f64s]) {
        let strip = &mut strip.as_chunks_mut().0[..self.depth];
        if self.right.across == 1 {
            self.copy_rows::<S, V>(strip);
        } else {
            self.copy_columns::<S, V>(simd, strip);
        }
    }

    #[inline(always)]
    fn copy_rows<S: Simd, const V: usize>(self, strip: &mut [[S::f64s; V]]) {
        for (k, row) in strip.iter_mut().enumerate() {
            let numbers = &self.right.numbers[k * self.right.down..][..self.width];
            let (whole, rest) = S::as_simd_f64s(numbers);
            for (to, from) in row.iter_mut().zip(whole) {
                *to = *from;
            }
            if !rest.is_empty() {
                bytemuck::cast_slice_mut(&mut row[V - 1..])[..rest.len()].copy_from_slice(rest);
            }
        }
    }

    /// [`copy_rows`](Self::copy_rows) for a `right` that lies column by column: four columns at a time are turned in registers.
    #[inline(always)]
    fn copy_columns<S: Simd, const V: usize>(self, simd: S, strip: &mut [[S::f64s; V]]) {
        let Self { right, depth, width, .. } = self;
        let fours = width - width % 4;
        // Where a record of four comes out of the interleaving is for the machine to say: so the numbers of the rows go first.
        let mut numbers = [simd.splat_f64s(0.0); 4];
        for vector in &mut numbers {
            let lanes: &mut [f64] = bytemuck::cast_slice_mut(std::slice::from_mut(vector));
            for (k, lane) in lanes.iter_mut().enumerate() {
                *lane = k as f64;
            }
        }
        let numbers = simd.interleave_shfl_f64s(numbers);
        let mut order = [0; MOST_LANES];
        for (order, [k, ..]) in order.iter_mut().zip(bytemuck::cast_slice::<_, [f64; 4]>(&numbers)) {
            *order = *k as usize;
        }
        for j in (0..fours).step_by(4) {
            let columns = &right.numbers[j * right.across..];
            let (c0, _) = S::as_simd_f64s(&columns[..depth]);
            let (c1, _) = S::as_simd_f64s(&columns[right.across..][..depth]);
            let (c2, _) = S::as_simd_f64s(&columns[2 * right.across..][..depth]);
            let (c3, _) = S::as_simd_f64s(&columns[3 * right.across..][..depth]);
            let columns = c0.iter().zip(c1).zip(c2).zip(c3);
            for (rows, (((c0, c1), c2), c3)) in strip.chunks_exact_mut(S::F64_LANES).zip(columns) {
                let records = simd.interleave_shfl_f64s([*c0, *c1, *c2, *c3]);
                let records: &[[f64; 4]] = bytemuck::cast_slice(&records);
                for (record, k) in records.iter().zip(order) {
                    // The remainder is k itself, and spares the question whether there is such a row.
                    let row: &mut [[f64; 4]] = bytemuck::cast_slice_mut(&mut rows[k % S::F64_LANES]);
                    row[j / 4] = *record;
                }
            }
        }
        let turned = depth - depth % S::F64_LANES;
        for (k, row) in strip.iter_mut().enumerate() {
            let row: &mut [f64] = bytemuck::cast_slice_mut(row);
            #[allow(clippy::needless_range_loop, reason = "the j of a row and of a column")]
            for j in if k < turned { fours } else { 0 }..width {
                row[j] = right.at(k, j);
            }
        }
    }
}

/// R rows and V vectors of `out`.
struct Tile<'a> {
    start: Start<'a>,
    end: End,
    depth: usize,
    n: usize,
}

impl Tile<'_> {
    /// `width` of its columns: a tile whose last vector sticks out on the right is computed `beside` and copied.
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "a function only so that it can be had for each R and V")]
    fn fill<S: Simd, const R: usize, const V: usize>(
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
        if width == whole {
            return fill_tile::<S, R, V>(simd, left, strip, start, end, out, n, squares);
        }
        for i in 0..R {
            let row = &mut beside[i * whole..][..width];
            row.copy_from_slice(&out[i * n..][..width]);
            if let End::Store = end {
                start.put(row);
            }
        }
        let start = if let End::Store = end { Start::There } else { Start::Zero };
        fill_tile::<S, R, V>(simd, left, strip, start, end, beside, whole, squares);
        for i in 0..R {
            out[i * n..][..width].copy_from_slice(&beside[i * whole..][..width]);
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
    for i in 0..R {
        let (row, _) = S::as_mut_simd_f64s(&mut out[i * n..][..V * S::F64_LANES]);
        finish::<S, V>(simd, sums[i], end, row, squares);
    }
}

/// The ends of V vectors of chains in a row of `out`, and their squares to those of their columns.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "loops to V, unrolled, keep the sums in registers")]
pub(crate) fn finish<S: Simd, const V: usize>(
    simd: S,
    sums: [S::f64s; V],
    end: End,
    out: &mut [S::f64s],
    squares: &mut [S::f64s],
) {
    match end {
        End::Store => out[..V].copy_from_slice(&sums),
        End::Descend { alpha } => {
            let alpha = simd.splat_f64s(alpha);
            for v in 0..V {
                squares[v] = simd.mul_add_f64s(sums[v], sums[v], squares[v]);
                out[v] = simd.sub_f64s(out[v], simd.mul_f64s(alpha, sums[v]));
            }
        }
    }
}

/// The sum, column by column, of what was `before` and of the first `width` columns.
#[inline(always)]
pub(crate) fn add_up<V: bytemuck::Pod>(before: f64, squares: &[V], width: usize) -> f64 {
    bytemuck::cast_slice(squares)[..width].iter().fold(before, |sum, square: &f64| sum + square)
}

/// R rows of the left matrix.
trait Left<const R: usize>: Copy {
    /// Calls `link` with the numbers of each column and the row of the strip that belongs to it.
    fn for_each<P>(self, strip: &[P], link: impl FnMut([f64; R], &P));
}

#[derive(Clone, Copy)]
struct Rows<'a, const R: usize>([&'a [f64]; R]);
#[derive(Clone, Copy)]
struct Columns<'a>(Matrix<'a>);

impl<const R: usize> Left<R> for Rows<'_, R> {
    #[inline(always)]
    fn for_each<P>(self, strip: &[P], mut link: impl FnMut([f64; R], &P)) {
        for (k, row) in strip.iter().enumerate() {
            link(self.0.map(|numbers| numbers[k]), row);
        }
    }
}

impl<const R: usize> Left<R> for Columns<'_> {
    #[inline(always)]
    fn for_each<P>(self, strip: &[P], mut link: impl FnMut([f64; R], &P)) {
        let Matrix { numbers, across, .. } = self.0;
        let first = |numbers: &[f64]| *numbers.first_chunk().expect("there are R rows");
        let Some((last_row, strip)) = strip.split_last() else { return };
        // Said before the loop, it need not be asked in it: a question there costs a register, and so half of the speed.
        assert!(across >= R);
        for (column, row) in numbers.chunks_exact(across).zip(strip) {
            link(first(column), row);
        }
        link(first(&numbers[strip.len() * across..]), last_row);
    }
}

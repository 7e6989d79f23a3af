//! The loop of the [product](crate::product) for layers of many neurons: blocks of entries that stay in registers.
//!
//! A strip of three vectors' columns of `right` is copied, so that its rows lie one after the other in the first cache. Then 8 rows of
//! `left` go past it at a time: 24 vectors of chains, and none waits for another. Where there are 16 registers it is two vectors and 6
//! rows.

use crate::product::{End, Matrix, Product, Start};
use pulp::{Simd, bytemuck};

/// A panel of so many rows, of three vectors each, stays in the first cache.
const PANEL: usize = 192;
/// Fewer rows than this are taken one at a time.
const ROWS: usize = 4;
/// Of one row, so many vectors of chains at a time, to have enough of them.
const WIDE: usize = 8;
/// So many rows of a panel as wide as that lie on the stack.
const WIDE_PANEL: usize = 32;
/// The largest tile has so many vectors.
const TILE: usize = 8 * 3;
/// No vector has more numbers.
const MOST_LANES: usize = 8;

/// `out` in tiles, each kept in registers while k runs from front to back.
#[inline(always)]
pub(crate) fn tiles<S: Simd>(simd: S, product: &mut Product) -> f64 {
    let zero = simd.splat_f64s(0.0);
    let depth = product.depth;
    if product.m < ROWS && matches!(product.end, End::Store) {
        let mut beside = [zero; WIDE];
        // What lies there has to be written once before: as little of it as will do.
        return if depth <= WIDE_PANEL / 2 {
            strips(simd, product, WIDE, WIDE_PANEL / 2, &mut [zero; WIDE * WIDE_PANEL / 2], &mut beside)
        } else {
            strips(simd, product, WIDE, WIDE_PANEL, &mut [zero; WIDE * WIDE_PANEL], &mut beside)
        };
    }
    // The tile and what it is made from fit into the registers, with one to spare: without, the compiler puts sums into memory.
    let vectors = if S::REGISTER_COUNT >= 32 { 3 } else { 2 };
    // A descent has no place where half a chain could wait.
    let longest = if let End::Store = product.end { depth.min(PANEL) } else { depth };
    let mut room = vec![zero; vectors * longest + TILE];
    let (panel, beside) = room.split_at_mut(vectors * longest);
    strips(simd, product, vectors, longest, panel, beside)
}

/// In strips of so many `vectors`, and chains of `longest` links at a time.
#[inline(always)]
fn strips<S: Simd>(
    simd: S,
    product: &mut Product,
    vectors: usize,
    longest: usize,
    panel: &mut [S::f64s],
    beside: &mut [S::f64s],
) -> f64 {
    let Product { left, right, ref mut out, start, end, m, depth, n } = *product;
    let mut squares = 0.0;
    for k in (0..depth).step_by(longest) {
        let depth = (depth - k).min(longest);
        for j in (0..n).step_by(vectors * S::F64_LANES) {
            let width = (n - j).min(vectors * S::F64_LANES);
            let start = if k == 0 { start.from(j) } else { Start::There };
            let strip = Strip { left: left.from(0, k), right: right.from(k, j), start, end, m, depth, n, width };
            let out = &mut out[j..];
            squares = match width.div_ceil(S::F64_LANES) {
                1 => strip.fill::<S, 1>(simd, panel, beside, out, squares),
                2 => strip.fill::<S, 2>(simd, panel, beside, out, squares),
                3 => strip.fill::<S, 3>(simd, panel, beside, out, squares),
                _ => strip.fill::<S, WIDE>(simd, panel, beside, out, squares),
            };
        }
    }
    squares
}

/// A strip of `out`, `width` columns of it, and what it is computed from.
#[derive(Clone, Copy)]
struct Strip<'a> {
    left: Matrix<'a>,
    right: Matrix<'a>,
    start: Start<'a>,
    end: End,
    m: usize,
    depth: usize,
    n: usize,
    width: usize,
}

impl Strip<'_> {
    /// All m rows of a strip of V vectors: as many at a time as there are registers for. Gives `before` and the squares.
    #[inline(always)]
    fn fill<S: Simd, const V: usize>(
        self,
        simd: S,
        panel: &mut [S::f64s],
        beside: &mut [S::f64s],
        out: &mut [f64],
        before: f64,
    ) -> f64 {
        let beside = bytemuck::cast_slice_mut(beside);
        let (panel, _) = panel.as_chunks_mut();
        let panel = &mut panel[..self.depth];
        if self.right.across == 1 {
            self.copy_rows::<S, V>(panel);
        } else {
            self.copy_columns::<S, V>(simd, panel);
        }
        let mut squares = [simd.splat_f64s(0.0); V];
        let mut i = 0;
        if V < WIDE {
            if S::REGISTER_COUNT >= 32 {
                i = self.rows::<S, 8, V>(simd, panel, beside, out, &mut squares, i);
            } else {
                i = self.rows::<S, 6, V>(simd, panel, beside, out, &mut squares, i);
            }
            i = self.rows::<S, 4, V>(simd, panel, beside, out, &mut squares, i);
            i = self.rows::<S, 2, V>(simd, panel, beside, out, &mut squares, i);
        }
        self.rows::<S, 1, V>(simd, panel, beside, out, &mut squares, i);
        if let End::Store = self.end { before } else { add_up(before, &squares, self.width) }
    }

    /// Copies the strip of `right` into `panel`, where its rows lie one after the other. What is left of the last vector of a
    /// row does not matter.
    #[inline(always)]
    fn copy_rows<S: Simd, const V: usize>(self, panel: &mut [[S::f64s; V]]) {
        for (k, row) in panel.iter_mut().enumerate() {
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
    fn copy_columns<S: Simd, const V: usize>(self, simd: S, panel: &mut [[S::f64s; V]]) {
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
            for (rows, (((c0, c1), c2), c3)) in panel.chunks_exact_mut(S::F64_LANES).zip(columns) {
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
        for (k, row) in panel.iter_mut().enumerate() {
            let row: &mut [f64] = bytemuck::cast_slice_mut(row);
            #[allow(clippy::needless_range_loop, reason = "the j of a row and of a column")]
            for j in if k < turned { fours } else { 0 }..width {
                row[j] = right.at(k, j);
            }
        }
    }

    /// As many tiles of R rows as there are from row i on; gives the row behind them.
    #[inline(always)]
    fn rows<S: Simd, const R: usize, const V: usize>(
        self,
        simd: S,
        panel: &[[S::f64s; V]],
        beside: &mut [f64],
        out: &mut [f64],
        squares: &mut [S::f64s; V],
        i: usize,
    ) -> usize {
        let Self { n, width, end, .. } = self;
        let whole = V * S::F64_LANES;
        let behind = self.m - (self.m - i) % R;
        for i in (i..behind).step_by(R) {
            let left = self.left.from(i, 0);
            let out = &mut out[i * n..];
            // A tile whose last vector sticks out on the right is computed beside `out` and copied.
            let (tile, apart, start) = if width == whole {
                (&mut *out, n, self.start)
            } else {
                for i in 0..R {
                    let row = &mut beside[i * whole..][..width];
                    row.copy_from_slice(&out[i * n..][..width]);
                    if let End::Store = end {
                        self.start.put(row);
                    }
                }
                (&mut *beside, whole, if let End::Store = end { Start::There } else { Start::Zero })
            };
            if left.across == 1 {
                let mut rows = [&left.numbers[..self.depth]; R];
                for (i, row) in rows.iter_mut().enumerate() {
                    *row = &left.numbers[i * left.down..][..self.depth];
                }
                fill_tile::<S, R, V>(simd, Rows(rows), panel, start, end, tile, apart, squares);
            } else {
                fill_tile::<S, R, V>(simd, Columns(left), panel, start, end, tile, apart, squares);
            }
            if width < whole {
                for i in 0..R {
                    out[i * n..][..width].copy_from_slice(&beside[i * whole..][..width]);
                }
            }
        }
        behind
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
    panel: &[[S::f64s; V]],
    start: Start,
    end: End,
    out: &mut [f64],
    n: usize,
    squares: &mut [S::f64s; V],
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
        panel,
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
        finish(simd, sums[i], end, row, squares);
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
    squares: &mut [S::f64s; V],
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
trait Left<const R: usize> {
    /// Calls `link` with the numbers of each column and the row of the panel that belongs to it.
    fn for_each<P>(self, panel: &[P], link: impl FnMut([f64; R], &P));
}

struct Rows<'a, const R: usize>([&'a [f64]; R]);
struct Columns<'a>(Matrix<'a>);

impl<const R: usize> Left<R> for Rows<'_, R> {
    #[inline(always)]
    fn for_each<P>(self, panel: &[P], mut link: impl FnMut([f64; R], &P)) {
        for (k, row) in panel.iter().enumerate() {
            link(self.0.map(|numbers| numbers[k]), row);
        }
    }
}

impl<const R: usize> Left<R> for Columns<'_> {
    #[inline(always)]
    fn for_each<P>(self, panel: &[P], mut link: impl FnMut([f64; R], &P)) {
        let Matrix { numbers, across, .. } = self.0;
        let first = |numbers: &[f64]| *numbers.first_chunk().expect("there are R rows");
        let Some((last_row, panel)) = panel.split_last() else { return };
        // Said before the loop, it need not be asked in it: a question there costs a register, and so half of the speed.
        assert!(across >= R);
        for (column, row) in numbers.chunks_exact(across).zip(panel) {
            link(first(column), row);
        }
        link(first(&numbers[panel.len() * across..]), last_row);
    }
}

//! A product cut in two, for two threads.

use super::{End, Matrix, Product, Start};
use crate::parallel;
use pulp::Simd;
use std::cell::Cell;

/// From so many rows on, the sum of squares is that of two halves, so that two threads may take one each.
pub(crate) const HALVED: usize = 128;

thread_local! {
    /// Where the last half of some columns was computed.
    static COLUMNS: Cell<Vec<f64>> = const { Cell::new(vec![]) };
}

impl<'a> Product<'a, '_> {
    /// Whether it is computed in halves even by one thread.
    pub(crate) fn is_halved(&self) -> bool {
        matches!(self.end, End::Descend { .. }) && self.left.rows >= HALVED && !self.is_half
    }

    /// Whether two threads would take less time.
    pub(super) fn pays_in_halves(&self) -> bool {
        matches!(self.end, End::Store) && parallel::pays(self.work())
    }

    fn work(&self) -> usize {
        let (m, depth, n) = self.sizes();
        parallel::work(m, depth, n)
    }

    /// Half the rows each.
    pub(crate) fn halves(self) -> (Self, Self) {
        let (m, _, n) = self.sizes();
        let Self { left, right, out, start, end, .. } = self;
        let top = m / 2;
        let (above, below) = left.split_rows(top);
        let (out_above, out_below) = out.split_at_mut(top * n);
        let half = |left, out| Self { left, right, out, start, end, is_half: true };
        (half(above, out_above), half(below, out_below))
    }

    /// Both, and what [`run`](Self::run) gives for them together.
    pub(super) fn in_halves<S: Simd>(self, simd: S) -> f64 {
        let (m, _, n) = self.sizes();
        if matches!(self.end, End::Store) && n > m {
            self.in_halves_of_columns(simd);
            return 0.0;
        }
        let work = self.work();
        let (mut first, mut second) = self.halves();
        let (first, second) = parallel::join(work, || simd.vectorize(&mut first), || simd.vectorize(&mut second));
        first + second
    }

    /// Half the columns each, so that each thread reads and copies one half of `right`, which is larger than `left`. They are computed
    /// in a place of their own, since in `out` they lie row beside row.
    fn in_halves_of_columns<S: Simd>(self, simd: S) {
        let (m, _, n) = self.sizes();
        let Self { left, right, out, start, .. } = self;
        let front = n / 2;
        let (before, behind) = right.split_columns(front);
        let rows = out.chunks_exact_mut(n).map(|row| row.split_at_mut(front));
        let (mut out_before, mut out_behind): (Vec<_>, Vec<_>) = rows.unzip();
        let half = |right: Matrix<'a>, start, out: &mut [&mut [f64]]| {
            let width = right.columns;
            let mut room = COLUMNS.take();
            room.resize(room.len().max(m * width), 0.0);
            let columns = &mut room[..m * width];
            if let Start::There = start {
                for (columns, out) in columns.chunks_exact_mut(width).zip(&*out) {
                    columns.copy_from_slice(out);
                }
            }
            simd.vectorize(&mut Product { start, ..Product::stored(left, right, columns) });
            for (columns, out) in columns.chunks_exact(width).zip(out) {
                out.copy_from_slice(columns);
            }
            COLUMNS.set(room);
        };
        parallel::at_once(|| half(before, start, &mut out_before), || half(behind, start.from(front), &mut out_behind));
    }
}

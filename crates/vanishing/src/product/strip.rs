//! Some columns of the right matrix, copied so that their rows lie one after the other.

use super::Matrix;
use pulp::{Simd, bytemuck};

/// No vector has more numbers.
const MOST_LANES: usize = 8;

/// Some columns of `right`, `width` of them.
#[derive(Clone, Copy)]
pub(super) struct Strip<'a> {
    pub(super) right: Matrix<'a>,
    pub(super) depth: usize,
    pub(super) width: usize,
}

impl Strip<'_> {
    /// Copies them to where the rows lie one after the other, of V vectors each. What is left of the last vector of a row does not matter.
    #[inline(always)]
    pub(super) fn copy<S: Simd, const V: usize>(self, simd: S, strip: &mut [S::f64s]) {
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
                bytemuck::cast_slice_mut(&mut row[whole.len()..])[..rest.len()].copy_from_slice(rest);
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

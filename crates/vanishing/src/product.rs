//! The matrix product: the one place where the book's arithmetic spends its time.
//!
//! Every entry of a product is one chain of fused multiply-adds, `s ← s + xₖ wₖ` with one rounding a link, from the first k to
//! the last. That is the whole definition. It does not depend on how the work is cut into tiles, on the width of the machine's
//! vectors, on the number of threads, or on the other rows of the batch, so all of these are free, and the bits stay the same.
//!
//! The loops that compute it differ only in speed: [`panels`] keeps blocks of entries in registers, [`few`] has those for a batch of a
//! few examples, and [`entry_by_entry`] is for layers of a few neurons.

mod few;
mod panels;
mod strip;
mod tile;

use crate::parallel;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};
use pulp::{Arch, Simd, WithSimd};

/// Up to so many columns of `out` a vector would be mostly empty.
const FEW_COLUMNS: usize = 3;
/// Up to so many rows of `left` it does not pay to copy a panel of `right`.
const FEW: usize = 3;
/// From so many rows on, the sum of squares is that of two halves, so that two threads may take one each.
pub(crate) const HALVED: usize = 128;

const IN_ONE_PIECE: &str = "parameters and what a pass keeps lie in one piece";

/// `out = left · right`; shapes (m, k), (k, n) and (m, n).
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn multiply_into(left: ArrayView2<f64>, right: ArrayView2<f64>, out: ArrayViewMut2<f64>) {
    product(left, right, out, Start::Zero);
}

/// `out = left · right + b`, `b`: (n). The chain of an entry starts at the b of its column.
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn multiply_and_shift_into(
    left: ArrayView2<f64>,
    right: ArrayView2<f64>,
    b: ArrayView1<f64>,
    out: ArrayViewMut2<f64>,
) {
    assert_eq!(b.len(), out.ncols(), "as many biases as columns");
    match b.as_slice() {
        Some(b) => product(left, right, out, Start::Row(b)),
        None => product(left, right, out, Start::Row(&b.to_vec())),
    }
}

/// `out += left · right`; the same shapes. The chain of each entry starts at what is there.
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn add_product_into(left: ArrayView2<f64>, right: ArrayView2<f64>, out: ArrayViewMut2<f64>) {
    product(left, right, out, Start::There);
}

/// `out_j = Σ rows_ij` over i, from the first row to the last; (m, n) to (n).
///
/// # Panics
///
/// If the shapes don't fit, or a matrix does not lie row by row in memory.
pub(crate) fn sum_rows_into(rows: ArrayView2<f64>, out: ArrayViewMut1<f64>) {
    sum(rows, out, End::Store).run();
}

/// `b ← b − α Σ rows`, the sum as [`sum_rows_into`] has it. Call [`run`](Product::run) to have it done.
///
/// # Panics
///
/// As [`sum_rows_into`].
pub(crate) fn descent_by_sum<'a, 'b>(
    rows: ArrayView2<'a, f64>,
    b: ArrayViewMut1<'b, f64>,
    alpha: f64,
) -> Product<'a, 'b> {
    sum(rows, b, End::Descend { alpha })
}

/// 1ᵀ · rows, with a single 1 for all.
fn sum<'a, 'b>(rows: ArrayView2<'a, f64>, out: ArrayViewMut1<'b, f64>, end: End) -> Product<'a, 'b> {
    let (depth, n) = rows.dim();
    assert_eq!(n, out.len(), "as many sums as columns");
    let left = Matrix { numbers: &[1.0], down: 0, across: 0 };
    let right = Matrix { numbers: rows.to_slice().expect(IN_ONE_PIECE), down: n, across: 1 };
    let out = out.into_slice().expect(IN_ONE_PIECE);
    Product { left, right, out, start: Start::Zero, end, m: 1, depth, n }
}

/// `w ← w − α left · right`, entry by entry, so that the product itself is never written down; shapes as for
/// [`multiply_into`]. Both roundings are those of computing the product first. Call [`run`](Product::run) to have it done.
///
/// # Panics
///
/// If the shapes don't fit, or a matrix lies neither row by row nor column by column in memory, or `w` not row by row.
pub(crate) fn descent<'a, 'b>(
    left: ArrayView2<'a, f64>,
    right: ArrayView2<'a, f64>,
    w: ArrayViewMut2<'b, f64>,
    alpha: f64,
) -> Product<'a, 'b> {
    let (m, depth, n) = fitting(left, right, &w);
    Product {
        left: Matrix::of(left).expect(IN_ONE_PIECE),
        right: Matrix::of(right).expect(IN_ONE_PIECE),
        out: w.into_slice().expect(IN_ONE_PIECE),
        start: Start::Zero,
        end: End::Descend { alpha },
        m,
        depth,
        n,
    }
}

/// m, k and n.
fn fitting(left: ArrayView2<f64>, right: ArrayView2<f64>, out: &ArrayViewMut2<f64>) -> (usize, usize, usize) {
    let ((m, depth), (right_depth, n)) = (left.dim(), right.dim());
    assert!(
        depth == right_depth && out.dim() == (m, n),
        "a product of {m} × {depth} and {right_depth} × {n} does not fit into {:?}",
        out.dim()
    );
    (m, depth, n)
}

fn product(left: ArrayView2<f64>, right: ArrayView2<f64>, mut out: ArrayViewMut2<f64>, start: Start) {
    let (m, depth, n) = fitting(left, right, &out);
    let (Some(of_left), Some(of_right), Some(of_out)) = (Matrix::of(left), Matrix::of(right), out.as_slice_mut())
    else {
        let (left, right) = (left.as_standard_layout(), right.as_standard_layout());
        // Not `to_owned`, which keeps the layout.
        let mut copy = out.as_standard_layout().into_owned();
        product(left.view(), right.view(), copy.view_mut(), start);
        return out.assign(&copy);
    };
    Product { left: of_left, right: of_right, out: of_out, start, end: End::Store, m, depth, n }.run();
}

/// Where the chains start.
#[derive(Clone, Copy)]
enum Start<'a> {
    Zero,
    /// At what is in `out`.
    There,
    /// Every row at these.
    Row(&'a [f64]),
}

impl Start<'_> {
    /// The same for what begins at column j.
    #[inline(always)]
    fn from(self, j: usize) -> Self {
        match self {
            Self::Row(row) => Self::Row(&row[j..]),
            other => other,
        }
    }

    /// Where the chain of column j starts.
    #[inline(always)]
    fn at(self, j: usize, out: f64) -> f64 {
        match self {
            Self::Zero => 0.0,
            Self::There => out,
            Self::Row(row) => row[j],
        }
    }

    /// Puts the starts of a row of `out` there.
    #[inline(always)]
    fn put(self, out: &mut [f64]) {
        match self {
            Self::Zero => out.fill(0.0),
            Self::There => {}
            Self::Row(row) => out.copy_from_slice(&row[..out.len()]),
        }
    }
}

/// What becomes of the end of a chain, s.
#[derive(Clone, Copy)]
enum End {
    /// `out = s`.
    Store,
    /// `out ← out − α s`. The chain started at 0.
    Descend { alpha: f64 },
}

impl End {
    /// Puts the end of a chain where it belongs, and its square to those of its column.
    #[inline(always)]
    fn write(self, s: f64, out: &mut f64, square: &mut f64) {
        match self {
            Self::Store => *out = s,
            Self::Descend { alpha } => {
                *square = s.mul_add(s, *square);
                *out -= alpha * s;
            }
        }
    }
}

/// Entry (i, j) is `numbers[i * down + j * across]`; one of the two steps is 1.
#[derive(Clone, Copy)]
struct Matrix<'a> {
    numbers: &'a [f64],
    down: usize,
    across: usize,
}

impl<'a> Matrix<'a> {
    /// `None` if it lies neither row by row nor column by column in memory.
    fn of(matrix: ArrayView2<'a, f64>) -> Option<Self> {
        let (rows, columns) = matrix.dim();
        if let Some(numbers) = matrix.to_slice() {
            return Some(Self { numbers, down: columns, across: 1 });
        }
        // Not `as_slice_memory_order`, which also has a slice for a matrix that lies upside down.
        let numbers = matrix.reversed_axes().to_slice()?;
        Some(Self { numbers, down: 1, across: rows })
    }

    /// What begins at row i and column j.
    #[inline(always)]
    fn from(self, i: usize, j: usize) -> Self {
        Self { numbers: &self.numbers[i * self.down + j * self.across..], ..self }
    }

    #[inline(always)]
    fn at(self, i: usize, j: usize) -> f64 {
        self.numbers[i * self.down + j * self.across]
    }
}

/// `left`: (m, depth), `right`: (depth, n), `out`: (m, n), row by row.
pub(crate) struct Product<'a, 'b> {
    left: Matrix<'a>,
    right: Matrix<'a>,
    out: &'b mut [f64],
    start: Start<'a>,
    end: End,
    m: usize,
    depth: usize,
    n: usize,
}

impl Product<'_, '_> {
    /// Computes it. Where it ends in a descent, gives the sum of the squares of the product's entries, for the norm of a gradient:
    /// down each column and then over the columns, of each [half](Self::halves) for itself. If the chains have one link, it is
    /// the product of two sums of squares, and NaN where these [tell](crate::frobenius::tells) too little.
    #[inline(always)]
    pub(crate) fn run(mut self) -> f64 {
        let is_stored = matches!(self.end, End::Store);
        if self.is_halved() || is_stored && parallel::pays(self.work()) {
            self.run_in_halves()
        } else {
            self.run_whole()
        }
    }

    fn run_in_halves(self) -> f64 {
        let work = self.work();
        let (mut first, mut second) = self.halves();
        let (first, second) = parallel::join(work, || first.run_whole(), || second.run_whole());
        first + second
    }

    /// [`run`](Self::run) of something that is a half already.
    #[inline(always)]
    pub(crate) fn run_whole(&mut self) -> f64 {
        Arch::new().dispatch(self)
    }

    fn work(&self) -> usize {
        parallel::work(self.m, self.depth, self.n)
    }

    /// Whether it is computed in halves even by one thread.
    pub(crate) fn is_halved(&self) -> bool {
        matches!(self.end, End::Descend { .. }) && self.m >= HALVED
    }

    /// Half the rows each; of a single row, half the columns.
    pub(crate) fn halves(self) -> (Self, Self) {
        let Self { left, right, start, m, n, .. } = self;
        if m > 1 {
            let top = m / 2;
            let (above, below) = self.out.split_at_mut(top * n);
            (Self { out: above, m: top, ..self }, Self { left: left.from(top, 0), out: below, m: m - top, ..self })
        } else {
            let front = n / 2;
            let (before, behind) = self.out.split_at_mut(front);
            (
                Self { out: before, n: front, ..self },
                Self { right: right.from(0, front), out: behind, start: start.from(front), n: n - front, ..self },
            )
        }
    }
}

/// By reference: to hand all of this over by value took a small product as long as computing it.
impl WithSimd for &mut Product<'_, '_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        if let (1, End::Descend { alpha }) = (self.depth, self.end) {
            return few::outer_product(self, alpha);
        }
        if self.n <= FEW_COLUMNS {
            return entry_by_entry(self, &mut [0.0; FEW_COLUMNS]);
        }
        // A question of its own, so that no loop is compiled for vectors of one number.
        if S::F64_LANES == 1 {
            let mut squares = vec![0.0; self.n];
            return entry_by_entry(self, &mut squares);
        }
        if self.right.across == 1 && (self.m <= FEW || self.depth <= 1) {
            return few::row_by_row(self);
        }
        simd.vectorize(Tiles(self))
    }
}

/// A function of its own, so that the one that a small product calls stays small.
struct Tiles<'p, 'a, 'b>(&'p mut Product<'a, 'b>);

impl WithSimd for Tiles<'_, '_, '_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        panels::tiles(simd, self.0)
    }
}

/// The definition, as it stands above. `squares`, zeros, is where the squares of each column add up.
#[inline(always)]
fn entry_by_entry(product: &mut Product, squares: &mut [f64]) -> f64 {
    let Product { left, right, ref mut out, start, end, m, depth, n } = *product;
    for i in 0..m {
        for (j, (out, square)) in out[i * n..][..n].iter_mut().zip(&mut *squares).enumerate() {
            let mut s = start.at(j, *out);
            for k in 0..depth {
                s = left.at(i, k).mul_add(right.at(k, j), s);
            }
            end.write(s, out, square);
        }
    }
    squares.iter().fold(0.0, |sum, square| sum + square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Axis, Slice, array};
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn rows_times_columns() {
        let left = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let right = array![[1.0, 0.0], [0.0, 10.0], [100.0, 0.0]];
        // What the buffer held before must not matter, a NaN least of all.
        let mut out = Array2::from_elem((2, 2), f64::NAN);
        multiply_into(left.view(), right.view(), out.view_mut());
        assert_eq!(out, array![[301.0, 20.0], [604.0, 50.0]]);
    }

    fn random(rows: usize, columns: usize, rng: &mut impl Rng) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, columns), || (rng.next_u64() as i64 as f64) * 2.0_f64.powi(-63))
    }

    /// The same numbers, lying row by row, column by column, or with gaps between the rows.
    fn laid(matrix: &Array2<f64>, way: usize) -> Array2<f64> {
        let (rows, columns) = matrix.dim();
        match way {
            0 => matrix.clone(),
            1 => matrix.t().as_standard_layout().into_owned().reversed_axes(),
            _ => {
                let mut wide = Array2::from_elem((rows, columns + 3), f64::NAN);
                wide.slice_axis_mut(Axis(1), Slice::from(..columns)).assign(matrix);
                wide.slice_axis_inplace(Axis(1), Slice::from(..columns));
                wide
            }
        }
    }

    /// The definition: one chain an entry, from the first k to the last.
    fn chains(left: &Array2<f64>, right: &Array2<f64>, start: impl Fn(usize, usize) -> f64) -> Array2<f64> {
        Array2::from_shape_fn((left.nrows(), right.ncols()), |(i, j)| {
            left.row(i).iter().zip(right.column(j)).fold(start(i, j), |s, (x, w)| x.mul_add(*w, s))
        })
    }

    fn sizes() -> impl Strategy<Value = (usize, usize, usize)> {
        // Small ones for every kind of edge, some that are longer than a strip, and chains without a link.
        let size = || prop_oneof![4 => 1..40_usize, 1 => 190..260_usize];
        (size(), prop_oneof![9 => size(), 1 => Just(0)], size())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_entry_is_its_chain_to_the_bit(
            (m, depth, n) in sizes(),
            left_way in 0..3_usize,
            right_way in 0..3_usize,
            out_way in 0..3_usize,
            seed in any::<u64>(),
        ) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (left, right) = (random(m, depth, &mut rng), random(depth, n, &mut rng));
            let (before, b) = (random(m, n, &mut rng), random(1, n, &mut rng));
            let (laid_left, laid_right) = (laid(&left, left_way), laid(&right, right_way));
            let (left_view, right_view) = (laid_left.view(), laid_right.view());
            let mut out = laid(&before, out_way);
            multiply_into(left_view, right_view, out.view_mut());
            prop_assert_eq!(&out, &chains(&left, &right, |_, _| 0.0));
            out.assign(&before);
            add_product_into(left_view, right_view, out.view_mut());
            prop_assert_eq!(&out, &chains(&left, &right, |i, j| before[[i, j]]));
            multiply_and_shift_into(left_view, right_view, b.row(0), out.view_mut());
            prop_assert_eq!(&out, &chains(&left, &right, |_, j| b[[0, j]]));
            let mut sums = vec![f64::NAN; n];
            sum_rows_into(before.view(), ndarray::ArrayViewMut1::from(&mut sums));
            let ones = Array2::ones((1, m));
            prop_assert_eq!(sums, chains(&ones, &before, |_, _| 0.0).into_raw_vec_and_offset().0);

            // A descent ends in the same chains. Its views are those that a layer has.
            let product = chains(&left, &right, |_, _| 0.0);
            let mut w = before.clone();
            let (left_view, right_view) = (laid(&left, left_way % 2), laid(&right, right_way % 2));
            let squares = descent(left_view.view(), right_view.view(), w.view_mut(), 0.3).run();
            prop_assert_eq!(&w, &(&before - 0.3 * &product));
            prop_assert_eq!(squares, sum_of_squares(left.view(), right.view()));
            let mut b = before.row(0).to_owned();
            let squares = descent_by_sum(right.view(), b.view_mut(), 0.3).run();
            let ones = Array2::ones((1, depth));
            let sum = chains(&ones, &right, |_, _| 0.0);
            prop_assert_eq!(b, &before.row(0) - 0.3 * &sum.row(0));
            prop_assert_eq!(squares, sum_of_squares(ones.view(), right.view()));
        }
    }

    /// Of left · right, of each half for itself: down each column, then over the columns. Of chains of one link, without them.
    fn sum_of_squares(left: ArrayView2<f64>, right: ArrayView2<f64>) -> f64 {
        let half = left.nrows() / 2;
        if left.nrows() >= HALVED {
            let (above, below) = left.split_at(Axis(0), half);
            return sum_of_squares_of_half(above, right) + sum_of_squares_of_half(below, right);
        }
        sum_of_squares_of_half(left, right)
    }

    fn sum_of_squares_of_half(left: ArrayView2<f64>, right: ArrayView2<f64>) -> f64 {
        let of = |numbers: &mut dyn Iterator<Item = &f64>| numbers.fold(0.0, |sum: f64, s| s.mul_add(*s, sum));
        if left.ncols() == 1 {
            return of(&mut left.iter()) * of(&mut right.iter());
        }
        let product = chains(&left.to_owned(), &right.to_owned(), |_, _| 0.0);
        product.columns().into_iter().fold(0.0, |sum, column| sum + of(&mut column.iter()))
    }

    /// Such a view lies in one piece too, but neither row by row nor column by column.
    #[test]
    fn a_view_from_the_last_row_to_the_first_is_read_as_it_is() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let (left, right) = (random(5, 6, &mut rng), random(6, 7, &mut rng));
        let turned = |matrix: &Array2<f64>, axis| matrix.slice_axis(Axis(axis), Slice::new(0, None, -1)).to_owned();
        for axis in [0, 1] {
            let expected = chains(&turned(&left, axis), &turned(&right, axis), |_, _| 0.0);
            let view =
                |matrix| ArrayView2::slice_axis_move(ArrayView2::from(matrix), Axis(axis), Slice::new(0, None, -1));
            let mut out = Array2::zeros((5, 7));
            multiply_into(view(&left), view(&right), out.view_mut());
            assert_eq!(out, expected, "axis {axis}");
        }
    }

    /// Vectors of eight, of four and of one: those that this machine has, and as loops.
    #[test]
    fn the_width_of_the_vectors_changes_no_bit() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (m, depth, n) in [(1, 9, 31), (9, 1, 31), (13, 30, 30), (31, 2, 61), (64, 300, 29)] {
            let (left, right) = (random(m, depth, &mut rng), random(depth, n, &mut rng));
            let expected = chains(&left, &right, |_, _| 0.0);
            let squares_expected = sum_of_squares(left.view(), right.view());
            for right in [right.clone(), laid(&right, 1)] {
                let (left, right) = (left.view(), right.view());
                let run = |by: &dyn Fn(&mut Product) -> f64| {
                    let (left, right) = (Matrix::of(left).unwrap(), Matrix::of(right).unwrap());
                    let mut out = vec![f64::NAN; m * n];
                    let start = Start::Zero;
                    by(&mut Product { left, right, out: &mut out, start, end: End::Store, m, depth, n });
                    assert_eq!(out, expected.as_slice().unwrap());
                    let (mut w, end) = (vec![1.0; m * n], End::Descend { alpha: 0.3 });
                    let squares = by(&mut Product { left, right, out: &mut w, start, end, m, depth, n });
                    assert_eq!(w, expected.mapv(|s| 1.0 - 0.3 * s).as_slice().unwrap());
                    assert_eq!(squares, squares_expected);
                };
                run(&|product| product.with_simd(pulp::Scalar::new()));
                // Tiles of three vectors of eight also where the machine has none. They are not for chains of one link.
                if depth > 1 {
                    run(&|product| panels::with_room::<_, 3>(pulp::Scalar512b, product));
                }
                #[cfg(target_arch = "x86_64")]
                {
                    if let Some(simd) = pulp::x86::V3::try_new() {
                        run(&|product| Simd::vectorize(simd, product));
                    }
                    if let Some(simd) = pulp::x86::V4::try_new() {
                        run(&|product| Simd::vectorize(simd, product));
                    }
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "a product of 2 × 3 and 4 × 5 does not fit into (2, 5)")]
    fn what_does_not_fit_is_named() {
        let zeros = Array2::zeros;
        multiply_into(zeros((2, 3)).view(), zeros((4, 5)).view(), zeros((2, 5)).view_mut());
    }
}

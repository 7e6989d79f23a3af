//! The matrix product: the one place where the book's arithmetic spends its time.
//!
//! Every entry of a product is one chain of fused multiply-adds, `s ← s + xₖ wₖ` with one rounding a link, from the first k to
//! the last. That is the whole definition. It does not depend on how the work is cut into tiles, on the width of the machine's
//! vectors, on the number of threads, or on the other rows of the batch, so all of these are free, and the bits stay the same.
//!
//! The loops that compute it differ only in speed: [`panels`] keeps blocks of entries in registers, [`few`] has those for a batch of a
//! few examples, and [`entry_by_entry`] is for layers of a few neurons.

mod few;
mod halves;
mod matrix;
mod panels;
mod strip;
mod tile;

pub(crate) use halves::HALVED;
pub(crate) use matrix::Matrix;

use crate::Activation;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};
use pulp::{Arch, Simd, WithSimd};

/// Up to so many columns of `out` a vector would be mostly empty.
const FEW_COLUMNS: usize = 3;
/// Up to so many rows of `left` it does not pay to copy a panel of `right`.
const FEW: usize = 3;

const SHAPE: &str = "a product has the rows of its first matrix and the columns of its second";
pub(crate) const IN_ONE_PIECE: &str = "parameters and what a pass keeps lie in one piece";

/// `out = left · right`; shapes (m, k), (k, n) and (m, n).
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn multiply_into(left: ArrayView2<f64>, right: ArrayView2<f64>, out: ArrayViewMut2<f64>) {
    product(left, right, out, Start::Zero);
}

/// `out += left · right`; the same shapes. The chain of each entry starts at what is there.
///
/// # Panics
///
/// If the shapes don't fit.
pub(crate) fn add_product_into(left: ArrayView2<f64>, right: ArrayView2<f64>, out: ArrayViewMut2<f64>) {
    product(left, right, out, Start::There);
}

/// `out = φ(left · right + b)`, `b`: (n). The chain of an entry starts at the b of its column.
///
/// # Panics
///
/// If the shapes don't fit, or `out` does not lie row by row in memory.
pub(crate) fn neurons_into(
    left: ArrayView2<f64>,
    right: ArrayView2<f64>,
    b: ArrayView1<f64>,
    activation: Activation,
    out: ArrayViewMut2<f64>,
) {
    assert!(out.dim() == (left.nrows(), right.ncols()), "{SHAPE}");
    assert_eq!(b.len(), out.ncols(), "as many biases as columns");
    let (Some(of_left), Some(of_right), Some(of_b)) = (Matrix::of(left), Matrix::of(right), b.to_slice()) else {
        let (left, right, b) = (left.as_standard_layout(), right.as_standard_layout(), b.as_standard_layout());
        return neurons_into(left.view(), right.view(), b.view(), activation, out);
    };
    let out = out.into_slice().expect(IN_ONE_PIECE);
    let product = Product { start: Start::Row(of_b), ..Product::stored(of_left, of_right, out) };
    Arch::new().dispatch(&mut Activated { product, activation });
}

/// `out_j = Σ rows_ij` over i, from the first row to the last; (m, n) to (n).
///
/// # Panics
///
/// If the shapes don't fit, or a matrix does not lie row by row in memory.
pub(crate) fn sum_rows_into(rows: ArrayView2<f64>, out: ArrayViewMut1<f64>) {
    let rows = Matrix::of(rows).expect(IN_ONE_PIECE);
    Product::sum(rows, out.into_slice().expect(IN_ONE_PIECE), End::Store).run();
}

fn product(left: ArrayView2<f64>, right: ArrayView2<f64>, mut out: ArrayViewMut2<f64>, start: Start) {
    assert!(out.dim() == (left.nrows(), right.ncols()), "{SHAPE}");
    let (Some(of_left), Some(of_right), Some(of_out)) = (Matrix::of(left), Matrix::of(right), out.as_slice_mut())
    else {
        let (left, right) = (left.as_standard_layout(), right.as_standard_layout());
        // Not `to_owned`, which keeps the layout.
        let mut copy = out.as_standard_layout().into_owned();
        product(left.view(), right.view(), copy.view_mut(), start);
        return out.assign(&copy);
    };
    Product { start, ..Product::stored(of_left, of_right, of_out) }.run();
}

/// A function of its own, as a message takes its numbers by reference: then they would have to be in memory, whether they fit or not.
#[cold]
fn does_not_fit(m: usize, k: usize, right_k: usize, n: usize, numbers: usize) -> ! {
    panic!("a product of {m} × {k} and {right_k} × {n} does not fit into {numbers} numbers");
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

/// `left`: (m, k), `right`: (k, n), `out`: (m, n), row by row.
pub(crate) struct Product<'a, 'b> {
    left: Matrix<'a>,
    right: Matrix<'a>,
    out: &'b mut [f64],
    start: Start<'a>,
    end: End,
    /// It is one of two [halves](Self::halves), which are not halved again.
    is_half: bool,
}

impl<'a, 'b> Product<'a, 'b> {
    /// One whose chains start at 0. Call [`run`](Self::run) to have it computed.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    #[inline(always)]
    fn new(left: Matrix<'a>, right: Matrix<'a>, out: &'b mut [f64], end: End) -> Self {
        if left.columns != right.rows || out.len() != left.rows * right.columns {
            does_not_fit(left.rows, left.columns, right.rows, right.columns, out.len());
        }
        Self { left, right, out, start: Start::Zero, end, is_half: false }
    }

    /// `out = left · right`.
    #[inline(always)]
    pub(crate) fn stored(left: Matrix<'a>, right: Matrix<'a>, out: &'b mut [f64]) -> Self {
        Self::new(left, right, out, End::Store)
    }

    /// `w ← w − α left · right`, entry by entry, so that the product itself is never written down. Both roundings are those of
    /// computing the product first.
    #[inline(always)]
    pub(crate) fn descent(left: Matrix<'a>, right: Matrix<'a>, w: &'b mut [f64], alpha: f64) -> Self {
        Self::new(left, right, w, End::Descend { alpha })
    }

    /// `b ← b − α Σ rows`, the sum as [`sum_rows_into`] has it.
    #[inline(always)]
    pub(crate) fn descent_by_sum(rows: Matrix<'a>, b: &'b mut [f64], alpha: f64) -> Self {
        Self::sum(rows, b, End::Descend { alpha })
    }

    /// 1ᵀ · rows, which lie row by row: the loops for other products step through `left`, and of the ones there is only one.
    #[inline(always)]
    fn sum(rows: Matrix<'a>, out: &'b mut [f64], end: End) -> Self {
        assert!(rows.across == 1, "what is summed lies row by row in memory");
        Self::new(Matrix::ones(rows.rows), rows, out, end)
    }

    /// Computes it. Where it ends in a descent, gives the sum of the squares of the product's entries, for the norm of a gradient:
    /// down each column and then over the columns, of each [half](Self::halves) for itself. If the chains have one link, it is
    /// the product of two sums of squares, and NaN where these [tell](crate::frobenius::tells) too little.
    pub(crate) fn run(mut self) -> f64 {
        Arch::new().dispatch(&mut self)
    }

    /// [`run`](Self::run) in code that runs with the vectors of `simd`.
    #[inline(always)]
    pub(crate) fn run_by<S: Simd>(mut self, simd: S) -> f64 {
        let (m, depth, n) = self.sizes();
        if n <= FEW_COLUMNS && m.max(depth) < HALVED {
            // Here and not behind a call, which would take as long as the product.
            return self.of_few_columns();
        }
        simd.vectorize(&mut Product { ..self })
    }

    /// The same once more, which need not be given away then.
    #[inline(always)]
    fn reborrow(&mut self) -> Product<'a, '_> {
        Product { out: &mut *self.out, ..*self }
    }

    /// m, k and n.
    #[inline(always)]
    fn sizes(&self) -> (usize, usize, usize) {
        (self.left.rows, self.left.columns, self.right.columns)
    }

    /// At most [`FEW_COLUMNS`].
    #[inline(always)]
    fn of_few_columns(&mut self) -> f64 {
        match (self.left.columns, self.end) {
            (1, End::Descend { alpha }) => few::outer_product(self, alpha),
            _ => entry_by_entry(self, &mut [0.0; FEW_COLUMNS]),
        }
    }
}

/// A product, and φ of its entries in their place.
struct Activated<'a, 'b> {
    product: Product<'a, 'b>,
    activation: Activation,
}

impl WithSimd for &mut Activated<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Activated { product, activation } = self;
        product.reborrow().run_by(simd);
        activation.apply_by(simd, product.out);
    }
}

/// By reference: to hand all of this over by value took a small product as long as computing it.
impl WithSimd for &mut Product<'_, '_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let (m, depth, n) = self.sizes();
        if self.is_halved() || self.pays_in_halves() {
            return self.reborrow().in_halves(simd);
        }
        if n <= FEW_COLUMNS {
            return self.of_few_columns();
        }
        if let (1, End::Descend { alpha }) = (depth, self.end) {
            return few::outer_product(self, alpha);
        }
        // A question of its own, so that no loop is compiled for vectors of one number.
        if S::F64_LANES == 1 {
            let mut squares = vec![0.0; n];
            return entry_by_entry(self, &mut squares);
        }
        if self.right.across == 1 && (m <= FEW || depth <= 1) {
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
    let (m, depth, n) = product.sizes();
    let Product { left, right, ref mut out, start, end, .. } = *product;
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
    use crate::parallel;
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
            let mut a = Array2::from_elem((m, n), f64::NAN);
            let activation = Activation::Sigmoid;
            neurons_into(left_view, right_view, b.row(0), activation, a.view_mut());
            prop_assert_eq!(&a, &chains(&left, &right, |_, j| b[[0, j]]).mapv(|z| activation.value(z)));
            let mut sums = vec![f64::NAN; n];
            sum_rows_into(before.view(), ndarray::ArrayViewMut1::from(&mut sums));
            let ones = Array2::ones((1, m));
            prop_assert_eq!(sums, chains(&ones, &before, |_, _| 0.0).into_raw_vec_and_offset().0);

            // A descent ends in the same chains. Its views are those that a layer has.
            let product = chains(&left, &right, |_, _| 0.0);
            let mut w = before.clone();
            let [laid_left, laid_right] = [laid(&left, left_way % 2), laid(&right, right_way % 2)];
            let [of_left, of_right] = [&laid_left, &laid_right].map(|of| Matrix::of(of.view()).unwrap());
            let squares = Product::descent(of_left, of_right, w.as_slice_mut().unwrap(), 0.3).run();
            prop_assert_eq!(&w, &(&before - 0.3 * &product));
            prop_assert_eq!(squares, sum_of_squares(left.view(), right.view()));
            let mut b = before.row(0).to_owned();
            let rows = Matrix::of(right.view()).unwrap();
            let squares = Product::descent_by_sum(rows, b.as_slice_mut().unwrap(), 0.3).run();
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
                    by(&mut Product::stored(left, right, &mut out));
                    assert_eq!(out, expected.as_slice().unwrap());
                    let mut w = vec![1.0; m * n];
                    let squares = by(&mut Product::descent(left, right, &mut w, 0.3));
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
    fn two_threads_change_no_bit() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        // Half the columns each, also of a single row; half the rows each.
        for (m, depth, n) in [(64, 300, 101), (1, 700, 301), (301, 64, 100)] {
            let (left, right) = (random(m, depth, &mut rng), random(depth, n, &mut rng));
            let (before, b) = (random(m, n, &mut rng), random(1, n, &mut rng));
            pool.install(|| {
                assert!(parallel::pays(parallel::work(m, depth, n)));
                let mut out = Array2::from_elem((m, n), f64::NAN);
                multiply_into(left.view(), right.view(), out.view_mut());
                assert_eq!(out, chains(&left, &right, |_, _| 0.0));
                neurons_into(left.view(), right.view(), b.row(0), Activation::Identity, out.view_mut());
                assert_eq!(out, chains(&left, &right, |_, j| b[[0, j]]));
                out.assign(&before);
                add_product_into(left.view(), right.view(), out.view_mut());
                assert_eq!(out, chains(&left, &right, |i, j| before[[i, j]]));
            });
        }
    }

    #[test]
    #[should_panic(expected = "a product of 2 × 3 and 4 × 5 does not fit into 10 numbers")]
    fn what_does_not_fit_is_named() {
        let zeros = Array2::zeros;
        multiply_into(zeros((2, 3)).view(), zeros((4, 5)).view(), zeros((2, 5)).view_mut());
    }

    #[test]
    #[should_panic(expected = "what is summed lies row by row in memory")]
    fn rows_that_lie_column_by_column_are_not_summed() {
        let rows = laid(&Array2::ones((5, 6)), 1);
        sum_rows_into(rows.view(), ndarray::Array1::zeros(6).view_mut());
    }

    /// It has room for as many numbers.
    #[test]
    #[should_panic(expected = "a product has the rows of its first matrix and the columns of its second")]
    fn an_out_of_another_shape_does_not_fit() {
        let zeros = Array2::zeros;
        multiply_into(zeros((2, 3)).view(), zeros((3, 5)).view(), zeros((5, 2)).view_mut());
    }
}

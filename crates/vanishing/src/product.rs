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
#[cfg(test)]
mod tests;
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

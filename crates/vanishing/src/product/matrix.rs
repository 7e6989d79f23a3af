//! A matrix as a product sees it: numbers in one piece, and the steps from one to the next.

use ndarray::ArrayView2;

/// Entry (i, j) is `numbers[i * down + j * across]`; one of the two steps is 1.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(super) numbers: &'a [f64],
    pub(super) down: usize,
    pub(super) across: usize,
}

impl<'a> Matrix<'a> {
    /// `None` if it lies neither row by row nor column by column in memory.
    #[inline(always)]
    pub(crate) fn of(matrix: ArrayView2<'a, f64>) -> Option<Self> {
        let (rows, columns) = matrix.dim();
        if let Some(numbers) = matrix.to_slice() {
            return Some(Self { rows, columns, numbers, down: columns, across: 1 });
        }
        // Not `as_slice_memory_order`, which also has a slice for a matrix that lies upside down.
        let numbers = matrix.reversed_axes().to_slice()?;
        Some(Self { rows, columns, numbers, down: 1, across: rows })
    }

    /// What lies row by row, as many numbers as the shape says.
    #[inline(always)]
    pub(crate) fn in_rows(numbers: &'a [f64], rows: usize, columns: usize) -> Self {
        debug_assert!(numbers.len() == rows * columns);
        Self { rows, columns, numbers, down: columns, across: 1 }
    }

    /// A row of so many ones, of which memory holds one.
    #[inline(always)]
    pub(super) fn ones(columns: usize) -> Self {
        Self { rows: 1, columns, numbers: &[1.0], down: 0, across: 0 }
    }

    /// The transpose.
    #[inline(always)]
    pub(crate) fn t(self) -> Self {
        let Self { rows, columns, numbers, down, across } = self;
        Self { rows: columns, columns: rows, numbers, down: across, across: down }
    }

    /// The first rows, and the others.
    pub(super) fn split_rows(self, at: usize) -> (Self, Self) {
        (Self { rows: at, ..self }, self.from(at, 0))
    }

    /// The first columns, and the others.
    pub(crate) fn split_columns(self, at: usize) -> (Self, Self) {
        (Self { columns: at, ..self }, self.from(0, at))
    }

    /// What begins at row i and column j.
    #[inline(always)]
    pub(super) fn from(self, i: usize, j: usize) -> Self {
        let numbers = &self.numbers[i * self.down + j * self.across..];
        Self { rows: self.rows - i, columns: self.columns - j, numbers, ..self }
    }

    #[inline(always)]
    pub(super) fn at(self, i: usize, j: usize) -> f64 {
        self.numbers[i * self.down + j * self.across]
    }
}

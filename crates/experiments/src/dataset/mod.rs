//! What the networks of the book learn from.

mod optdigits;
mod spirals;

pub use optdigits::{TamperedDigits, image};

use vanishing::Array2;

/// Examples to learn from, and others to be judged by.
///
/// `x`: (examples, inputs); `y`: (examples, classes), a 1 at the class.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// What it learns from.
    pub train_x: Array2<f64>,
    /// Their classes.
    pub train_y: Array2<f64>,
    /// What it is judged by.
    pub test_x: Array2<f64>,
    /// Their classes.
    pub test_y: Array2<f64>,
}

/// A data set by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// 1797 images of handwritten digits, 8 × 8 pixels: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998,
    /// UCI, CC BY 4.0. The first 1437 are to learn from. Each pixel is shifted and scaled to mean 0 and variance 1 over those.
    Digits,
    /// Two spirals wound into each other, 97 points each: K. Lang and M. Witbrock, 1988. It is judged by points in between.
    TwoSpirals,
}

impl Data {
    /// Every data set.
    pub const ALL: [Self; 2] = [Self::Digits, Self::TwoSpirals];

    /// Its name as the tables print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::TwoSpirals => "two spirals",
        }
    }

    /// The examples.
    ///
    /// # Errors
    ///
    /// If the file of the digits is not byte for byte what it was when the book's numbers were computed.
    pub fn load(self) -> Result<Dataset, TamperedDigits> {
        match self {
            Self::Digits => optdigits::load(),
            Self::TwoSpirals => Ok(spirals::two()),
        }
    }
}

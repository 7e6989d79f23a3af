//! The book's figures. Each is a function from nothing to a [`Drawing`]: it runs its experiment and draws what came out.

mod activations;
mod canvas;
mod digits;
mod exploding;
mod network;
mod notes;
mod plot;
mod precision;
mod sigmoid;
mod through_time;

use experiments::Table;

/// A figure as the page shows it, and the numbers in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Scalable vector graphics, the colours as attributes and as classes.
    pub svg: String,
    /// What was drawn.
    pub table: Table,
}

/// One figure of the book.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its file's name under `src/figures`, without the ending.
    pub name: &'static str,
    /// Runs the experiment and draws it; the same bytes every time.
    pub draw: fn() -> Drawing,
}

/// Every figure of the book, in the order of its pages.
pub const FIGURES: &[Figure] = &[
    Figure { name: "underflow", draw: precision::underflow },
    Figure { name: "sigmoid-and-slope", draw: sigmoid::curves },
    Figure { name: "growth-interval", draw: sigmoid::growth_interval },
    Figure { name: "notes-network", draw: network::whole },
    Figure { name: "notes-path", draw: network::path },
    Figure { name: "gradient-by-depth", draw: notes::gradient_by_depth },
    Figure { name: "between-two-floats", draw: precision::between_two_floats },
    Figure { name: "three-activations", draw: activations::chain_and_wide },
    Figure { name: "digits", draw: digits::samples },
    Figure { name: "digits-loss", draw: digits::losses },
    Figure { name: "digits-gradients", draw: digits::gradients },
    Figure { name: "wall", draw: exploding::wall },
    Figure { name: "through-time", draw: through_time::plain },
    Figure { name: "gates", draw: through_time::gates },
];

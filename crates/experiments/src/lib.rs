//! Seeded runs of the network, as plain tables of numbers.
//!
//! Every figure of the book draws a [`Table`] of this crate, and the chapters call the same functions.

pub mod activations;
pub mod digits;
pub mod exploding;
pub mod memory;
pub mod notes;
pub mod precision;
pub mod sigmoid;
pub mod small_cells;
mod table;
pub mod through_time;

pub use table::{Cell, Table};

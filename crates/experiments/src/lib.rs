//! Seeded runs of the network, as plain tables of numbers.
//!
//! Every figure of the book draws a [`Table`] of this crate, and the chapters call the same functions.

pub mod activations;
pub mod digits;
pub mod gradient_by_layer;
pub mod log_normal;
pub mod low_precision;
pub mod mixed_precision;
pub mod notes;
pub mod precision;
pub mod sigmoid;
mod table;
pub mod where_it_hides;

pub use table::{Cell, Table};

//! Seeded runs of the network, as plain tables of numbers.
//!
//! Every figure of the book draws a [`Table`] of this crate, and the chapters call the same functions.

pub mod activations;
pub mod digits;
pub mod edge_of_chaos;
pub mod isometry;
pub mod learning_time;
pub mod mean_field;
pub mod notes;
pub mod precision;
pub mod quadrature;
pub mod sigmoid;
mod table;

pub use table::{Cell, Table};

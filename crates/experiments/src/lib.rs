//! Seeded runs of the network, as plain tables of numbers.
//!
//! Every figure of the book draws a [`Table`] of this crate, and the chapters call the same functions.

pub mod activations;
pub mod digits;
pub mod gradient_by_layer;
pub mod layer_speeds;
pub mod mean_field;
pub mod notes;
pub mod paths;
pub mod precision;
pub mod quadrature;
pub mod sigmoid;
pub mod sigmoid_rate;
mod table;

pub use table::{Cell, Table};

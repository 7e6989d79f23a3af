//! Seeded runs of the network, as plain tables of numbers.
//!
//! Every figure of the book draws a [`Table`] of this crate, and the chapters call the same functions.

pub mod activations;
pub mod dead;
pub mod digits;
pub mod gradient_by_layer;
pub mod initialisation;
pub mod kin;
pub mod mean_field;
pub mod notes;
pub mod precision;
pub mod quadrature;
pub mod sigmoid;
mod table;
pub mod tanh;

pub use table::{Cell, Table};

//! Seeded runs of the network, as plain tables of numbers.
//!
//! Every figure of the book draws a [`Table`] of this crate, and the chapters call the same functions.

// What a test compares with may be the system's.
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod activations;
pub mod adam;
pub mod catalogue;
pub mod chain;
pub mod dataset;
pub mod dead;
pub mod digits;
pub mod edge_of_chaos;
pub mod exploding;
pub mod gradient_by_layer;
pub mod initialisation;
pub mod isometry;
pub mod kin;
pub mod layer_norm;
pub mod layer_speeds;
pub mod learning_time;
pub mod log_normal;
pub mod low_precision;
pub mod mean_field;
pub mod memory;
pub mod mixed_precision;
pub mod normalisation;
pub mod notes;
pub mod paths;
pub mod precision;
pub mod quadrature;
pub mod remedies;
pub mod shattered;
pub mod sigmoid;
pub mod sigmoid_rate;
pub mod skip;
pub mod small_cells;
pub mod subnormals;
mod table;
pub mod tanh;
pub mod through_time;
pub mod training;
pub mod where_it_hides;

pub use table::{Cell, Table};

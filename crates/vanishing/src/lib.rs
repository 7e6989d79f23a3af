//! The network that the workbook derives, trains and takes apart.
//!
//! Every operation is a pair: `forward`, and right under it the `backward` that its chapter derives. There is no tape and
//! no automatic differentiation, so a reader finds the equation and the function side by side.
//!
//! | in the chapters | here |
//! | --- | --- |
//! | σ, σ′, tanh, ReLU | [`sigmoid`], [`sigmoid_slope`], [`Activation`] |
//! | the notes' path w → O₁ → O₂ → loss | [`Chain`] |
//! | one layer, `z = x w + b`, `a = φ(z)` | [`Dense`] |
//! | the whole network, forward and backward | [`Network`], [`Pass`] |
//! | `w − α ∂L/∂w` | [`Sgd`] |
//! | what each layer's gradient looks like | [`Report`] |
//! | (f(w + h) − f(w − h)) / 2h | [`central_difference`] |
//! | f16, bf16, f32, f64 | [`Format`] |
//!
//! Weights are indexed as the notes index them: `w[[i, j]]` leads from neuron i to neuron j, so a weight matrix has the
//! shape (fan_in, fan_out). A batch holds one example a row. Layers count from 1, as in the chapters; `a[0]` is the input.

mod activation;
mod chain;
mod check;
mod dense;
mod error;
mod init;
mod layers;
mod loss;
mod network;
mod precision;
mod product;
mod report;
mod sgd;
mod train;

pub use activation::{Activation, sigmoid, sigmoid_slope};
pub use chain::{Chain, ChainGradient, ChainStep};
pub use check::{GradientCheck, central_difference, check_gradient};
pub use dense::{Dense, DenseGradient};
pub use error::Error;
pub use init::Init;
pub use layers::Layers;
pub use loss::Loss;
pub use network::{Network, Pass};
pub use precision::Format;
pub use report::{LayerReport, Report};
pub use sgd::Sgd;
pub use train::{accuracy, train_epoch};

/// The array types of this crate's signatures, so that a snippet needs no other dependency.
pub use ndarray::{self, Array1, Array2, array};
/// The seeded generator of every random draw in the book: the same seed gives the same numbers on every machine.
pub use rand::{SeedableRng, rngs::ChaCha8Rng};

//! The network that the workbook derives, trains and takes apart.
//!
//! Every operation is a pair: `forward`, and right under it the `backward` that its chapter derives. There is no tape and
//! no automatic differentiation, so a reader finds the equation and the function side by side.
//!
//! | in the chapters | here |
//! | --- | --- |
//! | σ, σ′, tanh, ReLU and its kin | [`sigmoid`], [`sigmoid_slope`], [`tanh`], [`Activation`] |
//! | e^x and e^x − 1, the same bits on every machine | [`exp`], [`exp_m1`] |
//! | the notes' path w → O₁ → O₂ → loss | [`Chain`] |
//! | one layer, `z = x w + b`, `a = φ(z)` | [`Dense`] |
//! | batch norm, layer norm | [`Norm`] |
//! | skip connection, `x + s · branch(x)` | [`Residual`] |
//! | any of these as a layer of a network | [`Layer`], [`Gradient`] |
//! | the whole network, forward and backward | [`Network`], [`Pass`] |
//! | how its weights are drawn at the start | [`Blueprint`], [`Init`] |
//! | `w − α ∂L/∂w`, momentum, Adam, clipping | [`Sgd`], [`Momentum`], [`Adam`], [`Clipped`] |
//! | the same layer at every step, LSTM, GRU | [`Rnn`], [`Lstm`], [`Gru`], [`Cell`] |
//! | a sequence forward and backward | [`unroll`], [`back_through_time`] |
//! | `∂state_t/∂state_0` and its largest singular value | [`Jacobian`], [`jacobian_norms`], [`spectral_norm`] |
//! | what each layer's gradient looks like | [`Report`] |
//! | (f(w + h) − f(w − h)) / 2h | [`central_difference`] |
//! | f16, bf16, f32, f64 | [`Format`] |
//!
//! Weights are indexed as the notes index them: `w[[i, j]]` leads from neuron i to neuron j, so a weight matrix has the
//! shape (fan_in, fan_out). A batch holds one example a row. Layers count from 1, as in the chapters; `a[0]` is the input.

// What a test compares with may be the system's.
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod activation;
mod adam;
mod blueprint;
mod chain;
mod check;
mod clip;
mod dense;
mod descent;
mod elementary;
mod error;
mod frobenius;
mod gru;
mod init;
mod jacobian;
mod layer;
mod layers;
mod loss;
mod lstm;
mod network;
mod norm;
mod normal;
mod optimiser;
mod parallel;
mod precision;
mod product;
mod recurrent;
mod report;
mod residual;
mod rnn;
mod sgd;
mod together;
mod train;
mod weights;

pub use activation::{Activation, LEAK, SELU_ALPHA, SELU_LAMBDA, sigmoid_slope};
pub use adam::Adam;
pub use blueprint::{Blueprint, NORM_EPSILON, dense_layers};
pub use chain::{Chain, ChainGradient, ChainStep};
pub use check::{GradientCheck, central_difference, check_gradient};
pub use clip::{Clipped, clip};
pub use dense::{Dense, DenseGradient};
pub use elementary::{exp, exp_m1, sigmoid, tanh};
pub use error::Error;
pub use frobenius::{Numbers, norm};
pub use gru::{Gru, GruGradient, GruKept};
pub use init::Init;
pub use jacobian::{Jacobian, jacobian_norms, spectral_norm};
pub use layer::{Gradient, Layer};
pub use layers::Layers;
pub use loss::Loss;
pub use lstm::{Lstm, LstmKept, chrono_bias};
pub use network::{Network, Pass, Subnormals};
pub use norm::{Norm, NormGradient, Over};
pub use optimiser::Optimiser;
pub use precision::Format;
pub use recurrent::{Cell, Unrolled, back_through_time, unroll};
pub use report::{LayerReport, Report};
pub use residual::{Residual, ResidualGradient};
pub use rnn::Rnn;
pub use sgd::{Momentum, Sgd};
pub use train::{accuracy, share_right, train_epoch};
pub use weights::{RecurrentGradient, RecurrentWeights};

/// The array types of this crate's signatures, so that a snippet needs no other dependency.
pub use ndarray::{self, Array1, Array2, array};
/// The seeded generator of every random draw in the book: the same seed gives the same numbers on every machine.
pub use rand::{SeedableRng, rngs::ChaCha8Rng};

//! Settings that several experiments have, and how their words are read.

use super::{Parameter, Range, RunError, Values};
use vanishing::{Activation, Init, Over};

pub(super) const ACTIVATIONS: &[&str] =
    &["identity", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "selu", "gelu", "silu"];
pub(super) const INITS: &[&str] = &["normal", "uniform", "glorot", "he", "orthogonal"];

pub(super) const DATA: &[&str] = &["digits", "two-spirals"];
pub(super) const METHODS: &[&str] = &["sgd", "momentum", "adam"];

pub(super) const ACTIVATION: Parameter =
    Parameter { name: "activation", meaning: "φ", range: Range::OneOf(ACTIVATIONS), default: "sigmoid" };
pub(super) const WIDTH: Parameter =
    Parameter { name: "width", meaning: "neurons a layer", range: Range::Whole(1, 2048), default: "100" };
pub(super) const DEPTH: Parameter =
    Parameter { name: "depth", meaning: "layers of weights", range: Range::Whole(1, 10_000), default: "10" };
pub(super) const INIT: Parameter =
    Parameter { name: "init", meaning: "how weights are drawn", range: Range::OneOf(INITS), default: "normal" };
pub(super) const WEIGHT_STD: Parameter = Parameter {
    name: "weight-std",
    meaning: "what drawn weights are multiplied by: normal ones are N(0, S²/fan_in)",
    range: Range::Real(0.0, 1e300),
    default: "1",
};
pub(super) const BIAS_STD: Parameter = Parameter {
    name: "bias-std",
    meaning: "the standard deviation of the biases",
    range: Range::Real(0.0, 1e300),
    default: "0",
};
pub(super) const NORM: Parameter = Parameter {
    name: "norm",
    meaning: "between the weights and φ of every layer but the last",
    range: Range::OneOf(&["none", "batch", "layer"]),
    default: "none",
};
pub(super) const RESIDUAL: Parameter = Parameter {
    name: "residual",
    meaning: "the scale s of skip connections x + s φ(…)",
    range: Range::RealOrNone(-1e6, 1e6),
    default: "none",
};
pub(super) const BATCH: Parameter =
    Parameter { name: "batch", meaning: "examples", range: Range::Whole(1, 4096), default: "16" };
pub(super) const SEEDS: Parameter =
    Parameter { name: "seeds", meaning: "how many networks are drawn", range: Range::Whole(1, 10_000), default: "20" };
pub(super) const SEED: Parameter =
    Parameter { name: "seed", meaning: "the first seed", range: Range::Whole(0, u32::MAX as usize), default: "0" };

pub(super) fn activation(values: &Values) -> Activation {
    chosen(values.word("activation"), &Activation::ALL, Activation::name)
}

pub(super) fn init(values: &Values) -> Init {
    chosen(values.word("init"), &Init::ALL, Init::name)
}

pub(super) fn norm(values: &Values) -> Option<Over> {
    match values.word("norm") {
        "batch" => Some(Over::Batch),
        "layer" => Some(Over::Layer),
        _ => None,
    }
}

/// The one that has this name, written in small letters and without spaces.
pub(super) fn chosen<T: Copy>(word: &str, all: &[T], name: fn(T) -> &'static str) -> T {
    let found = all.iter().find(|item| flag(name(**item)) == word);
    *found.unwrap_or_else(|| panic!("{word} is on the list of words, but nothing has this name"))
}

/// A name as it is written on the command line: `leaky ReLU` is `leaky-relu`.
pub(super) fn flag(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// What one network may need; as many run at a time as the machine has cores.
pub(super) const MOST_GIGABYTES: f64 = 1.0;

/// Weights and their gradients, outputs, δ, and what a report computes from them.
pub(super) fn fits(width: usize, depth: usize, batch: usize) -> Result<(), RunError> {
    let numbers = depth as f64 * width as f64 * (2 * width + 4 * batch) as f64;
    let gigabytes = numbers * size_of::<f64>() as f64 / 1e9;
    if gigabytes > MOST_GIGABYTES { Err(RunError::TooLarge { width, depth, batch, gigabytes }) } else { Ok(()) }
}

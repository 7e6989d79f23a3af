//! The book's experiments by name, each with what it measures and what it can be told.
//!
//! One list serves the command line, the help texts and the checks of what a reader asks for.

mod parameter;

pub use parameter::{OutOfRange, Parameter, Range, Values};

use crate::Table;
use crate::chain::UniformChain;
use crate::dataset::Data;
use crate::gradient_by_layer::GradientByLayer;
use crate::low_precision::Precision;
use crate::mean_field::{self, MeanField};
use crate::through_time::{Kind, ThroughTime};
use crate::training::{Method, Training};
use vanishing::{Activation, Init, Over};

/// An experiment that a reader can run with parameters of their own.
pub struct Experiment {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it measures, in a line.
    pub measures: &'static str,
    /// The pages that use it, or whose derivation it follows, by their numbers.
    pub pages: &'static str,
    /// What it can be told.
    pub parameters: &'static [Parameter],
    /// How its table is drawn; `None` if there is nothing to draw.
    pub plot: Option<Plot>,
    /// Runs it.
    pub run: fn(&Values) -> Result<Outcome, RunError>,
}

/// What came out of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The numbers.
    pub table: Table,
    /// What they don't say by themselves: that a gradient underflowed, say, or that a training diverged. A line each.
    pub remarks: Vec<String>,
}

impl From<Table> for Outcome {
    fn from(table: Table) -> Self {
        Self { table, remarks: vec![] }
    }
}

/// Which columns of a table are drawn over which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The column along the horizontal axis.
    pub x: &'static str,
    /// The columns that are drawn as lines.
    pub y: &'static [&'static str],
    /// Whether the upright axis is logarithmic; then sizes are drawn, without their signs.
    pub logarithmic: bool,
}

/// Why an experiment did not run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RunError {
    /// A setting out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Each setting is in range, but together they are more than a small machine has room for.
    #[error(
        "--width {width}, --depth {depth} and --batch {batch} need {gigabytes:.1} GB; expected at most {MOST_GIGABYTES}"
    )]
    TooLarge {
        /// Neurons a layer.
        width: usize,
        /// Layers.
        depth: usize,
        /// Examples.
        batch: usize,
        /// What they need.
        gigabytes: f64,
    },
    /// The network can't be built.
    #[error(transparent)]
    Network(#[from] vanishing::Error),
}

/// What one network may need; as many run at a time as the machine has cores.
const MOST_GIGABYTES: f64 = 1.0;

/// Every experiment, in the order of the book.
pub const EXPERIMENTS: &[Experiment] = &[CHAIN, GRADIENT_BY_LAYER, MEAN_FIELD, TRAIN, THROUGH_TIME, PRECISION];

const ACTIVATIONS: &[&str] = &["identity", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "selu", "gelu", "silu"];
const INITS: &[&str] = &["normal", "uniform", "glorot", "he", "orthogonal"];

const DATA: &[&str] = &["digits", "two-spirals"];
const METHODS: &[&str] = &["sgd", "momentum", "adam"];

const ACTIVATION: Parameter =
    Parameter { name: "activation", meaning: "φ", range: Range::OneOf(ACTIVATIONS), default: "sigmoid" };
const WIDTH: Parameter =
    Parameter { name: "width", meaning: "neurons a layer", range: Range::Whole(1, 2048), default: "100" };
const DEPTH: Parameter =
    Parameter { name: "depth", meaning: "layers of weights", range: Range::Whole(1, 10_000), default: "10" };
const INIT: Parameter =
    Parameter { name: "init", meaning: "how weights are drawn", range: Range::OneOf(INITS), default: "normal" };
const WEIGHT_STD: Parameter = Parameter {
    name: "weight-std",
    meaning: "what drawn weights are multiplied by: normal ones are N(0, S²/fan_in)",
    range: Range::Real(0.0, 1e300),
    default: "1",
};
const BIAS_STD: Parameter = Parameter {
    name: "bias-std",
    meaning: "the standard deviation of the biases",
    range: Range::Real(0.0, 1e300),
    default: "0",
};
const NORM: Parameter = Parameter {
    name: "norm",
    meaning: "between the weights and φ of every layer but the last",
    range: Range::OneOf(&["none", "batch", "layer"]),
    default: "none",
};
const RESIDUAL: Parameter = Parameter {
    name: "residual",
    meaning: "the scale s of skip connections x + s φ(…)",
    range: Range::RealOrNone(-1e6, 1e6),
    default: "none",
};
const BATCH: Parameter = Parameter { name: "batch", meaning: "examples", range: Range::Whole(1, 4096), default: "16" };
const SEEDS: Parameter =
    Parameter { name: "seeds", meaning: "how many networks are drawn", range: Range::Whole(1, 10_000), default: "20" };
const SEED: Parameter =
    Parameter { name: "seed", meaning: "the first seed", range: Range::Whole(0, u32::MAX as usize), default: "0" };

const CHAIN: Experiment = Experiment {
    name: "chain",
    measures: "the notes' chain of neurons: each layer's factor and what is left of the gradient",
    pages: "6, 8",
    parameters: &[
        Parameter { default: "5", ..DEPTH },
        ACTIVATION,
        Parameter { name: "weight", meaning: "w of every neuron", range: Range::Real(-1e300, 1e300), default: "0.5" },
        Parameter { name: "bias", meaning: "b of every neuron", range: Range::Real(-1e300, 1e300), default: "0" },
        Parameter { name: "input", meaning: "x", range: Range::Real(-1e300, 1e300), default: "1" },
    ],
    plot: Some(Plot { x: "layer", y: &["factor", "product"], logarithmic: true }),
    run: |values| Ok(chain(values).run().into()),
};

fn chain(values: &Values) -> UniformChain {
    UniformChain {
        depth: values.whole("depth"),
        activation: activation(values),
        weight: values.real("weight"),
        bias: values.real("bias"),
        input: values.real("input"),
    }
}

const GRADIENT_BY_LAYER: Experiment = Experiment {
    name: "gradient-by-layer",
    measures: "a random gradient sent back through random networks: what arrives at each layer",
    pages: "8, 12 to 15, 17 to 20, 22, 23",
    parameters: &[WIDTH, DEPTH, ACTIVATION, INIT, WEIGHT_STD, BIAS_STD, NORM, RESIDUAL, BATCH, SEEDS, SEED],
    plot: Some(Plot { x: "layer", y: &["delta_norm_mean", "weight_grad_norm_mean"], logarithmic: true }),
    run: |values| {
        let network = gradient_by_layer(values);
        fits(network.width, network.depth, network.batch)?;
        Ok(Outcome { table: network.run()?, remarks: network.findings()? })
    },
};

fn gradient_by_layer(values: &Values) -> GradientByLayer {
    GradientByLayer {
        width: values.whole("width"),
        depth: values.whole("depth"),
        activation: activation(values),
        init: init(values),
        weight_std: values.real("weight-std"),
        bias_std: values.real("bias-std"),
        norm: norm(values),
        residual: values.real_or_none("residual"),
        batch: values.whole("batch"),
        seeds: values.whole("seeds"),
        seed: values.whole("seed") as u64,
    }
}

const MEAN_FIELD: Experiment = Experiment {
    name: "mean-field",
    measures: "layers of infinite width by quadrature: where variance, gradient and correlation lead",
    pages: "13, 18 to 20",
    parameters: &[
        Parameter { default: "tanh", ..ACTIVATION },
        Parameter { meaning: "σ_w: weights are N(0, S²/fan_in)", range: Range::Real(0.0, 1000.0), ..WEIGHT_STD },
        Parameter {
            meaning: "σ_b, the standard deviation of the biases", range: Range::Real(0.0, 1000.0), ..BIAS_STD
        },
        Parameter {
            name: "to",
            meaning: "with --points: the last σ_w of a sweep that begins at --weight-std",
            range: Range::Real(0.0, 1000.0),
            default: "2",
        },
        Parameter {
            name: "points", meaning: "how many σ_w, evenly apart", range: Range::Whole(1, 1000), default: "1"
        },
    ],
    plot: Some(Plot { x: "weight_var", y: &["chi1"], logarithmic: false }),
    run: |values| {
        let (from, to, points) = (values.real("weight-std"), values.real("to"), values.whole("points"));
        let step = if points > 1 { (to - from) / (points - 1) as f64 } else { 0.0 };
        let layer = |k: usize| {
            let weight_std = from + step * k as f64;
            mean_field(values, weight_std)
        };
        Ok(mean_field::table(&(0..points).map(layer).collect::<Vec<_>>()).into())
    },
};

fn mean_field(values: &Values, weight_std: f64) -> MeanField {
    MeanField {
        activation: activation(values),
        weight_var: weight_std.powi(2),
        bias_var: values.real("bias-std").powi(2),
    }
}

const TRAIN: Experiment = Experiment {
    name: "train",
    measures: "a network that learns digits or two spirals: loss, accuracy and each layer's gradient, epoch by epoch",
    pages: "10, 16, 22 to 24, 27, 28",
    parameters: &[
        Parameter { name: "data", meaning: "what it learns", range: Range::OneOf(DATA), default: "digits" },
        Parameter { meaning: "hidden layers", range: Range::Whole(0, 1000), default: "5", ..DEPTH },
        Parameter { meaning: "neurons of each hidden layer", default: "30", ..WIDTH },
        ACTIVATION,
        INIT,
        WEIGHT_STD,
        BIAS_STD,
        NORM,
        RESIDUAL,
        Parameter { name: "optimizer", meaning: "what makes a step", range: Range::OneOf(METHODS), default: "sgd" },
        Parameter { name: "learning-rate", meaning: "α", range: Range::Real(0.0, 1e6), default: "0.1" },
        Parameter { name: "epsilon", meaning: "ε of Adam", range: Range::Real(0.0, 1e300), default: "1e-8" },
        Parameter {
            name: "clip",
            meaning: "the norm that gradients are clipped to",
            range: Range::RealOrNone(1e-300, 1e300),
            default: "none",
        },
        Parameter { name: "epochs", meaning: "passes over the data", range: Range::Whole(0, 10_000), default: "30" },
        Parameter { meaning: "examples a step", ..BATCH },
        Parameter { meaning: "it draws weights and order", default: "1", ..SEED },
    ],
    plot: Some(Plot { x: "epoch", y: &["loss", "train_accuracy", "test_accuracy"], logarithmic: false }),
    run: |values| {
        let training = training(values);
        // The measurements go over all examples at once.
        fits(training.width, training.depth + 1, 1437)?;
        let table = training.run()?;
        let diverged = table.numbers("loss").last().is_some_and(|loss| !loss.is_finite());
        let remarks = if diverged { vec!["diverged: the loss is no number any more".into()] } else { vec![] };
        Ok(Outcome { table, remarks })
    },
};

fn training(values: &Values) -> Training {
    Training {
        data: chosen(values.word("data"), &Data::ALL, Data::name),
        depth: values.whole("depth"),
        width: values.whole("width"),
        activation: activation(values),
        init: init(values),
        weight_std: values.real("weight-std"),
        bias_std: values.real("bias-std"),
        norm: norm(values),
        residual: values.real_or_none("residual"),
        optimiser: chosen(values.word("optimizer"), &Method::ALL, Method::name),
        learning_rate: values.real("learning-rate"),
        epsilon: values.real("epsilon"),
        clip: values.real_or_none("clip"),
        epochs: values.whole("epochs"),
        batch: values.whole("batch"),
        seed: values.whole("seed") as u64,
    }
}

const THROUGH_TIME: Experiment = Experiment {
    name: "through-time",
    measures: "a recurrent cell: how much of a change of its first state is left after each step",
    pages: "25, 26",
    parameters: &[
        Parameter { name: "cell", meaning: "which cell", range: Range::OneOf(&["rnn", "lstm", "gru"]), default: "rnn" },
        Parameter { meaning: "φ of the RNN; the others have σ and tanh", default: "tanh", ..ACTIVATION },
        Parameter { meaning: "n, the width of h", range: Range::Whole(1, 128), default: "32", ..WIDTH },
        Parameter { name: "steps", meaning: "T", range: Range::Whole(0, 10_000), default: "100" },
        Parameter {
            name: "spectral-norm",
            meaning: "the largest singular value of the weights from state to state",
            range: Range::Real(0.0, 1e6),
            default: "0.95",
        },
        Parameter {
            name: "orthogonal",
            meaning: "whether all singular values are that large",
            range: Range::OneOf(&["no", "yes"]),
            default: "no",
        },
        Parameter {
            name: "forget-bias",
            meaning: "of the LSTM's forget gate, or of the GRU's",
            range: Range::Real(-1e3, 1e3),
            default: "1",
        },
        Parameter {
            name: "input-std",
            meaning: "the standard deviation of the inputs, ten a step",
            range: Range::Real(0.0, 1e300),
            default: "1",
        },
        Parameter { meaning: "of weights and inputs", default: "1", ..SEED },
    ],
    plot: Some(Plot { x: "step", y: &["jacobian_norm"], logarithmic: true }),
    run: |values| Ok(through_time(values).run().into()),
};

fn through_time(values: &Values) -> ThroughTime {
    ThroughTime {
        cell: chosen(values.word("cell"), &[Kind::Rnn, Kind::Lstm, Kind::Gru], |kind| match kind {
            Kind::Rnn => "rnn",
            Kind::Lstm => "lstm",
            Kind::Gru => "gru",
        }),
        activation: activation(values),
        width: values.whole("width"),
        steps: values.whole("steps"),
        spectral_norm: values.real("spectral-norm"),
        orthogonal: values.word("orthogonal") == "yes",
        forget_bias: values.real("forget-bias"),
        input_std: values.real("input-std"),
        seed: values.whole("seed") as u64,
    }
}

const PRECISION: Experiment = Experiment {
    name: "precision",
    measures: "a small network stored in f16, bf16, f32 and f64: the step after which nothing moves any more",
    pages: "7, 16",
    parameters: &[
        Parameter { range: Range::Whole(1, 100), default: "4", ..DEPTH },
        Parameter { meaning: "neurons of each hidden layer", range: Range::Whole(1, 256), default: "8", ..WIDTH },
        ACTIVATION,
        Parameter { name: "learning-rate", meaning: "α", range: Range::Real(0.0, 1e6), default: "0.2" },
        Parameter { name: "steps", meaning: "how many at most", range: Range::Whole(1, 1_000_000), default: "10000" },
        Parameter { meaning: "images, all in each step", range: Range::Whole(1, 1437), default: "8", ..BATCH },
        Parameter {
            name: "loss-scale",
            meaning: "what the loss is multiplied by, and its gradient divided by again",
            range: Range::Real(1e-300, 1e300),
            default: "1",
        },
        Parameter { meaning: "of the weights", default: "1", ..SEED },
    ],
    plot: None,
    run: |values| Ok(precision(values).run()?.into()),
};

fn precision(values: &Values) -> Precision {
    Precision {
        depth: values.whole("depth"),
        width: values.whole("width"),
        activation: activation(values),
        learning_rate: values.real("learning-rate"),
        steps: values.whole("steps"),
        batch: values.whole("batch"),
        loss_scale: values.real("loss-scale"),
        seed: values.whole("seed") as u64,
    }
}

fn activation(values: &Values) -> Activation {
    chosen(values.word("activation"), &Activation::ALL, Activation::name)
}

fn init(values: &Values) -> Init {
    chosen(values.word("init"), &Init::ALL, Init::name)
}

fn norm(values: &Values) -> Option<Over> {
    match values.word("norm") {
        "batch" => Some(Over::Batch),
        "layer" => Some(Over::Layer),
        _ => None,
    }
}

/// The one that has this name, written in small letters and without spaces.
fn chosen<T: Copy>(word: &str, all: &[T], name: fn(T) -> &'static str) -> T {
    let found = all.iter().find(|item| flag(name(**item)) == word);
    *found.unwrap_or_else(|| panic!("{word} is on the list of words, but nothing has this name"))
}

/// A name as it is written on the command line: `leaky ReLU` is `leaky-relu`.
fn flag(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// Weights and their gradients, outputs, δ, and what a report computes from them.
fn fits(width: usize, depth: usize, batch: usize) -> Result<(), RunError> {
    let numbers = depth as f64 * width as f64 * (2 * width + 4 * batch) as f64;
    let gigabytes = numbers * size_of::<f64>() as f64 / 1e9;
    if gigabytes > MOST_GIGABYTES { Err(RunError::TooLarge { width, depth, batch, gigabytes }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults(experiment: &Experiment) -> Values {
        Values::read(experiment.parameters, |_| None).unwrap()
    }

    #[test]
    fn unless_told_otherwise_an_experiment_is_the_books_own() {
        assert_eq!(chain(&defaults(&CHAIN)), UniformChain::default());
        assert_eq!(mean_field(&defaults(&MEAN_FIELD), 1.0), MeanField::default());
        assert_eq!(through_time(&defaults(&THROUGH_TIME)), ThroughTime::default());
        assert_eq!(precision(&defaults(&PRECISION)), Precision::default());
        assert_eq!(training(&defaults(&TRAIN)), Training::default());
        assert_eq!(gradient_by_layer(&defaults(&GRADIENT_BY_LAYER)), GradientByLayer::default());
    }

    #[test]
    fn every_word_means_something() {
        for (words, names) in
            [(ACTIVATIONS, Activation::ALL.map(Activation::name).to_vec()), (INITS, Init::ALL.map(Init::name).to_vec())]
        {
            assert_eq!(words.to_vec(), names.into_iter().map(flag).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_drawn_is_in_the_table() {
        for experiment in EXPERIMENTS {
            let few = |name: &str| match name {
                "seeds" | "batch" | "depth" | "epochs" | "steps" => Some("2".into()),
                "width" => Some("4".into()),
                _ => None,
            };
            let table = (experiment.run)(&Values::read(experiment.parameters, few).unwrap()).unwrap().table;
            let plot = experiment.plot.into_iter().flat_map(|plot| [plot.x].into_iter().chain(plot.y.iter().copied()));
            for column in plot {
                assert!(!table.numbers(column).is_empty(), "{} has no {column}", experiment.name);
            }
        }
    }

    #[test]
    fn more_than_a_machine_has_room_for_is_refused() {
        let huge = |name: &str| matches!(name, "width" | "depth").then(|| "2048".into());
        let values = Values::read(GRADIENT_BY_LAYER.parameters, huge).unwrap();
        assert_eq!(
            (GRADIENT_BY_LAYER.run)(&values).unwrap_err().to_string(),
            "--width 2048, --depth 2048 and --batch 16 need 139.6 GB; expected at most 1"
        );
    }
}

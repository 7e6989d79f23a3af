//! Networks that are trained, in f64 or in shorter formats, and cells that are unrolled.

use super::settings::{
    ACTIVATION, BATCH, BIAS_STD, DATA, DEPTH, INIT, METHODS, NORM, RESIDUAL, SEED, WEIGHT_STD, WIDTH, activation,
    chosen, fits, init, norm,
};
use super::{Experiment, Outcome, Parameter, Plot, Range, Values};
use crate::dataset::Data;
use crate::low_precision::Precision;
use crate::through_time::{Kind, ThroughTime};
use crate::training::{Method, Training};

pub(super) const TRAIN: Experiment = Experiment {
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

pub(super) fn training(values: &Values) -> Training {
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

pub(super) const THROUGH_TIME: Experiment = Experiment {
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

pub(super) fn through_time(values: &Values) -> ThroughTime {
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

pub(super) const PRECISION: Experiment = Experiment {
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

pub(super) fn precision(values: &Values) -> Precision {
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

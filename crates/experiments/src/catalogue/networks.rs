//! Networks before their first step: the chain, random networks, and networks of infinite width.

use super::settings::{
    ACTIVATION, BATCH, BIAS_STD, DEPTH, INIT, NORM, RESIDUAL, SEED, SEEDS, WEIGHT_STD, WIDTH, activation, fits, init,
    norm,
};
use super::{Experiment, Outcome, Parameter, Plot, Range, Values};
use crate::chain::UniformChain;
use crate::gradient_by_layer::GradientByLayer;
use crate::mean_field::{self, MeanField};

pub(super) const CHAIN: Experiment = Experiment {
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

pub(super) fn chain(values: &Values) -> UniformChain {
    UniformChain {
        depth: values.whole("depth"),
        activation: activation(values),
        weight: values.real("weight"),
        bias: values.real("bias"),
        input: values.real("input"),
    }
}

pub(super) const GRADIENT_BY_LAYER: Experiment = Experiment {
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

pub(super) fn gradient_by_layer(values: &Values) -> GradientByLayer {
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

pub(super) const MEAN_FIELD: Experiment = Experiment {
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

pub(super) fn mean_field(values: &Values, weight_std: f64) -> MeanField {
    MeanField {
        activation: activation(values),
        weight_var: weight_std.powi(2),
        bias_var: values.real("bias-std").powi(2),
    }
}

//! One layer of a network, whatever it does, and a row of them: forward, then backward through the same layers.

use crate::{
    Activation, Dense, DenseGradient, Error, Layers, Norm, NormGradient, Pass, Residual, ResidualGradient, Subnormals,
    norm, together,
};
use ndarray::{Array1, Array2, ArrayView2};
use pulp::Arch;

/// Why a layer may take its arrays for slices.
pub(crate) const IN_ROWS: &str = "the outputs of a layer lie row by row in memory";

/// A layer. It only passes on to the operation that it holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// `a = φ(x w + b)`.
    Dense(Dense),
    /// `a = γ x̂ + β`.
    Norm(Norm),
    /// `a = φ(x)`, for an activation that stands behind a norm.
    Activate(Activation),
    /// `a = x + s · branch(x)`.
    Residual(Residual),
}

/// The gradient of a layer's parameters, in their shapes.
#[derive(Clone, Debug, PartialEq)]
pub enum Gradient {
    /// Of a dense layer.
    Dense(DenseGradient),
    /// Of a norm.
    Norm(NormGradient),
    /// An activation has no parameters.
    Activate,
    /// Of a residual layer: its scale, and its branch's pass with the gradients in it.
    Residual(ResidualGradient),
}

impl From<Dense> for Layer {
    fn from(dense: Dense) -> Self {
        Self::Dense(dense)
    }
}

impl From<Norm> for Layer {
    fn from(norm: Norm) -> Self {
        Self::Norm(norm)
    }
}

impl From<Activation> for Layer {
    fn from(activation: Activation) -> Self {
        Self::Activate(activation)
    }
}

impl From<Residual> for Layer {
    fn from(residual: Residual) -> Self {
        Self::Residual(residual)
    }
}

impl Layer {
    /// The dense layer that this is.
    ///
    /// # Panics
    ///
    /// If it is another kind of layer.
    pub fn dense(&self) -> &Dense {
        self.as_dense().unwrap_or_else(|| panic!("expected a dense layer, found {self:?}"))
    }

    /// The dense layer that this is, if it is one.
    pub(crate) fn as_dense(&self) -> Option<&Dense> {
        if let Self::Dense(dense) = self { Some(dense) } else { None }
    }

    /// How many values it takes; `None` if any number will do.
    pub fn inputs(&self) -> Option<usize> {
        match self {
            Self::Dense(dense) => Some(dense.fan_in()),
            Self::Norm(norm) => Some(norm.width()),
            Self::Activate(_) => None,
            Self::Residual(residual) => Some(residual.width()),
        }
    }

    /// How many values it gives for that many inputs.
    pub fn outputs(&self, inputs: usize) -> usize {
        if let Self::Dense(dense) = self { dense.fan_out() } else { inputs }
    }

    /// φ, if the layer has one.
    pub fn activation(&self) -> Option<Activation> {
        match self {
            Self::Dense(dense) => Some(dense.activation),
            Self::Activate(activation) => Some(*activation),
            Self::Norm(_) | Self::Residual(_) => None,
        }
    }

    /// `a` from `x`, (batch, inputs) to (batch, outputs). `kept` is written by residual layers only.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit, or `kept` is of another kind of layer.
    pub fn forward_into(&self, x: ArrayView2<f64>, kept: &mut Gradient, a: &mut Array2<f64>) {
        match (self, kept) {
            (Self::Dense(dense), _) => dense.forward_into(x, a.view_mut()),
            (Self::Norm(norm), _) => norm.forward_into(x, a),
            (Self::Activate(activation), _) => {
                a.assign(&x);
                activation.apply(a.as_slice_mut().expect(IN_ROWS));
            }
            (Self::Residual(residual), Gradient::Residual(kept)) => residual.forward_into(x, kept, a),
            (Self::Residual(_), _) => panic!("the pass was made for another network"),
        }
    }

    /// From `∂L/∂a` to the gradient of the parameters and `∂L/∂x`. `x` and `a` are what the forward pass took and gave.
    ///
    /// `delta` comes in as `∂L/∂a`. Where the layer has an activation it goes out as `δ = ∂L/∂z`, otherwise as it came.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit, or `gradient` is of another kind of layer.
    pub fn backward_into(
        &self,
        x: ArrayView2<f64>,
        a: ArrayView2<f64>,
        delta: &mut Array2<f64>,
        gradient: &mut Gradient,
        dx: Option<&mut Array2<f64>>,
    ) {
        match (self, gradient) {
            (Self::Dense(dense), Gradient::Dense(gradient)) => dense.backward_into(x, a, delta, gradient, dx),
            (Self::Norm(norm), Gradient::Norm(gradient)) => norm.backward_into(x, delta.view(), gradient, dx),
            (Self::Activate(activation), Gradient::Activate) => {
                let kept = if activation.keeps_z() { x } else { a };
                let in_rows = (delta.as_slice_mut(), kept.as_slice());
                let (Some(delta_numbers), Some(kept)) = in_rows else { panic!("{IN_ROWS}") };
                activation.times_slope(delta_numbers, kept);
                if let Some(dx) = dx {
                    dx.assign(delta);
                }
            }
            (Self::Residual(residual), Gradient::Residual(kept)) => residual.backward_into(delta.view(), kept, dx),
            _ => panic!("the pass was made for another network"),
        }
    }

    /// φ′(z) of every neuron and example, from what the layer took and gave; `None` without an activation.
    pub(crate) fn slopes(&self, x: ArrayView2<f64>, a: ArrayView2<f64>) -> Option<Array2<f64>> {
        match self {
            Self::Dense(dense) => Some(dense.slopes(x, a)),
            Self::Activate(activation) => {
                let kept = if activation.keeps_z() { x } else { a };
                Some(kept.mapv(|kept| activation.slope(kept)))
            }
            Self::Norm(_) | Self::Residual(_) => None,
        }
    }

    /// A gradient of this layer's shape, all zero, for a batch of the given size.
    pub(crate) fn zero_gradient(&self, batch: usize) -> Gradient {
        match self {
            Self::Dense(dense) => Gradient::Dense(dense.zero_gradient()),
            Self::Norm(norm) => Gradient::Norm(norm.zero_gradient()),
            Self::Activate(_) => Gradient::Activate,
            Self::Residual(residual) => Gradient::Residual(ResidualGradient {
                dscale: 0.0,
                branch: Pass::of(&residual.branch, residual.width(), batch),
            }),
        }
    }

    /// Calls `visit` with each of the layer's parameters and the gradient of it, always in the same order.
    ///
    /// # Panics
    ///
    /// If the gradient is not of this layer's shape.
    pub fn visit(&mut self, gradient: &mut Gradient, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
        match (self, gradient) {
            (Self::Dense(dense), Gradient::Dense(gradient)) => {
                visit(in_order(&mut dense.w), in_order(&mut gradient.dw));
                visit(numbers(&mut dense.b), numbers(&mut gradient.db));
            }
            (Self::Norm(norm), Gradient::Norm(gradient)) => {
                visit(numbers(&mut norm.gain), numbers(&mut gradient.dgain));
                visit(numbers(&mut norm.shift), numbers(&mut gradient.dshift));
            }
            (Self::Activate(_), Gradient::Activate) => {}
            (Self::Residual(residual), Gradient::Residual(gradient)) => {
                if residual.learn_scale {
                    visit(std::slice::from_mut(&mut residual.scale), std::slice::from_mut(&mut gradient.dscale));
                }
                visit_all(&mut residual.branch, &mut gradient.branch, visit);
            }
            _ => panic!("the gradient is of another network"),
        }
    }
}

impl Gradient {
    /// The gradient of a dense layer.
    ///
    /// # Panics
    ///
    /// If it is of another kind of layer.
    pub fn dense(&self) -> &DenseGradient {
        match self {
            Self::Dense(gradient) => gradient,
            other => panic!("expected the gradient of a dense layer, found {other:?}"),
        }
    }

    /// The norm of the gradient of all weights: of `∂L/∂w` of a dense layer, and of those of all layers of a branch together. 0 where
    /// there are no weights, as in a norm.
    pub fn weight_norm(&self) -> f64 {
        match self {
            Self::Dense(gradient) => norm(&gradient.dw),
            Self::Norm(_) | Self::Activate => 0.0,
            Self::Residual(gradient) => {
                norm(&gradient.branch.gradient.iter().map(Self::weight_norm).collect::<Vec<_>>())
            }
        }
    }
}

/// Weights are kept in rows one after the other, so that every layer's parameters are plain slices.
fn in_order(w: &mut Array2<f64>) -> &mut [f64] {
    w.as_slice_mut().expect("weights lie row by row in memory")
}

fn numbers(values: &mut Array1<f64>) -> &mut [f64] {
    values.as_slice_mut().expect("an array of one dimension lies in one piece")
}

/// The inputs of the first and the outputs of the last layer of a row.
///
/// # Errors
///
/// If there is no layer, neighbours don't fit, a side is empty, or no layer says how many values it takes.
pub(crate) fn widths(layers: &Layers<Layer>) -> Result<(usize, usize), Error> {
    let Some(inputs) = layers.iter().find_map(Layer::inputs) else {
        return Err(Error::NoLayers { widths: vec![] });
    };
    let mut width = inputs;
    for (l, layer) in (1..).zip(layers) {
        let fan_in = layer.inputs().unwrap_or(width);
        let fan_out = layer.outputs(fan_in);
        if fan_in == 0 || fan_out == 0 {
            return Err(Error::EmptyLayer { layer: l, fan_in, fan_out });
        }
        if fan_in != width {
            return Err(Error::WidthMismatch { layer: l - 1, fan_out: width, fan_in });
        }
        width = fan_out;
    }
    Ok((inputs, width))
}

/// `a[0] = x`, then each layer in turn.
pub(crate) fn forward(layers: &Layers<Layer>, x: ArrayView2<f64>, pass: &mut Pass) {
    pass.a[0].assign(&x);
    if let Some(dense) = together::dense_layers(layers, &pass.a) {
        return together::forward(&dense, &mut pass.a);
    }
    for (l, layer) in (1..).zip(layers) {
        let (before, from) = pass.a.split_at_mut(l);
        layer.forward_into(before[l - 1].view(), &mut pass.gradient[l], &mut from[0]);
    }
}

/// From the last layer, whose `delta` holds `∂L/∂a`, to the first, and to `dx` if it is asked for.
pub(crate) fn backward(layers: &Layers<Layer>, pass: &mut Pass, dx: Option<&mut Array2<f64>>, subnormals: Subnormals) {
    let mut dx = dx;
    for l in (1..=layers.depth()).rev() {
        backward_through(&layers[l], l, pass, dx.take_if(|_| l == 1), subnormals);
    }
}

/// Layer l, whose `delta` holds `∂L/∂a`, and so on to the `delta` of the layer before; layer 1 to `dx`.
pub(crate) fn backward_through(
    layer: &Layer,
    l: usize,
    pass: &mut Pass,
    dx: Option<&mut Array2<f64>>,
    subnormals: Subnormals,
) {
    let (before, delta) = pass.delta.with_previous(l);
    let mut dx = before.or(dx);
    layer.backward_into(pass.a[l - 1].view(), pass.a[l].view(), delta, &mut pass.gradient[l], dx.as_deref_mut());
    if let (Some(dx), Subnormals::Flush) = (dx, subnormals) {
        flush(dx.as_slice_mut().expect(IN_ROWS));
    }
}

/// Every subnormal number becomes a zero of its sign.
pub(crate) fn flush(values: &mut [f64]) {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for v in values {
                // Not `is_subnormal`, which asks for the class of the number, one by one.
                *v = if v.abs() < f64::MIN_POSITIVE { 0.0_f64.copysign(*v) } else { *v };
            }
        },
    );
}

/// [`Layer::visit`] for a row of layers.
pub(crate) fn visit_all(layers: &mut Layers<Layer>, pass: &mut Pass, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
    assert_eq!(layers.depth(), pass.gradient.depth(), "the gradient is of a network of another depth");
    for (layer, gradient) in layers.iter_mut().zip(pass.gradient.iter_mut()) {
        layer.visit(gradient, visit);
    }
}

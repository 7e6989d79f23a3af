//! The way back of plain gradient descent, on which a layer moves as soon as its gradient is known: so the weights go through the
//! processor's memory once less, and the gradient of a dense layer not at all.

use crate::frobenius::root;
use crate::layer::{backward_through, flush};
use crate::product::{HALVED, descent, descent_by_sum, multiply_into};
use crate::{Gradient, Layer, Layers, Pass, Subnormals, parallel, together};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

/// From the last layer, whose `delta` holds `∂L/∂a`, to the first: `w ← w − α ∂L/∂w` for every parameter.
///
/// `norms` gets the norm of each layer's `∂L/∂w`, as [`Gradient::weight_norm`] has it. The gradients of dense layers are not
/// written to `pass`.
pub(crate) fn descend(
    layers: &mut Layers<Layer>,
    pass: &mut Pass,
    alpha: f64,
    subnormals: Subnormals,
    mut norms: Option<&mut Layers<f64>>,
) {
    if let Some(dense) = together::dense_layers(layers, &pass.a) {
        together::backward(&dense, &pass.a, &mut pass.delta, subnormals);
        let squares = together::descend(layers, &pass.a, &pass.delta, alpha);
        for (l, squares) in (1..).zip(squares) {
            if let Some(norms) = &mut norms {
                norms[l] = weight_norm(Some(squares), l, pass);
            }
        }
        return;
    }
    for l in (1..=layers.depth()).rev() {
        let squares = descend_through(&mut layers[l], l, pass, alpha, subnormals);
        if let Some(norms) = &mut norms {
            norms[l] = weight_norm(squares, l, pass);
        }
    }
}

/// Layer l: backward, and its step. Gives the sum of the squares of `∂L/∂w` if the layer is dense.
fn descend_through(layer: &mut Layer, l: usize, pass: &mut Pass, alpha: f64, subnormals: Subnormals) -> Option<f64> {
    let Layer::Dense(dense) = layer else {
        backward_through(layer, l, pass, None, subnormals);
        layer.visit(&mut pass.gradient[l], &mut |w, dw| {
            for (w, dw) in w.iter_mut().zip(dw) {
                *w -= alpha * *dw;
            }
        });
        return None;
    };
    let (before, delta) = pass.delta.with_previous(l);
    let (x, a) = (pass.a[l - 1].view(), pass.a[l].view());
    dense.times_slope(x, a, delta.view_mut());
    let delta = delta.view();
    descent_by_sum(delta, dense.b.view_mut(), alpha).run();
    let w = dense.w.view_mut();
    let Some(dx) = before else {
        return Some(descent(x.reversed_axes(), delta, w, alpha).run());
    };
    let squares = dx_and_descent(x, delta, w, dx.view_mut(), alpha);
    if subnormals == Subnormals::Flush {
        flush(dx.view_mut());
    }
    Some(squares)
}

/// `∂L/∂x = δ wᵀ`, and then `w ← w − α xᵀ δ`. For a single example it is done piece by piece, so that each piece of w is fetched once for
/// both: fetching is what takes the time then.
fn dx_and_descent(
    x: ArrayView2<f64>,
    delta: ArrayView2<f64>,
    w: ArrayViewMut2<f64>,
    dx: ArrayViewMut2<f64>,
    alpha: f64,
) -> f64 {
    let (batch, (fan_in, fan_out)) = (x.nrows(), w.dim());
    if batch > 1 || fan_in < HALVED {
        multiply_into(delta, w.t(), dx);
        return descent(x.reversed_axes(), delta, w, alpha).run();
    }
    // In halves whether there is a second thread or not: the sum of squares is theirs.
    let half = fan_in / 2;
    let ((first_x, second_x), (first_w, second_w)) = (x.split_at(Axis(1), half), w.split_at(Axis(0), half));
    let (first_dx, second_dx) = dx.split_at(Axis(1), half);
    let (first, second) = parallel::join(
        parallel::work(fan_in, batch, fan_out),
        || dx_and_descent(first_x, delta, first_w, first_dx, alpha),
        || dx_and_descent(second_x, delta, second_w, second_dx, alpha),
    );
    first + second
}

/// The norm of layer l's `∂L/∂w`. Where its sum of squares is too small or too large to tell, a dense layer's gradient is computed.
fn weight_norm(squares: Option<f64>, l: usize, pass: &mut Pass) -> f64 {
    if let Some(norm) = squares.and_then(root) {
        return norm;
    }
    let gradient = &mut pass.gradient[l];
    if let Gradient::Dense(gradient) = gradient {
        multiply_into(pass.a[l - 1].t(), pass.delta[l].view(), gradient.dw.view_mut());
    }
    gradient.weight_norm()
}

//! The way back of plain gradient descent, on which a layer moves as soon as its gradient is known: so the weights go through the
//! processor's memory once less, and the gradient of a dense layer not at all.

use crate::frobenius::root;
use crate::layer::{backward_through, flush};
use crate::product::{HALVED, IN_ONE_PIECE, Matrix, Product, multiply_into};
use crate::{Dense, Gradient, Layer, Layers, Pass, Subnormals, parallel, together};
use ndarray::{ArrayView2, ArrayViewMut2};
use pulp::{Arch, Simd, WithSimd};

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
    let (x, a, delta) = (pass.a[l - 1].view(), pass.a[l].view(), delta.view_mut());
    let dx = before.map(|dx| dx.as_slice_mut().expect(IN_ONE_PIECE));
    Some(Arch::new().dispatch(&mut Step { dense, x, a, delta, dx, alpha, subnormals }))
}

/// A dense layer's way back and its step, in one call: of a layer of a few neurons the calls would take most of the time.
struct Step<'a> {
    dense: &'a mut Dense,
    x: ArrayView2<'a, f64>,
    a: ArrayView2<'a, f64>,
    delta: ArrayViewMut2<'a, f64>,
    dx: Option<&'a mut [f64]>,
    alpha: f64,
    subnormals: Subnormals,
}

impl WithSimd for &mut Step<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Step { dense, x, a, delta, dx, alpha, subnormals } = self;
        // δ = ∂L/∂a ⊙ φ′(z)
        dense.times_slope_by(simd, *x, *a, delta.view_mut());
        let x = Matrix::of(*x).expect(IN_ONE_PIECE);
        let delta = Matrix::of(delta.view()).expect(IN_ONE_PIECE);
        let (w, b) = (dense.w.as_slice_mut().expect(IN_ONE_PIECE), dense.b.as_slice_mut().expect(IN_ONE_PIECE));
        // b ← b − α Σ δ
        Product::descent_by_sum(delta, b, *alpha).run_by(simd);
        // w ← w − α xᵀ δ
        let Some(dx) = dx else {
            return Product::descent(x.t(), delta, w, *alpha).run_by(simd);
        };
        let both = DxAndDescent { x, delta, w, dx, alpha: *alpha };
        let squares = if both.pays_in_pieces() { simd.vectorize(both) } else { both.at_once(simd) };
        if *subnormals == Subnormals::Flush {
            flush(dx);
        }
        squares
    }
}

/// `∂L/∂x = δ wᵀ`, and then `w ← w − α xᵀ δ`.
struct DxAndDescent<'a> {
    x: Matrix<'a>,
    delta: Matrix<'a>,
    w: &'a mut [f64],
    dx: &'a mut [f64],
    alpha: f64,
}

impl DxAndDescent<'_> {
    #[inline(always)]
    fn at_once<S: Simd>(self, simd: S) -> f64 {
        let Self { x, delta, w, dx, alpha } = self;
        Product::stored(delta, Matrix::in_rows(w, x.columns, delta.columns).t(), dx).run_by(simd);
        Product::descent(x.t(), delta, w, alpha).run_by(simd)
    }

    /// For a single example: fetching w is what takes the time then.
    #[inline(always)]
    fn pays_in_pieces(&self) -> bool {
        self.x.rows == 1 && self.x.columns >= HALVED
    }

    /// Piece by piece, so that each piece of w is fetched once for both.
    #[inline(always)]
    fn in_pieces<S: Simd>(self, simd: S) -> f64 {
        if !self.pays_in_pieces() {
            return self.at_once(simd);
        }
        let Self { x, delta, w, dx, alpha } = self;
        // In halves by one thread too: the sum of squares is theirs.
        let (fan_in, fan_out) = (x.columns, delta.columns);
        let middle = fan_in / 2;
        let (first_x, second_x) = x.split_columns(middle);
        let (first_w, second_w) = w.split_at_mut(middle * fan_out);
        let (first_dx, second_dx) = dx.split_at_mut(middle);
        let half = |x, w, dx| Self { x, delta, w, dx, alpha };
        let (first, second) = parallel::join(
            parallel::work(fan_in, 1, fan_out),
            || simd.vectorize(half(first_x, first_w, first_dx)),
            || simd.vectorize(half(second_x, second_w, second_dx)),
        );
        first + second
    }
}

impl WithSimd for DxAndDescent<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        self.in_pieces(simd)
    }
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

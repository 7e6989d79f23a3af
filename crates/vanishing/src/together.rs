//! Two threads for a pass through dense layers.
//!
//! What becomes of one example depends on no other. So each thread takes half of the batch forward through all layers, and half of δ
//! back; then each takes half of the weights. They wait for each other three times a step, not at every product.

use crate::layer::flush;
use crate::product::{IN_ONE_PIECE, Matrix, Product, multiply_into};
use crate::{Dense, Layer, Layers, Subnormals, parallel};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

/// With fewer examples than these the halves of a batch cost as much as the whole.
const EXAMPLES: usize = 16;

/// From so many multiply-adds a layer on it does not pay, as each thread would read all weights and copy them: it is better that each
/// product is cut in two, so that a thread has one half of them.
const WIDE: usize = 1 << 22;

/// The layers, if it pays to take the halves of a batch at the same time, and can be done.
pub(crate) fn dense_layers<'a>(layers: &'a Layers<Layer>, a: &[Array2<f64>]) -> Option<Vec<&'a Dense>> {
    let batch = a[0].nrows();
    if batch < EXAMPLES || !parallel::is_possible() {
        return None;
    }
    let dense: Vec<_> = layers.iter().map(Layer::as_dense).collect::<Option<_>>()?;
    let work = work(&dense, batch);
    (parallel::pays(work) && work / dense.len() < WIDE).then_some(dense)
}

/// Multiply-adds of one way through the layers.
fn work(dense: &[&Dense], batch: usize) -> usize {
    dense.iter().map(|dense| dense.w.len()).sum::<usize>() * batch
}

/// `aˡ = φ(aˡ⁻¹ wˡ + bˡ)`, layer by layer from `a[0]` on.
pub(crate) fn forward(dense: &[&Dense], a: &mut [Array2<f64>]) {
    let half = a[0].nrows() / 2;
    let halves = a.iter_mut().map(|a| a.view_mut().split_at(Axis(0), half));
    let (mut first, mut second): (Vec<_>, Vec<_>) = halves.unzip();
    let forward = |a: &mut [ArrayViewMut2<f64>]| {
        for (l, dense) in (1..).zip(dense) {
            let (before, from) = a.split_at_mut(l);
            dense.forward_into(before[l - 1].view(), from[0].view_mut());
        }
    };
    parallel::at_once(|| forward(&mut first), || forward(&mut second));
}

/// From `∂L/∂a` in the last `delta` to `δ` in all of them.
pub(crate) fn backward(dense: &[&Dense], a: &[Array2<f64>], delta: &mut Layers<Array2<f64>>, subnormals: Subnormals) {
    let half = a[0].nrows() / 2;
    let (first_a, second_a): (Vec<_>, Vec<_>) = a.iter().map(|a| a.view().split_at(Axis(0), half)).unzip();
    let halves = delta.iter_mut().map(|delta| delta.view_mut().split_at(Axis(0), half));
    let (first, second): (Vec<_>, Vec<_>) = halves.unzip();
    let backward = |a: &[ArrayView2<f64>], mut delta: Vec<ArrayViewMut2<f64>>| {
        for l in (1..=dense.len()).rev() {
            // Layer l has place l − 1.
            let dense = dense[l - 1];
            let (before, from) = delta.split_at_mut(l - 1);
            dense.times_slope(a[l - 1], a[l], from[0].view_mut());
            if let Some(dx) = before.last_mut() {
                multiply_into(from[0].view(), dense.w.t(), dx.view_mut());
                if subnormals == Subnormals::Flush {
                    flush(dx.as_slice_mut().expect(IN_ONE_PIECE));
                }
            }
        }
    };
    parallel::at_once(|| backward(&first_a, first), || backward(&second_a, second));
}

/// The step of every layer. Gives the sums of the squares of `∂L/∂w`, from the first layer to the last.
pub(crate) fn descend(
    layers: &mut Layers<Layer>,
    a: &[Array2<f64>],
    delta: &Layers<Array2<f64>>,
    alpha: f64,
) -> Vec<f64> {
    let (mut first, mut second) = (vec![], vec![]);
    for (l, layer) in (1..).zip(layers.iter_mut()) {
        let Layer::Dense(dense) = layer else { unreachable!("all layers are dense") };
        let (w, b) = (dense.w.as_slice_mut().expect(IN_ONE_PIECE), dense.b.as_slice_mut().expect(IN_ONE_PIECE));
        let [x, delta] = [&a[l - 1], &delta[l]].map(|of| Matrix::of(of.view()).expect(IN_ONE_PIECE));
        let w = Product::descent(x.t(), delta, w, alpha);
        let b = Product::descent_by_sum(delta, b, alpha);
        if w.is_halved() {
            let (above, below) = w.halves();
            first.push((l, above));
            second.push((l, below));
        } else if l % 2 == 0 {
            first.push((l, w));
        } else {
            second.push((l, w));
        }
        second.push((0, b));
    }
    let run = |products: Vec<(usize, Product)>| {
        products.into_iter().map(|(l, product)| (l, product.run())).collect::<Vec<_>>()
    };
    let (first, second) = parallel::at_once(|| run(first), || run(second));
    let mut squares = vec![0.0; layers.depth() + 1];
    for (l, sum) in first.into_iter().chain(second) {
        squares[l] += sum;
    }
    squares.split_off(1)
}

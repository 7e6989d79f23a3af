mod answer;

use exercises::Checks;
use vanishing::{Array2, Dense, DenseGradient, ndarray::Axis, sigmoid_slope};

type Matrix = Array2<f64>;
type Gradients = (DenseGradient, Matrix);

/// Equations three and four, and the product of two. The matrix is δ.
fn from_delta(layer: &Dense, x: &Matrix, delta: &Matrix) -> Gradients {
    let gradient = DenseGradient { dw: x.t().dot(delta), db: delta.sum_axis(Axis(0)) };
    (gradient, delta.dot(&layer.w.t()))
}

fn right(layer: &Dense, x: &Matrix, a: &Matrix, da: &Matrix) -> Gradients {
    from_delta(layer, x, &(da * &a.mapv(|a| a * (1.0 - a))))
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the four equations", || answer::test(right));
    checks.passes("the book's own layer", || {
        answer::test(|layer, x, a, da| {
            let (_, gradient, dx) = layer.backward(x, a, da);
            (gradient, dx)
        });
    });
    checks.kills("no slope: ∂L/∂a taken for δ", || {
        answer::test(|layer, x, _, da| from_delta(layer, x, da));
    });
    checks.kills("the slope at a, not at z", || {
        answer::test(|layer, x, a, da| from_delta(layer, x, &(da * &a.mapv(sigmoid_slope))));
    });
    checks.kills("∂L/∂b: the mean of δ, not the sum", || {
        answer::test(|layer, x, a, da| {
            let (mut gradient, dx) = right(layer, x, a, da);
            gradient.db /= x.nrows() as f64;
            (gradient, dx)
        });
    });
    checks.kills("∂L/∂w: divided by the batch once more", || {
        answer::test(|layer, x, a, da| {
            let (mut gradient, dx) = right(layer, x, a, da);
            gradient.dw /= x.nrows() as f64;
            (gradient, dx)
        });
    });
    checks.kills("∂L/∂b: the δ of the first example only", || {
        answer::test(|layer, x, a, da| {
            let (mut gradient, dx) = right(layer, x, a, da);
            gradient.db.assign(&(da * &a.mapv(|a| a * (1.0 - a))).row(0));
            (gradient, dx)
        });
    });
    checks.kills("∂L/∂x: w, not its transpose", || {
        answer::test(|layer, x, a, da| {
            let delta = da * &a.mapv(|a| a * (1.0 - a));
            (right(layer, x, a, da).0, delta.dot(&layer.w))
        });
    });
    checks.kills("∂L/∂x: from ∂L/∂a, before the slope", || {
        answer::test(|layer, x, a, da| (right(layer, x, a, da).0, da.dot(&layer.w.t())));
    });
    checks.finish()
}

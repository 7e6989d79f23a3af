//! What anyone writes first with ndarray: every operation makes a new array.

use grid::{Activation, LEARNING_RATE, Matrix, Point, Training};
use ndarray::{Array1, Array2, Axis};
use std::process::ExitCode;

type Function = fn(f64) -> f64;

struct Plain {
    layers: Vec<(Array2<f64>, Array1<f64>)>,
    value: Function,
    /// φ′ from the output of φ.
    slope: Function,
    x: Array2<f64>,
    y: Array2<f64>,
    loss: f64,
}

impl Training for Plain {
    fn step(&mut self) {
        let last = self.layers.len() - 1;
        let mut a = vec![self.x.clone()];
        for (l, (w, b)) in self.layers.iter().enumerate() {
            let z = a[l].dot(w) + b;
            a.push(if l == last { z } else { z.mapv(self.value) });
        }
        let batch = self.y.nrows() as f64;
        let error = &a[last + 1] - &self.y;
        self.loss = 0.5 * error.mapv(|e| e * e).sum() / batch;
        let mut delta = error / batch;
        for (l, (w, b)) in self.layers.iter_mut().enumerate().rev() {
            let dw = a[l].t().dot(&delta);
            let db = delta.sum_axis(Axis(0));
            if l > 0 {
                delta = delta.dot(&w.t()) * a[l].mapv(self.slope);
            }
            *w -= &(dw * LEARNING_RATE);
            *b -= &(db * LEARNING_RATE);
        }
    }

    fn loss(&self) -> f64 {
        self.loss
    }
}

// The system's own exp and tanh are what anyone writes first.
#[allow(clippy::disallowed_methods)]
fn start(point: &Point) -> Box<dyn Training> {
    let (value, slope): (Function, Function) = match point.activation {
        Activation::Relu => (|z| z.max(0.0), |a| if a > 0.0 { 1.0 } else { 0.0 }),
        Activation::Sigmoid => (|z| 1.0 / (1.0 + (-z).exp()), |a| a * (1.0 - a)),
        Activation::Tanh => (f64::tanh, |a| 1.0 - a * a),
    };
    let layers = point.weights().map(array).map(|w| {
        let b = Array1::zeros(w.ncols());
        (w, b)
    });
    let (x, y) = (array(point.inputs()), array(point.targets()));
    Box::new(Plain { layers: layers.collect(), value, slope, x, y, loss: f64::NAN })
}

fn array((shape, values): Matrix) -> Array2<f64> {
    Array2::from_shape_vec(shape, values).expect("as many values as the shape says")
}

fn main() -> ExitCode {
    grid::serve("ndarray", &[("allocating", start)])
}

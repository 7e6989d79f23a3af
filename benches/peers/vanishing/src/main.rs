//! The step of the book's own crate.

use grid::{LEARNING_RATE, Matrix, Point, Training};
use std::process::ExitCode;
use vanishing::{Activation, Array1, Array2, Dense, Loss, Network, Optimiser, Pass, Sgd, norm};

/// The step that is timed: everything else in this file only prepares it.
fn step(network: &mut Network, x: &Array2<f64>, y: &Array2<f64>, pass: &mut Pass, sgd: &mut Sgd) {
    sgd.train_step(network, x.view(), y.view(), pass, &mut |_, _| {});
}

/// The same, and the size of each layer's ∂L/∂w, what the book's pages show of a training.
fn step_with_norms(
    network: &mut Network,
    x: &Array2<f64>,
    y: &Array2<f64>,
    pass: &mut Pass,
    sgd: &mut Sgd,
    norms: &mut [f64],
) {
    sgd.train_step(network, x.view(), y.view(), pass, &mut |l, gradient| norms[l - 1] = norm(&gradient.dense().dw));
}

struct Ours {
    network: Network,
    x: Array2<f64>,
    y: Array2<f64>,
    pass: Pass,
    sgd: Sgd,
    /// Of each layer, if the variant asks for them.
    norms: Option<Vec<f64>>,
}

impl Ours {
    fn new(point: &Point, with_norms: bool) -> Self {
        let hidden = match point.activation {
            grid::Activation::Relu => Activation::Relu,
            grid::Activation::Sigmoid => Activation::Sigmoid,
            grid::Activation::Tanh => Activation::Tanh,
        };
        let depth = point.widths.len() - 1;
        let layers = (1..).zip(point.weights()).map(|(l, w)| {
            let w = array(w);
            let b = Array1::zeros(w.ncols());
            Dense::new(w, b, if l == depth { Activation::Identity } else { hidden }).expect("finite weights that fit")
        });
        let network = Network::from_layers(layers.collect(), Loss::SquaredError).expect("layers that fit");
        let pass = Pass::new(&network, point.batch);
        let norms = with_norms.then(|| vec![0.0; depth]);
        let sgd = Sgd::new(LEARNING_RATE).expect("a learning rate");
        Self { network, x: array(point.inputs()), y: array(point.targets()), pass, sgd, norms }
    }
}

impl Training for Ours {
    fn step(&mut self) {
        let Self { network, x, y, pass, sgd, norms } = self;
        match norms {
            None => step(network, x, y, pass, sgd),
            Some(norms) => step_with_norms(network, x, y, pass, sgd, std::hint::black_box(norms)),
        }
    }

    fn loss(&self) -> f64 {
        self.pass.loss
    }
}

fn array((shape, values): Matrix) -> Array2<f64> {
    Array2::from_shape_vec(shape, values).expect("as many values as the shape says")
}

fn main() -> ExitCode {
    grid::serve(
        "vanishing",
        &[
            ("step", |point| Box::new(Ours::new(point, false))),
            ("with gradient norms", |point| Box::new(Ours::new(point, true))),
        ],
    )
}

//! The step of the book's own crate.

use grid::{LEARNING_RATE, Matrix, Point, Training};
use vanishing::{Activation, Array1, Array2, Dense, Layers, Loss, Network, Optimiser, Pass, Sgd};

/// The step that is timed: everything else in this file only prepares it.
///
/// `norms` gets the norm of each layer's ∂L/∂w, what the book's pages show of a training, if somebody asks for them.
fn step(ours: &mut Ours) {
    let Ours { network, x, y, pass, sgd, norms } = ours;
    sgd.train_step(network, x.view(), y.view(), pass, norms.as_mut());
}

/// A network of the grid in training, with all that its steps need.
pub struct Ours {
    network: Network,
    x: Array2<f64>,
    y: Array2<f64>,
    pass: Pass,
    sgd: Sgd,
    norms: Option<Layers<f64>>,
}

impl Ours {
    /// At its start; `with_norms` if each step is to take the size of each layer's ∂L/∂w too.
    pub fn new(point: &Point, with_norms: bool) -> Self {
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
        let norms = with_norms.then(|| (0..depth).map(|_| 0.0).collect());
        let sgd = Sgd::new(LEARNING_RATE).expect("a learning rate");
        Self { network, x: array(point.inputs()), y: array(point.targets()), pass, sgd, norms }
    }
}

impl Training for Ours {
    fn step(&mut self) {
        step(self);
        std::hint::black_box(&self.norms);
    }

    fn loss(&self) -> f64 {
        self.pass.loss
    }
}

fn array((shape, values): Matrix) -> Array2<f64> {
    Array2::from_shape_vec(shape, values).expect("as many values as the shape says")
}

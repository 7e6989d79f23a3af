//! The step in burn on `flex`, its backend for a CPU in pure Rust, with burn's own gradients.

use burn::tensor::activation::{relu, sigmoid, tanh};
use burn::tensor::{DType, Device, Tensor, TensorData};
use grid::{Activation, LEARNING_RATE, Matrix, Point, Training};
use std::process::ExitCode;

struct Burn {
    layers: Vec<(Tensor<2>, Tensor<2>)>,
    activation: Activation,
    x: Tensor<2>,
    y: Tensor<2>,
    loss: Tensor<1>,
}

impl Burn {
    fn new(point: &Point) -> Self {
        let device = Device::flex().autodiff();
        let tensor = |((rows, columns), values): Matrix| {
            Tensor::<2>::from_data(TensorData::new(values, [rows, columns]), (&device, DType::F64))
        };
        let layers = point.weights().map(|w| {
            let b = Tensor::zeros([1, w.0.1], (&device, DType::F64));
            (tensor(w).require_grad(), b.require_grad())
        });
        Self {
            layers: layers.collect(),
            activation: point.activation,
            x: tensor(point.inputs()),
            y: tensor(point.targets()),
            loss: Tensor::zeros([1], (&device, DType::F64)),
        }
    }

    fn forward(&self) -> Tensor<2> {
        let mut a = self.x.clone();
        for (l, (w, b)) in (1..).zip(&self.layers) {
            let z = a.matmul(w.clone()) + b.clone();
            a = match self.activation {
                _ if l == self.layers.len() => z,
                Activation::Relu => relu(z),
                Activation::Sigmoid => sigmoid(z),
                Activation::Tanh => tanh(z),
            };
        }
        a
    }
}

impl Training for Burn {
    fn step(&mut self) {
        let error = self.forward() - self.y.clone();
        self.loss = (error.clone() * error).sum() * (0.5 / self.y.dims()[0] as f64);
        let mut gradients = self.loss.backward();
        // What burn's Sgd does with a parameter of a module.
        let mut update = |parameter: &mut Tensor<2>| {
            let gradient = parameter.grad_remove(&mut gradients).expect("every parameter has a gradient");
            let updated = parameter.clone().inner() - gradient.inner() * LEARNING_RATE;
            *parameter = Tensor::from_inner(updated).require_grad();
        };
        for (w, b) in &mut self.layers {
            update(w);
            update(b);
        }
    }

    fn loss(&self) -> f64 {
        self.loss.clone().into_scalar()
    }
}

fn main() -> ExitCode {
    grid::serve("burn", &[("flex", |point| Box::new(Burn::new(point)))])
}

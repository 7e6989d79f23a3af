//! The step in candle, with its own tensors, gradients and SGD.

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{Optimizer, SGD, ops::sigmoid};
use grid::{Activation, LEARNING_RATE, Matrix, Point, Training};
use std::process::ExitCode;

struct Candle {
    layers: Vec<(Var, Var)>,
    activation: Activation,
    x: Tensor,
    y: Tensor,
    sgd: SGD,
    loss: Tensor,
}

impl Candle {
    fn new(point: &Point) -> Result<Self> {
        let layers = point.weights().map(|w| {
            let b = Var::zeros(w.0.1, DType::F64, &Device::Cpu)?;
            Ok((Var::from_tensor(&tensor(w)?)?, b))
        });
        let layers = layers.collect::<Result<Vec<_>>>()?;
        let variables = layers.iter().flat_map(|(w, b)| [w.clone(), b.clone()]).collect();
        let (x, y) = (tensor(point.inputs())?, tensor(point.targets())?);
        let loss = Tensor::zeros((), DType::F64, &Device::Cpu)?;
        Ok(Self { layers, activation: point.activation, x, y, sgd: SGD::new(variables, LEARNING_RATE)?, loss })
    }

    fn forward(&self) -> Result<Tensor> {
        let mut a = self.x.clone();
        for (l, (w, b)) in (1..).zip(&self.layers) {
            let z = a.matmul(w)?.broadcast_add(b)?;
            a = match self.activation {
                _ if l == self.layers.len() => z,
                Activation::Relu => z.relu()?,
                Activation::Sigmoid => sigmoid(&z)?,
                Activation::Tanh => z.tanh()?,
            };
        }
        Ok(a)
    }

    fn try_step(&mut self) -> Result<()> {
        let error = (self.forward()? - &self.y)?;
        self.loss = (error.sqr()?.sum_all()? * (0.5 / self.y.dim(0)? as f64))?;
        self.sgd.backward_step(&self.loss)
    }
}

impl Training for Candle {
    fn step(&mut self) {
        self.try_step().expect("shapes that fit");
    }

    fn loss(&self) -> f64 {
        self.loss.to_scalar().expect("an f64")
    }
}

fn tensor((shape, values): Matrix) -> Result<Tensor> {
    Tensor::from_vec(values, shape, &Device::Cpu)
}

fn main() -> ExitCode {
    let variant = if cfg!(feature = "mkl") { "MKL" } else { "plain" };
    grid::serve("candle", &[(variant, |point| Box::new(Candle::new(point).expect("shapes that fit")))])
}

//! The plain recurrent network: one dense layer that also sees its own output of the step before.

use crate::{Activation, Cell, Error, Init, RecurrentGradient, RecurrentWeights};
use ndarray::{Array1, Array2, ArrayView2};
use rand::Rng;

/// `h_t = φ(x_t w + h_{t−1} u + b)`; Elman 1990. The state is h, as wide as the cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Rnn {
    /// w: (inputs, n), u: (n, n), b: (n).
    pub weights: RecurrentWeights,
    /// φ.
    pub activation: Activation,
}

impl Rnn {
    /// A cell with the given weights.
    ///
    /// # Errors
    ///
    /// If `u` is not square.
    pub fn new(weights: RecurrentWeights, activation: Activation) -> Result<Self, Error> {
        Ok(Self { weights: weights.of_blocks(1)?, activation })
    }

    /// Weights of the input `N(0, 1/inputs)`, those of the state drawn by `init`, biases 0.
    ///
    /// # Panics
    ///
    /// If a size is 0.
    pub fn random(inputs: usize, width: usize, activation: Activation, init: Init, rng: &mut impl Rng) -> Self {
        Self { weights: RecurrentWeights::random(inputs, width, 1, init, rng), activation }
    }

    /// ReLU with `u = 1` and `b = 0`, the IRNN: without an input it hands its state on unchanged; Le, Jaitly and Hinton 2015.
    /// `w`: (inputs, n).
    ///
    /// # Errors
    ///
    /// If `w` has an empty side, or a weight is not finite.
    pub fn identity(w: Array2<f64>) -> Result<Self, Error> {
        let width = w.ncols();
        Self::new(RecurrentWeights::new(w, Array2::eye(width), Array1::zeros(width))?, Activation::Relu)
    }
}

impl Cell for Rnn {
    /// z: (batch, n).
    type Kept = Array2<f64>;
    type Gradient = RecurrentGradient;

    fn inputs(&self) -> usize {
        self.weights.w.nrows()
    }

    fn state_width(&self) -> usize {
        self.weights.width()
    }

    fn step(&self, x: ArrayView2<f64>, h: ArrayView2<f64>) -> (Array2<f64>, Array2<f64>) {
        let z = self.weights.forward(x, h);
        (z.mapv(|z| self.activation.value(z)), z)
    }

    fn back(
        &self,
        x: ArrayView2<f64>,
        h: ArrayView2<f64>,
        z: &Array2<f64>,
        dh: ArrayView2<f64>,
        gradient: &mut RecurrentGradient,
    ) -> (Array2<f64>, Array2<f64>) {
        // δ = ∂L/∂h_t ⊙ φ′(z)
        let delta = &dh * &z.mapv(|z| self.activation.slope_at(z));
        // ∂L/∂x_t = δ wᵀ and ∂L/∂h_{t−1} = δ uᵀ
        self.weights.back(x, h, delta.view(), gradient)
    }

    fn zero_gradient(&self) -> RecurrentGradient {
        self.weights.zero_gradient()
    }

    fn visit(&mut self, gradient: &mut RecurrentGradient, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
        self.weights.visit(gradient, visit);
    }
}

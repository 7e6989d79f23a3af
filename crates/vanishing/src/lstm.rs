//! Long short-term memory: a second state that is multiplied by a gate and added to, and by nothing else.

use crate::weights::block;
use crate::{Cell, Error, Init, RecurrentGradient, RecurrentWeights, sigmoid, tanh};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use rand::Rng;

/// `i, f, o = σ(z)`, `g = tanh(z)`, each with its block of `z = x w + h u + b`; then `c ← f ⊙ c + i ⊙ g` and `h = o ⊙ tanh(c)`.
///
/// The state is h and c side by side, (batch, 2n). Hochreiter and Schmidhuber 1997; the forget gate f is by Gers, Schmidhuber
/// and Cummins 2000.
#[derive(Clone, Debug, PartialEq)]
pub struct Lstm {
    /// w: (inputs, 4n), u: (n, 4n), b: (4n); the blocks of columns belong to i, f, o and g, in this order.
    pub weights: RecurrentWeights,
}

/// The gates and the candidate of one step, each (batch, n), and tanh of the new c.
#[derive(Clone, Debug, PartialEq)]
pub struct LstmKept {
    /// The input gate.
    pub i: Array2<f64>,
    /// The forget gate: 1 keeps, 0 forgets.
    pub f: Array2<f64>,
    /// The output gate.
    pub o: Array2<f64>,
    /// The candidate.
    pub g: Array2<f64>,
    /// tanh(c).
    pub tanh_c: Array2<f64>,
}

/// `ln(T − 1)`: the bias with which a forget gate is `1 − 1/T`, so that after T steps `1/e` is left. It is the upper end of
/// Tallec and Ollivier's chrono initialisation (2018), which draws the biases between 0 and this.
///
/// ```
/// let f = vanishing::sigmoid(vanishing::chrono_bias(100.0));
/// assert!((f - 0.99).abs() < 1e-15);
/// ```
pub fn chrono_bias(steps: f64) -> f64 {
    libm::log(steps - 1.0)
}

impl Lstm {
    /// A cell with the given weights.
    ///
    /// # Errors
    ///
    /// If `u` has not four columns for each of its rows.
    pub fn new(weights: RecurrentWeights) -> Result<Self, Error> {
        Ok(Self { weights: weights.of_blocks(4)? })
    }

    /// Weights of the input `N(0, 1/inputs)`, those of the state drawn by `init`, biases 0 except the forget gate's. A forget bias
    /// of 1 is the advice of Jozefowicz, Zaremba and Sutskever 2015.
    ///
    /// # Panics
    ///
    /// If a size is 0.
    pub fn random(inputs: usize, width: usize, init: Init, forget_bias: f64, rng: &mut impl Rng) -> Self {
        let mut weights = RecurrentWeights::random(inputs, width, 4, init, rng);
        weights.b.iter_mut().skip(width).take(width).for_each(|b| *b = forget_bias);
        Self { weights }
    }
}

impl Cell for Lstm {
    type Kept = LstmKept;
    type Gradient = RecurrentGradient;

    fn inputs(&self) -> usize {
        self.weights.w.nrows()
    }

    fn state_width(&self) -> usize {
        2 * self.weights.width()
    }

    fn step(&self, x: ArrayView2<f64>, state: ArrayView2<f64>) -> (Array2<f64>, LstmKept) {
        let n = self.weights.width();
        let (h, c) = state.split_at(Axis(1), n);
        let z = self.weights.forward(x, h);
        let gate = |at: usize| block(&z, at, n).mapv(sigmoid);
        let (i, f, o) = (gate(0), gate(1), gate(2));
        let g = block(&z, 3, n).mapv(tanh);
        let c = &f * &c + &i * &g;
        let tanh_c = c.mapv(tanh);
        let h = &o * &tanh_c;
        (concatenate![Axis(1), h, c], LstmKept { i, f, o, g, tanh_c })
    }

    fn back(
        &self,
        x: ArrayView2<f64>,
        state: ArrayView2<f64>,
        LstmKept { i, f, o, g, tanh_c }: &LstmKept,
        dstate: ArrayView2<f64>,
        gradient: &mut RecurrentGradient,
    ) -> (Array2<f64>, Array2<f64>) {
        let n = self.weights.width();
        let (h, c_before) = state.split_at(Axis(1), n);
        let (dh, dc) = dstate.split_at(Axis(1), n);
        // h = o ⊙ tanh(c)
        let d_o = &dh * tanh_c;
        let dc = &dc + &(&dh * o * tanh_c.mapv(|tanh| 1.0 - tanh * tanh));
        // c = f ⊙ c_before + i ⊙ g
        let (d_i, d_f, d_g) = (&dc * g, &dc * &c_before, &dc * i);
        let dc_before = &dc * f;
        // δ = ∂L/∂z; the slope of a gate is a(1 − a), of the candidate 1 − a²
        let through = |d: Array2<f64>, a: &Array2<f64>| d * a.mapv(|a| a * (1.0 - a));
        let (d_i, d_f, d_o) = (through(d_i, i), through(d_f, f), through(d_o, o));
        let d_g = d_g * g.mapv(|g| 1.0 - g * g);
        let delta = concatenate![Axis(1), d_i, d_f, d_o, d_g];
        let (dx, dh_before) = self.weights.back(x, h, delta.view(), gradient);
        (dx, concatenate![Axis(1), dh_before, dc_before])
    }

    fn zero_gradient(&self) -> RecurrentGradient {
        self.weights.zero_gradient()
    }

    fn visit(&mut self, gradient: &mut RecurrentGradient, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
        self.weights.visit(gradient, visit);
    }
}

//! The gated recurrent unit: one state, one gate that keeps it, one that hides it from the candidate.

use crate::weights::block;
use crate::{Cell, Error, Init, RecurrentGradient, RecurrentWeights, sigmoid, tanh};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use rand::Rng;

/// `r, k = σ(x w + h u + b)`, `g = tanh(x w_g + (r ⊙ h) u_g + b_g)`, `h ← k ⊙ h + (1 − k) ⊙ g`; Cho et al. 2014, who write z for
/// the gate k. Their candidate and gates have no biases; here they have. The state is h, (batch, n).
#[derive(Clone, Debug, PartialEq)]
pub struct Gru {
    /// w: (inputs, 2n), u: (n, 2n), b: (2n); the blocks of columns belong to r and k, in this order.
    pub gates: RecurrentWeights,
    /// w: (inputs, n), u: (n, n), b: (n), of the candidate g.
    pub candidate: RecurrentWeights,
}

/// The gates and the candidate of one step, each (batch, n).
#[derive(Clone, Debug, PartialEq)]
pub struct GruKept {
    /// The reset gate.
    pub r: Array2<f64>,
    /// The gate that keeps: 1 keeps the state, 0 puts the candidate in its place.
    pub k: Array2<f64>,
    /// The candidate.
    pub g: Array2<f64>,
}

/// The gradients of both sets of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct GruGradient {
    /// Of the gates.
    pub gates: RecurrentGradient,
    /// Of the candidate.
    pub candidate: RecurrentGradient,
}

impl Gru {
    /// A cell with the given weights.
    ///
    /// # Errors
    ///
    /// If the gates don't have two columns for each value of the state, the candidate not one, or the two are of different sizes.
    pub fn new(gates: RecurrentWeights, candidate: RecurrentWeights) -> Result<Self, Error> {
        let (gates, candidate) = (gates.of_blocks(2)?, candidate.of_blocks(1)?);
        let sizes = |weights: &RecurrentWeights| (weights.w.nrows(), weights.width());
        if sizes(&gates) != sizes(&candidate) {
            return Err(Error::UnevenCell { gates: sizes(&gates), candidate: sizes(&candidate) });
        }
        Ok(Self { gates, candidate })
    }

    /// Weights of the input `N(0, 1/inputs)`, those of the state drawn by `init`, biases 0 except that of the gate k.
    ///
    /// # Panics
    ///
    /// If a size is 0.
    pub fn random(inputs: usize, width: usize, init: Init, keep_bias: f64, rng: &mut impl Rng) -> Self {
        let mut gates = RecurrentWeights::random(inputs, width, 2, init, rng);
        gates.b.iter_mut().skip(width).for_each(|b| *b = keep_bias);
        Self { gates, candidate: RecurrentWeights::random(inputs, width, 1, init, rng) }
    }
}

impl Cell for Gru {
    type Kept = GruKept;
    type Gradient = GruGradient;

    fn inputs(&self) -> usize {
        self.gates.w.nrows()
    }

    fn state_width(&self) -> usize {
        self.gates.width()
    }

    fn step(&self, x: ArrayView2<f64>, h: ArrayView2<f64>) -> (Array2<f64>, GruKept) {
        let n = self.gates.width();
        let gates = self.gates.forward(x, h).mapv_into(sigmoid);
        let (r, k) = (block(&gates, 0, n).to_owned(), block(&gates, 1, n).to_owned());
        let g = self.candidate.forward(x, (&r * &h).view()).mapv_into(tanh);
        let h = &k * &h + k.mapv(|k| 1.0 - k) * &g;
        (h, GruKept { r, k, g })
    }

    fn back(
        &self,
        x: ArrayView2<f64>,
        h: ArrayView2<f64>,
        GruKept { r, k, g }: &GruKept,
        dh: ArrayView2<f64>,
        gradient: &mut GruGradient,
    ) -> (Array2<f64>, Array2<f64>) {
        // h_t = k ⊙ h + (1 − k) ⊙ g
        let d_k = &dh * &(&h - g);
        let d_g = &dh * &k.mapv(|k| 1.0 - k);
        // g = tanh(x w_g + (r ⊙ h) u_g + b_g)
        let delta = d_g * g.mapv(|g| 1.0 - g * g);
        let (rh, dcandidate) = (r * &h, &mut gradient.candidate);
        let (dx, d_rh) = self.candidate.back(x, rh.view(), delta.view(), dcandidate);
        let d_r = &d_rh * &h;
        // r, k = σ(x w + h u + b)
        let through = |d: Array2<f64>, a: &Array2<f64>| d * a.mapv(|a| a * (1.0 - a));
        let delta = concatenate![Axis(1), through(d_r, r), through(d_k, k)];
        let dgates = &mut gradient.gates;
        let (dx_gates, dh_gates) = self.gates.back(x, h, delta.view(), dgates);
        // h is used three times: kept, reset, and by the gates.
        (dx + dx_gates, &dh * k + d_rh * r + dh_gates)
    }

    fn zero_gradient(&self) -> GruGradient {
        GruGradient { gates: self.gates.zero_gradient(), candidate: self.candidate.zero_gradient() }
    }

    fn visit(&mut self, gradient: &mut GruGradient, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
        self.gates.visit(&mut gradient.gates, visit);
        self.candidate.visit(&mut gradient.candidate, visit);
    }
}

//! The notes' path `w₁₁ → O₁₁ → O₂₁ → loss`: one neuron a layer, where every derivative is a plain number.

use crate::{Activation, Layers};

/// A chain of neurons: `z_l = w_l a_(l−1) + b_l`, `a_l = φ(z_l)`, with `a_0 = x`.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// w₁ … w_L.
    pub w: Layers<f64>,
    /// b₁ … b_L.
    pub b: Layers<f64>,
    /// φ.
    pub activation: Activation,
}

/// The gradient of a chain, a number a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainGradient {
    /// `δ_l = ∂L/∂z_l`.
    pub delta: Layers<f64>,
    /// `∂L/∂w_l = δ_l a_(l−1)`.
    pub dw: Layers<f64>,
}

/// One layer of a chain, as a table shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainStep {
    /// l, from 1.
    pub layer: usize,
    /// z_l.
    pub z: f64,
    /// a_l.
    pub a: f64,
    /// `∂a_l/∂a_(l−1) = φ′(z_l) w_l`.
    pub factor: f64,
    /// `∂a_L/∂a_(l−1)`: the factors of this layer and of all after it.
    pub product: f64,
}

impl Chain {
    /// `depth` neurons with the same weight and bias.
    pub fn uniform(depth: usize, w: f64, b: f64, activation: Activation) -> Self {
        let repeat = |value| std::iter::repeat_n(value, depth).collect();
        Self { w: repeat(w), b: repeat(b), activation }
    }

    /// a₀ = x, a₁, …, a_L.
    pub fn forward(&self, x: f64) -> Vec<f64> {
        let mut a = vec![x];
        for (w, b) in self.w.iter().zip(&self.b) {
            let z = a[a.len() - 1].mul_add(*w, *b);
            a.push(self.activation.value(z));
        }
        a
    }

    /// From `∂L/∂a_L` back to every weight. `a` is what [`forward`](Self::forward) gave.
    ///
    /// # Panics
    ///
    /// If `a` is shorter than the chain.
    pub fn backward(&self, a: &[f64], dloss_da: f64) -> ChainGradient {
        let depth = self.w.depth();
        let mut delta: Layers<f64> = std::iter::repeat_n(0.0, depth).collect();
        let mut da = dloss_da;
        for l in (1..=depth).rev() {
            delta[l] = da * self.slope(a, l);
            da = delta[l] * self.w[l];
        }
        let dw = (1..=depth).map(|l| delta[l] * a[l - 1]).collect();
        ChainGradient { delta, dw }
    }

    fn z(&self, a: &[f64], l: usize) -> f64 {
        a[l - 1].mul_add(self.w[l], self.b[l])
    }

    /// φ′(z_l), from what the forward pass kept.
    fn slope(&self, a: &[f64], l: usize) -> f64 {
        let kept = if self.activation.keeps_z() { self.z(a, l) } else { a[l] };
        self.activation.slope(kept)
    }

    /// The chain at `x`, layer by layer.
    pub fn steps(&self, x: f64) -> Vec<ChainStep> {
        let a = self.forward(x);
        let mut product = 1.0;
        let step = |l: usize| {
            let factor = self.slope(&a, l) * self.w[l];
            product *= factor;
            ChainStep { layer: l, z: self.z(&a, l), a: a[l], factor, product }
        };
        let mut steps: Vec<_> = (1..=self.w.depth()).rev().map(step).collect();
        steps.reverse();
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_chain_of_ten_sigmoids_is_below_a_quarter_to_the_tenth() {
        let steps = Chain::uniform(10, 1.0, 0.0, Activation::Sigmoid).steps(0.3);
        assert!(steps[0].product < 0.25_f64.powi(10));
    }

    #[test]
    fn the_product_is_the_gradient_by_the_first_weight() {
        let chain = Chain::uniform(4, 1.7, -0.2, Activation::Tanh);
        let (x, dloss_da) = (0.6, 25.0);
        let gradient = chain.backward(&chain.forward(x), dloss_da);
        let steps = chain.steps(x);
        // ∂L/∂w₁ = ∂L/∂a_L · ∂a_L/∂a₁ · φ′(z₁) x
        let by_hand = dloss_da * steps[1].product * Activation::Tanh.slope(steps[0].a) * x;
        assert_relative_eq!(gradient.dw[1], by_hand, epsilon = 0.0, max_relative = 1e-14);
    }
}

//! Steps whose size does not depend on the gradient's.

use crate::optimiser::State;
use crate::{Error, Network, Optimiser, Pass, Sgd};

/// Adam; Kingma and Ba 2015, algorithm 1. With `g = ∂L/∂w`:
///
/// `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`, `w ← w − α m̂ / (√v̂ + ε)`, where `m̂ = m/(1 − β₁ᵗ)` and `v̂ = v/(1 − β₂ᵗ)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    learning_rate: f64,
    /// β₁, 0.9 unless set.
    pub beta_1: f64,
    /// β₂, 0.999 unless set.
    pub beta_2: f64,
    /// ε, 1e-8 unless set.
    pub epsilon: f64,
    steps: i32,
    m: Vec<f64>,
    v: Vec<f64>,
}

impl Adam {
    /// Adam with the learning rate α, and with the paper's β₁, β₂ and ε.
    ///
    /// # Errors
    ///
    /// If α is negative, infinite or not a number.
    pub fn new(learning_rate: f64) -> Result<Self, Error> {
        Sgd::new(learning_rate)?;
        Ok(Self { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, steps: 0, m: vec![], v: vec![] })
    }
}

impl Optimiser for Adam {
    fn step(&mut self, network: &mut Network, pass: &mut Pass) {
        self.steps += 1;
        let (beta_1, beta_2) = (self.beta_1, self.beta_2);
        let (correct_m, correct_v) = (1.0 - beta_1.powi(self.steps), 1.0 - beta_2.powi(self.steps));
        let (mut m, mut v) = (State::new(&mut self.m), State::new(&mut self.v));
        network.visit(pass, &mut |w, dw| {
            let moments = m.next(dw.len()).iter_mut().zip(v.next(dw.len()));
            for ((w, &g), (m, v)) in w.iter_mut().zip(&*dw).zip(moments) {
                *m = beta_1 * *m + (1.0 - beta_1) * g;
                *v = beta_2 * *v + (1.0 - beta_2) * g * g;
                *w -= self.learning_rate * (*m / correct_m) / ((*v / correct_v).sqrt() + self.epsilon);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimiser::tests::{one_weight, set_gradient, weight};

    #[test]
    fn adams_first_step_forgets_the_size_of_the_gradient() {
        for g in [1.25, -0.004_125, 1e-8] {
            let (mut network, mut pass) = one_weight(g);
            Adam::new(0.01).unwrap().step(&mut network, &mut pass);
            let moved = weight(&network) - 0.5;
            approx::assert_relative_eq!(moved, -0.01 * g / (g.abs() + 1e-8), epsilon = 0.0, max_relative = 1e-12);
        }
    }

    #[test]
    fn adam_follows_its_definition_for_many_steps() {
        let gradients = [1.0, -3.0, 0.5, 0.0, 2.0];
        let (mut network, mut pass) = one_weight(0.0);
        let mut adam = Adam::new(0.1).unwrap();
        let mut by_hand = 0.5;
        for t in 1..=gradients.len() {
            set_gradient(&mut pass, gradients[t - 1]);
            adam.step(&mut network, &mut pass);
            // The moments as weighted means over all gradients so far, written out instead of updated.
            let mean = |beta: f64, power: i32| {
                let weight = |k: usize| (1.0 - beta) * beta.powi((t - k) as i32);
                let sum: f64 = (1..=t).map(|k| weight(k) * gradients[k - 1].powi(power)).sum();
                sum / (1.0 - beta.powi(t as i32))
            };
            by_hand -= 0.1 * mean(0.9, 1) / (mean(0.999, 2).sqrt() + 1e-8);
        }
        approx::assert_relative_eq!(weight(&network), by_hand, epsilon = 0.0, max_relative = 1e-13);
    }

    #[test]
    fn an_infinite_learning_rate_is_refused() {
        assert!(Adam::new(f64::INFINITY).is_err());
    }
}

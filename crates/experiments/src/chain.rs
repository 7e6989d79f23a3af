//! The notes' chain of neurons with any weight, bias, input and activation.

use crate::Table;
use vanishing::{Activation, Chain};

/// `depth` neurons in a row, all with the same weight and bias.
#[derive(Clone, Debug, PartialEq)]
pub struct UniformChain {
    /// L, how many neurons.
    pub depth: usize,
    /// φ.
    pub activation: Activation,
    /// w of every neuron.
    pub weight: f64,
    /// b of every neuron.
    pub bias: f64,
    /// x, what goes into the first.
    pub input: f64,
}

impl Default for UniformChain {
    /// Five sigmoids with the notes' weight of 0.5.
    fn default() -> Self {
        Self { depth: 5, activation: Activation::Sigmoid, weight: 0.5, bias: 0.0, input: 1.0 }
    }
}

impl UniformChain {
    /// `layer, z, a, factor, product`: what each neuron adds up and gives, `∂a_l/∂a_(l−1)`, and `∂a_L/∂a_(l−1)`.
    pub fn run(&self) -> Table {
        let mut table = Table::new(["layer", "z", "a", "factor", "product"]);
        for step in Chain::uniform(self.depth, self.weight, self.bias, self.activation).steps(self.input) {
            let numbers = [step.z, step.a, step.factor, step.product];
            table.push([step.layer.into()].into_iter().chain(numbers.map(Into::into)).collect());
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_sigmoids_with_the_weight_of_the_notes() {
        insta::assert_snapshot!(UniformChain::default().run());
    }
}

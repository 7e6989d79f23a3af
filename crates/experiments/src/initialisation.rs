//! How weights start, and by what a layer then multiplies the gradient: measured in networks, and computed for infinite width.

use crate::Table;
use crate::gradient_by_layer::GradientByLayer;
use crate::mean_field::MeanField;
use vanishing::{Activation, Error, Init, exp};

/// The rates leave out so many layers next to the input, in which the variance of z is still on its way from 1 to where it stays.
const SETTLED: usize = 10;

/// The gain that PyTorch and candle recommend for tanh.
pub const TANH_GAIN: f64 = 5.0 / 3.0;

/// The networks of the rates: 31 layers, so that a gradient goes back through 30.
pub fn networks() -> GradientByLayer {
    GradientByLayer { depth: 31, seeds: 10, ..Default::default() }
}

/// An activation and a rule for its weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// φ.
    pub activation: Activation,
    /// How weights are drawn.
    pub init: Init,
    /// What drawn weights are multiplied by.
    pub gain: f64,
}

impl Start {
    /// The rule as it is, without a gain.
    pub fn new(activation: Activation, init: Init) -> Self {
        Self { activation, init, gain: 1.0 }
    }

    /// `n Var(w)`, for layers that are as wide as their input.
    pub fn n_var(&self) -> f64 {
        let drawn = match self.init {
            Init::Uniform => 1.0 / 3.0,
            Init::Normal | Init::Glorot | Init::Orthogonal => 1.0,
            Init::He => 2.0,
        };
        self.gain * self.gain * drawn
    }

    /// What is left of the gradient, `‖δ¹‖ / ‖δ^(1+k)‖`, after k = 0, 1, … layers: the geometric mean over the networks, whose
    /// activation, initialisation and gain are set to these.
    ///
    /// # Errors
    ///
    /// If the networks can't be built.
    pub fn left(&self, networks: &GradientByLayer) -> Result<Vec<f64>, Error> {
        let Self { activation, init, gain } = *self;
        let networks = GradientByLayer { activation, init, weight_std: gain, ..networks.clone() };
        let log_sq = networks.run()?.numbers("delta_log_sq_mean");
        Ok(log_sq.iter().map(|at| exp(0.5 * (log_sq[0] - at))).collect())
    }

    /// The same after 0 to `layers` layers of infinite width: `√Π χ₁(q)`, with q from layer to layer by the variance map.
    ///
    /// Orthogonal weights have the same formulas: in a wide layer their entries are nearly independent.
    pub fn left_in_theory(&self, layers: usize) -> Vec<f64> {
        let layer = MeanField { activation: self.activation, weight_var: self.n_var(), bias_var: 0.0 };
        // z¹ = x w¹ with x of variance 1.
        let (mut q, mut square) = (self.n_var(), 1.0_f64);
        let mut left = vec![1.0];
        for _ in 0..layers {
            square *= layer.gradient_factor(q);
            q = layer.variance(q);
            left.push(square.sqrt());
        }
        left
    }
}

/// The factor of a layer, from what is left after ten layers and after all, since in the first ten the variance of z still settles; not a number if
/// there are no more than ten.
pub fn rate(left: &[f64]) -> f64 {
    let last = left.len() - 1;
    if last <= SETTLED {
        return f64::NAN;
    }
    libm::pow(left[last] / left[SETTLED], 1.0 / (last - SETTLED) as f64)
}

/// For each start `activation`, `init`, `gain`, `n_var`, and the factor of a layer: `measured` in these networks, and in `theory`.
///
/// # Errors
///
/// If the networks can't be built.
pub fn rates(starts: &[Start], networks: &GradientByLayer) -> Result<Table, Error> {
    let mut table = Table::new(["activation", "init", "gain", "n_var", "measured", "theory"]);
    for start in starts {
        table.push(vec![
            start.activation.name().into(),
            start.init.name().into(),
            start.gain.into(),
            start.n_var().into(),
            rate(&start.left(networks)?).into(),
            rate(&start.left_in_theory(networks.depth - 1)).into(),
        ]);
    }
    Ok(table)
}

/// What seven starts leave of the gradient after `layers` gone back, from 0 to 30.
pub fn lines() -> Table {
    use Activation::{Relu, Sigmoid, Tanh};
    let starts = [
        ("tanh_gain", Start { gain: TANH_GAIN, ..Start::new(Tanh, Init::Normal) }),
        ("relu_he", Start::new(Relu, Init::He)),
        ("tanh_glorot", Start::new(Tanh, Init::Glorot)),
        ("relu_glorot", Start::new(Relu, Init::Glorot)),
        ("tanh_uniform", Start::new(Tanh, Init::Uniform)),
        ("relu_uniform", Start::new(Relu, Init::Uniform)),
        ("sigmoid_glorot", Start::new(Sigmoid, Init::Glorot)),
    ];
    let left = starts.map(|(_, start)| start.left(&networks()).expect("the networks can be built"));
    let mut table = Table::new(["layers"].into_iter().chain(starts.map(|(name, _)| name)));
    for k in 0..networks().depth {
        table.push([k.into()].into_iter().chain(left.iter().map(|left| left[k].into())).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// GELU and SiLU are not among them: their variance has no fixed point that it returns to, so at He's scale each network of
    /// finite width goes its own way.
    #[test]
    fn a_layer_leaves_what_mean_field_theory_says() {
        use Activation::{Elu, Identity, Relu, Selu, Sigmoid, Tanh};
        let networks = GradientByLayer { seeds: 8, ..networks() };
        for activation in [Identity, Sigmoid, Tanh, Relu, Elu, Selu] {
            for init in [Init::Uniform, Init::Glorot, Init::He] {
                let start = Start::new(activation, init);
                let measured = rate(&start.left(&networks).unwrap());
                // ln ‖δ‖² of 20 ReLU layers of width 100 varies by 5 · 20/100 = 1 and lies 2.5 · 20/100 below its mean field
                // value, which is 1.2 % of a layer's factor; eight seeds scatter by √(1/8)/40 = 0.9 %. Smooth slopes do less.
                assert_relative_eq!(measured, rate(&start.left_in_theory(30)), epsilon = 0.0, max_relative = 0.04);
            }
        }
    }

    #[test]
    fn relu_has_the_three_rates_that_follow_from_half_of_it_being_off() {
        for (init, square) in [(Init::He, 1.0), (Init::Glorot, 0.5), (Init::Uniform, 1.0 / 6.0_f64)] {
            let theory = rate(&Start::new(Activation::Relu, init).left_in_theory(30));
            assert_relative_eq!(theory, square.sqrt(), epsilon = 0.0, max_relative = 1e-12);
        }
    }

    #[test]
    fn too_few_layers_have_no_rate() {
        assert!(rate(&[1.0; 11]).is_nan());
        assert_eq!(rate(&[1.0; 12]), 1.0);
    }

    #[test]
    fn the_rates_of_the_five_thirds_trap() {
        let trap = Start { gain: TANH_GAIN, ..Start::new(Activation::Tanh, Init::Normal) };
        let table = rates(&[trap], &GradientByLayer { seeds: 4, ..networks() }).unwrap();
        insta::assert_snapshot!(table);
    }
}

//! φ: what a neuron does to its weighted input.

/// `σ(z) = 1 / (1 + e^(−z))`, the logistic sigmoid. Chapter 2.
///
/// Both tails keep their relative accuracy: the exponential's argument is never positive.
///
/// ```
/// assert_eq!(vanishing::sigmoid(0.0), 0.5);
/// assert!(vanishing::sigmoid(-700.0) > 0.0);
/// ```
pub fn sigmoid(z: f64) -> f64 {
    let e = (-z.abs()).exp();
    if z < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// `σ′(z) = σ(z)(1 − σ(z))`, at most 1/4, and that only at z = 0. Chapter 2.
///
/// ```
/// assert_eq!(vanishing::sigmoid_slope(0.0), 0.25);
/// ```
pub fn sigmoid_slope(z: f64) -> f64 {
    // 1 − σ(z) = σ(−z), written so because the subtraction loses every digit where σ(z) is close to 1.
    sigmoid(z) * sigmoid(-z)
}

/// φ, the activation of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `φ(z) = z`: a linear layer, and the last layer under a loss that takes logits.
    Identity,
    /// `φ(z) = σ(z)`, in (0, 1).
    Sigmoid,
    /// `φ(z) = tanh(z) = 2σ(2z) − 1`, in (−1, 1).
    Tanh,
    /// `φ(z) = max(0, z)`.
    Relu,
}

impl Activation {
    /// Every activation, in the order of the tables.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Sigmoid, Self::Tanh, Self::Relu];

    /// Its name as the tables print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "ReLU",
        }
    }

    /// `a = φ(z)`.
    pub fn value(self, z: f64) -> f64 {
        match self {
            Self::Identity => z,
            Self::Sigmoid => sigmoid(z),
            Self::Tanh => z.tanh(),
            // Not z.max(0.0), which would turn a NaN into 0.
            Self::Relu if z < 0.0 => 0.0,
            Self::Relu => z,
        }
    }

    /// `φ′(z)`, from the output `a = φ(z)` alone, which is what the forward pass keeps.
    ///
    /// The slope of ReLU at z = 0 is taken as 0.
    pub fn slope(self, a: f64) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Sigmoid => a * (1.0 - a),
            Self::Tanh => 1.0 - a * a,
            Self::Relu => f64::from(a > 0.0),
        }
    }

    /// The largest slope: the most that one layer hands back for a weight of 1.
    pub fn largest_slope(self) -> f64 {
        match self {
            Self::Sigmoid => 0.25,
            Self::Identity | Self::Tanh | Self::Relu => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::central_difference;
    use approx::assert_relative_eq;

    #[test]
    fn every_slope_is_the_central_difference_of_its_value() {
        for activation in Activation::ALL {
            for k in -40..40 {
                let z = f64::from(k) * 0.2 + 0.03;
                let measured = central_difference(|z| activation.value(z), z, 1e-5);
                let slope = activation.slope(activation.value(z));
                assert_relative_eq!(slope, measured, epsilon = 1e-10);
            }
        }
    }

    #[test]
    fn no_slope_exceeds_the_largest() {
        for activation in Activation::ALL {
            for k in -4000..4000 {
                let a = activation.value(f64::from(k) * 0.01);
                assert!(activation.slope(a) <= activation.largest_slope());
            }
        }
    }

    #[test]
    fn the_sigmoid_keeps_its_tails() {
        assert_relative_eq!(sigmoid(-700.0), (-700.0_f64).exp(), max_relative = 1e-15);
        assert_relative_eq!(sigmoid_slope(40.0), (-40.0_f64).exp(), max_relative = 1e-15);
        assert_eq!(sigmoid(f64::INFINITY), 1.0);
        assert_eq!(sigmoid(f64::NEG_INFINITY), 0.0);
        assert!(sigmoid(f64::NAN).is_nan());
    }

    #[test]
    fn a_not_a_number_is_never_hidden() {
        for activation in Activation::ALL {
            assert!(activation.value(f64::NAN).is_nan(), "{activation:?}");
        }
    }
}

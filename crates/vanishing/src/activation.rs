//! φ: what a neuron does to its weighted input.

use crate::elementary::{exp_m1s, exps, sigmoids, tanhs};
use crate::{parallel, sigmoid};
use pulp::{Arch, Simd, WithSimd};

/// `σ′(z) = σ(z)(1 − σ(z))`, at most 1/4, and that only at z = 0. Chapter 2.
///
/// ```
/// assert_eq!(vanishing::sigmoid_slope(0.0), 0.25);
/// ```
pub fn sigmoid_slope(z: f64) -> f64 {
    // 1 − σ(z) = σ(−z), written so because the subtraction loses every digit where σ(z) is close to 1.
    sigmoid(z) * sigmoid(-z)
}

/// `Φ(z) = (1 + erf(z/√2)) / 2`, the share of a standard normal variable that is below z.
fn normal_below(z: f64) -> f64 {
    // erfc keeps the relative accuracy of the lower tail, where 1 + erf would be 0.
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// `e^(−z²/2) / √(2π)`, the density of a standard normal variable, `Φ′`.
fn normal_density(z: f64) -> f64 {
    exps([-0.5 * z * z])[0] / std::f64::consts::TAU.sqrt()
}

/// The slope of [`Activation::LeakyRelu`] left of 0; Maas, Hannun and Ng 2013.
pub const LEAK: f64 = 0.01;
/// α of SELU: with [`SELU_LAMBDA`] the one for which mean 0 and variance 1 are kept; Klambauer et al. 2017.
pub const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
/// λ of SELU, its slope right of 0; Klambauer et al. 2017.
pub const SELU_LAMBDA: f64 = 1.050_700_987_355_480_5;

/// So many numbers take each step of an exponential together: two vectors of four.
const BLOCK: usize = 8;
/// About so many multiply-adds take as long as one exponential.
const EXPONENTIAL: usize = 64;

/// What follows, with the activation as a constant: so the loop in it has no branch, and is compiled for vectors.
macro_rules! with_constant {
    ($activation:expr, $phi:ident => $what:expr) => {
        with_constant!($activation, $phi => $what;
            Identity, Sigmoid, Tanh, Relu, LeakyRelu, Elu, Selu, Gelu, Silu)
    };
    ($activation:expr, $phi:ident => $what:expr; $($kind:ident),*) => {
        match $activation {
            $(Activation::$kind => {
                const $phi: Activation = Activation::$kind;
                $what
            })*
        }
    };
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
    /// `φ(z) = z` right of 0 and `0.01 z` left of it.
    LeakyRelu,
    /// `φ(z) = z` right of 0 and `e^z − 1` left of it; Clevert, Unterthiner and Hochreiter 2016, with α = 1.
    Elu,
    /// `φ(z) = λz` right of 0 and `λα(e^z − 1)` left of it; Klambauer et al. 2017.
    Selu,
    /// `φ(z) = z Φ(z)`, with Φ the normal distribution; Hendrycks and Gimpel 2016.
    Gelu,
    /// `φ(z) = z σ(z)`, also called swish; Elfwing, Uchibe and Doya 2018.
    Silu,
}

impl Activation {
    /// Every activation, in the order of the tables.
    pub const ALL: [Self; 9] = [
        Self::Identity,
        Self::Sigmoid,
        Self::Tanh,
        Self::Relu,
        Self::LeakyRelu,
        Self::Elu,
        Self::Selu,
        Self::Gelu,
        Self::Silu,
    ];

    /// Its name as the tables print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "leaky ReLU",
            Self::Elu => "ELU",
            Self::Selu => "SELU",
            Self::Gelu => "GELU",
            Self::Silu => "SiLU",
        }
    }

    /// `a = φ(z)`.
    #[inline(never)]
    pub fn value(self, z: f64) -> f64 {
        self.value_inline(z)
    }

    /// [`value`](Self::value) for loops. The other is compiled here and not where it is called, so that a program that is not
    /// optimised has it fast as well.
    #[inline(always)]
    fn value_inline(self, z: f64) -> f64 {
        match self {
            Self::Identity => z,
            Self::Sigmoid => sigmoids([z])[0],
            Self::Tanh => tanhs([z])[0],
            // Not z.max(0.0), which would turn a NaN into 0.
            Self::Relu if z < 0.0 => 0.0,
            Self::Relu => z,
            Self::LeakyRelu if z < 0.0 => LEAK * z,
            Self::LeakyRelu => z,
            Self::Elu if z < 0.0 => exp_m1s([z])[0],
            Self::Elu => z,
            Self::Selu if z < 0.0 => SELU_LAMBDA * SELU_ALPHA * exp_m1s([z])[0],
            Self::Selu => SELU_LAMBDA * z,
            // 0 times infinity is no number, but z Φ(z) and z σ(z) go to 0.
            Self::Gelu | Self::Silu if z == f64::NEG_INFINITY => 0.0,
            Self::Gelu => z * normal_below(z),
            Self::Silu => z * sigmoids([z])[0],
        }
    }

    /// `φ′(z)`, from what the forward pass keeps: the output `a = φ(z)`, or z itself where
    /// [`keeps_z`](Self::keeps_z) says so.
    ///
    /// At z = 0 the slope of ReLU is taken as 0, and that of its kin as their slope left of 0.
    #[inline(never)]
    pub fn slope(self, kept: f64) -> f64 {
        self.slope_inline(kept)
    }

    /// [`slope`](Self::slope) for loops.
    #[inline(always)]
    fn slope_inline(self, kept: f64) -> f64 {
        let (a, z) = (kept, kept);
        match self {
            Self::Identity => 1.0,
            Self::Sigmoid => a * (1.0 - a),
            Self::Tanh => 1.0 - a * a,
            Self::Relu => {
                if a > 0.0 {
                    1.0
                } else {
                    0.0
                }
            }
            Self::LeakyRelu => {
                if a > 0.0 {
                    1.0
                } else {
                    LEAK
                }
            }
            Self::Elu => {
                if a > 0.0 {
                    1.0
                } else {
                    a + 1.0
                }
            }
            Self::Selu => {
                if a > 0.0 {
                    SELU_LAMBDA
                } else {
                    a + SELU_LAMBDA * SELU_ALPHA
                }
            }
            Self::Gelu => normal_below(z) + z * normal_density(z),
            Self::Silu => sigmoids([z])[0] + z * sigmoid_slope(z),
        }
    }

    /// `a = φ(z)` for many z, in place.
    pub fn apply(self, z: &mut [f64]) {
        Arch::new().dispatch(Apply(self, z));
    }

    /// [`apply`](Self::apply) in code that runs with the vectors of `simd`.
    #[inline(always)]
    pub(crate) fn apply_by<S: Simd>(self, simd: S, z: &mut [f64]) {
        let work = EXPONENTIAL * z.len();
        if self == Self::Identity {
        } else if parallel::pays(work) {
            let (front, back) = z.split_at_mut(z.len() / 2);
            parallel::join(work, || self.apply(front), || self.apply(back));
        } else {
            simd.vectorize(Loop { activation: self, numbers: z, kept: None });
        }
    }

    /// `δ = ∂L/∂a ⊙ φ′(z)` for many neurons: `delta` comes in as `∂L/∂a`. `kept` is what [`slope`](Self::slope) takes.
    ///
    /// # Panics
    ///
    /// If the two are not of one length.
    pub fn times_slope(self, delta: &mut [f64], kept: &[f64]) {
        assert_eq!(delta.len(), kept.len(), "as many outputs as gradients");
        if self != Self::Identity {
            Arch::new().dispatch(Loop { activation: self, numbers: delta, kept: Some(kept) });
        }
    }

    #[inline(always)]
    pub(crate) fn times_slope_by<S: Simd>(self, simd: S, delta: &mut [f64], kept: &[f64]) {
        assert_eq!(delta.len(), kept.len(), "as many outputs as gradients");
        if self != Self::Identity {
            simd.vectorize(Loop { activation: self, numbers: delta, kept: Some(kept) });
        }
    }

    /// GELU and SiLU fall before they rise, so one output belongs to two z, and the slope needs z. For all others it
    /// needs the output alone.
    pub fn keeps_z(self) -> bool {
        matches!(self, Self::Gelu | Self::Silu)
    }

    /// `φ′(z)` from z.
    pub fn slope_at(self, z: f64) -> f64 {
        match self {
            // a(1 − a) loses its digits where a is close to 1.
            Self::Sigmoid => sigmoid_slope(z),
            _ if self.keeps_z() => self.slope(z),
            _ => self.slope(self.value(z)),
        }
    }

    /// The largest slope: the most that one layer hands back for a weight of 1.
    pub fn largest_slope(self) -> f64 {
        match self {
            Self::Sigmoid => 0.25,
            Self::Identity | Self::Tanh | Self::Relu | Self::LeakyRelu | Self::Elu => 1.0,
            Self::Selu => SELU_LAMBDA * SELU_ALPHA,
            // At z = √2: φ′ = Φ(√2) + √2 Φ′(√2).
            Self::Gelu => 1.128_904_145_185_155,
            // At the root of z tanh(z/2) = 2, z = 2.399.
            Self::Silu => 1.099_839_320_128_866_8,
        }
    }
}

/// [`Activation::apply`].
struct Apply<'a>(Activation, &'a mut [f64]);

impl WithSimd for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.0.apply_by(simd, self.1);
    }
}

/// A loop over the neurons of a layer, with the vectors of the machine: `z` becomes `φ(z)`, or `∂L/∂a` becomes `δ` by what was kept.
struct Loop<'a> {
    activation: Activation,
    numbers: &'a mut [f64],
    kept: Option<&'a [f64]>,
}

impl WithSimd for Loop<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match self.kept {
            None => with_constant!(self.activation, PHI => match PHI {
                Activation::Sigmoid | Activation::Tanh => in_blocks(self.numbers, PHI),
                _ => for z in self.numbers {
                    *z = PHI.value_inline(*z);
                },
            }),
            Some(kept) => {
                with_constant!(self.activation, PHI => for (delta, kept) in self.numbers.iter_mut().zip(kept) {
                    *delta *= PHI.slope_inline(*kept);
                })
            }
        }
    }
}

/// The sigmoid or tanh of eight numbers at a time.
#[inline(always)]
fn in_blocks(numbers: &mut [f64], activation: Activation) {
    let (blocks, rest) = numbers.as_chunks_mut::<BLOCK>();
    for z in blocks {
        *z = if activation == Activation::Sigmoid { sigmoids(*z) } else { tanhs(*z) };
    }
    for z in rest {
        *z = activation.value_inline(*z);
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
                assert_relative_eq!(activation.slope_at(z), measured, epsilon = 1e-9);
                let kept = if activation.keeps_z() { z } else { activation.value(z) };
                assert_relative_eq!(activation.slope(kept), measured, epsilon = 1e-9);
            }
        }
    }

    #[test]
    fn the_largest_slope_is_reached_and_never_exceeded() {
        for activation in Activation::ALL {
            let slopes = (-400_000..400_000).map(|k| activation.slope_at(f64::from(k) * 1e-4));
            let largest = slopes.fold(0.0, f64::max);
            // The slopes are flat at their peak or jump to it, so a grid of 1e-4 comes within 1e-4 (SELU's jump) of it.
            assert!(largest <= activation.largest_slope() * (1.0 + 1e-15), "{activation:?}: {largest:.17}");
            assert_relative_eq!(largest, activation.largest_slope(), epsilon = 0.0, max_relative = 2e-4);
        }
    }

    #[test]
    fn infinities_end_where_the_curves_do() {
        let left = Activation::ALL.map(|activation| activation.value(f64::NEG_INFINITY));
        let selu = -SELU_LAMBDA * SELU_ALPHA;
        let down = f64::NEG_INFINITY;
        assert_eq!(left, [down, 0.0, -1.0, 0.0, down, -1.0, selu, 0.0, 0.0]);
    }

    #[test]
    fn the_sigmoid_keeps_its_tails() {
        assert_relative_eq!(sigmoid(-700.0), (-700.0_f64).exp(), epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(sigmoid_slope(40.0), (-40.0_f64).exp(), epsilon = 0.0, max_relative = 1e-15);
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

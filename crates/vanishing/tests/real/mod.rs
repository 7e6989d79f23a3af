//! The functions of the book in 42 digits: what the gradients are checked against.

use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig};
use std::sync::LazyLock;
use vanishing::{Activation, LEAK, SELU_ALPHA, SELU_LAMBDA};

/// A number of 42 digits.
pub type Real = FBig<HalfEven>;

/// 42 decimal digits.
pub const BITS: usize = 140;

pub fn real(value: f64) -> Real {
    Real::try_from(value).expect("a finite number").with_precision(BITS).value()
}

pub fn exp(x: &Real) -> Real {
    Context::<HalfEven>::new(BITS).exp(x.repr(), None).expect("a finite exponential").value()
}

pub fn sqrt(x: &Real) -> Real {
    Context::<HalfEven>::new(BITS).sqrt(x.repr()).expect("not below 0").value()
}

pub fn sigmoid(z: &Real) -> Real {
    let one = real(1.0);
    &one / (&one + exp(&-z))
}

/// `Φ(z) = 1/2 + Φ′(0) Σ (−1)ᵏ z²ᵏ⁺¹ / (2ᵏ k! (2k + 1))`, the series around 0: nothing of the crate's erfc is in it.
fn normal_below(z: &Real) -> Real {
    static ROOT_OF_TWO_PI: LazyLock<Real> = LazyLock::new(|| {
        // π by Machin's formula.
        let pi = real(16.0) * arctan_of_inverse(5.0) - real(4.0) * arctan_of_inverse(239.0);
        sqrt(&(real(2.0) * pi))
    });
    // Beyond 15 it is 0 or 1 to 50 digits.
    if z > &real(15.0) || z < &real(-15.0) {
        return if z > &real(0.0) { real(1.0) } else { real(0.0) };
    }
    // The terms rise to e^(z²/2), up to 49 digits before the point, and then cancel: they need as many more digits.
    let z = z.clone().with_precision(BITS + 2 * 163).value();
    let square = &z * &z / real(-2.0);
    let (mut sum, mut term) = (real(0.0), z);
    for k in (0..).map(f64::from) {
        let next = &term / real(2.0 * k + 1.0);
        sum += &next;
        if next.to_f64().value().abs() < 1e-45 {
            break;
        }
        term = term * &square / real(k + 1.0);
    }
    real(0.5) + sum.with_precision(BITS).value() / &*ROOT_OF_TWO_PI
}

/// `arctan(1/x) = Σ (−1)ᵏ / ((2k + 1) x²ᵏ⁺¹)`; a hundred terms are enough from x = 5 on.
fn arctan_of_inverse(x: f64) -> Real {
    let (mut sum, mut power) = (real(0.0), real(1.0) / real(x));
    for k in (0..100).map(f64::from) {
        sum += &power / real(2.0 * k + 1.0);
        power = -(power / real(x * x));
    }
    sum
}

pub fn activate(activation: Activation, z: Real) -> Real {
    let (zero, one) = (real(0.0), real(1.0));
    match activation {
        Activation::Identity => z,
        Activation::Sigmoid => sigmoid(&z),
        Activation::Tanh => real(2.0) * sigmoid(&(real(2.0) * z)) - one,
        Activation::Relu => z.max(zero),
        Activation::LeakyRelu if z > zero => z,
        Activation::LeakyRelu => real(LEAK) * z,
        Activation::Elu if z > zero => z,
        Activation::Elu => exp(&z) - one,
        Activation::Selu if z > zero => real(SELU_LAMBDA) * z,
        // In f64 λα is one rounded product.
        Activation::Selu => real(SELU_LAMBDA * SELU_ALPHA) * (exp(&z) - one),
        Activation::Gelu => &z * normal_below(&z),
        Activation::Silu => &z * sigmoid(&z),
    }
}

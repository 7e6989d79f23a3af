//! e^x and its kin a second time, in numbers of about 100 bits: each the sum of two f64, after Dekker (1971).
//!
//! Nothing here is as in the crate: the argument is divided by 256 and not only reduced, the series is Taylor's, and squarings
//! undo the division.

use std::ops::{Add, Div, Mul};

/// high + low, with `low` at most half a unit in the last place of `high`.
#[derive(Clone, Copy)]
pub struct Twice {
    pub high: f64,
    pub low: f64,
}

/// a + b for |a| ≥ |b| or a = 0, exactly.
fn ordered_sum(a: f64, b: f64) -> Twice {
    let high = a + b;
    Twice { high, low: b - (high - a) }
}

/// a + b, exactly; Knuth's six operations.
fn sum(a: f64, b: f64) -> Twice {
    let high = a + b;
    let of_b = high - a;
    Twice { high, low: (a - (high - of_b)) + (b - of_b) }
}

/// The upper and the lower half of the bits of a.
fn halves(a: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * a;
    let high = shifted - (shifted - a);
    (high, a - high)
}

/// ab, exactly.
fn product(a: f64, b: f64) -> Twice {
    let high = a * b;
    let ((a, a_low), (b, b_low)) = (halves(a), halves(b));
    Twice { high, low: ((a * b - high) + a * b_low + a_low * b) + a_low * b_low }
}

impl From<f64> for Twice {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Add for Twice {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (high, low) = (sum(self.high, other.high), sum(self.low, other.low));
        let first = ordered_sum(high.high, high.low + low.high);
        ordered_sum(first.high, first.low + low.low)
    }
}

impl Mul for Twice {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let high = product(self.high, other.high);
        ordered_sum(high.high, high.low + (self.high * other.low + self.low * other.high))
    }
}

impl Div for Twice {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let quotient = self.high / other.high;
        let rest = self + other * Self::from(-quotient);
        let second = rest.high / other.high;
        let rest = rest + other * Self::from(-second);
        ordered_sum(quotient, second) + Self::from(rest.high / other.high)
    }
}

/// value × 2^exponent: the value stays near 1, however large or small the whole is.
#[derive(Clone, Copy)]
pub struct Scaled {
    pub value: Twice,
    pub exponent: i32,
}

/// k and e^r − 1 of x = k ln 2 + r.
fn reduced(x: f64) -> (i32, Twice) {
    // ln 2 in three parts of 53 bits.
    const LN2: [f64; 3] = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17, 5.707_708_438_416_212e-34];
    let k = (x / LN2[0]).round();
    let r = (Twice::from(x) + product(-k, LN2[0])) + product(-k, LN2[1]) + Twice::from(-k * LN2[2]);
    let r = Twice { high: r.high / 256.0, low: r.low / 256.0 };
    // (e^r − 1)/r = 1 + r/2 + r²/6 + …: the terms from r⁴/120 on are so small that 53 bits of them are enough.
    let t = r.high;
    let rest = t * (1.0 / 120.0 + t * (1.0 / 720.0 + t * (1.0 / 5040.0 + t / 40320.0)));
    let one = Twice::from(1.0);
    let third = r * (one / Twice::from(24.0) + Twice::from(rest));
    let second = r * (one / Twice::from(6.0) + third);
    let mut y = r * (one + r * (Twice::from(0.5) + second));
    for _ in 0..8 {
        // e^(2r) − 1 = (e^r − 1)(e^r + 1)
        y = y * (y + Twice::from(2.0));
    }
    (k as i32, y)
}

/// 2^k, or 0 where it is too small to matter.
fn power(k: i32) -> Twice {
    Twice::from(if k < -300 { 0.0 } else { libm::ldexp(1.0, k) })
}

pub fn exp(x: f64) -> Scaled {
    let (exponent, y) = reduced(x);
    Scaled { value: Twice::from(1.0) + y, exponent }
}

pub fn exp_m1(x: f64) -> Scaled {
    let (exponent, y) = reduced(x);
    Scaled { value: y + (Twice::from(1.0) + power(-exponent) * Twice::from(-1.0)), exponent }
}

pub fn tanh(x: f64) -> Scaled {
    let Scaled { value, exponent } = exp_m1(2.0 * x);
    // (e − 1)/(e + 1), both divided by 2^k.
    Scaled { value: value / (value + power(1 - exponent)), exponent: 0 }
}

pub fn sigmoid(z: f64) -> Scaled {
    let Scaled { value, exponent } = exp(-z.abs());
    let one = Twice::from(1.0);
    let below = one + value * power(exponent);
    if z < 0.0 { Scaled { value: value / below, exponent } } else { Scaled { value: one / below, exponent: 0 } }
}

impl Scaled {
    /// How far `got` is from it, in units in the last place of it. Among the subnormal numbers the unit is 2^−1074.
    pub fn ulps(self, got: f64) -> f64 {
        let Twice { high, low } = self.value;
        if high == 0.0 {
            return if got == 0.0 { 0.0 } else { f64::INFINITY };
        }
        let unit = (libm::ilogb(high) - 52).max(-1074 - self.exponent);
        let error = (libm::ldexp(got, -self.exponent) - high) - low;
        libm::ldexp(error.abs(), -unit)
    }
}

//! e^x and its kin in an arithmetic of our own: many at a time, and to the bit the same on every machine.
//!
//! The `exp` and `tanh` of one system differ from another's in the last bit, and a loop that calls them takes one number at a
//! time. Here is nothing but +, −, ×, ÷, comparisons and operations on bits, which IEEE 754 leaves no choice in, in the order
//! in which they are written: no fused multiplication, no table, no branch. So the compiler turns a block of numbers
//! into vectors as wide as the processor has them, and no bit changes by it.
//!
//! All rest on one reduction: with k the integer next to x / ln 2 is `x = k ln 2 + r`, |r| ≤ ½ ln 2, and `e^x = 2^k e^r`.
//! Subtracting ln 2 in two parts is Cody and Waite's (1980); rounding by a large addend, and the sums whose rounding errors are
//! kept, are in Muller et al., Handbook of Floating-Point Arithmetic. Both are cited from memory.
//!
//! The functions of one number are compiled here and not where they are called: a program that is not optimised has them fast as well.
//!
//! Errors are in units in the last place of the exact result, the largest of 100 million arguments: anywhere, near 0, and where k
//! changes. A result may be that much below the one of a smaller argument.

use std::ops::{Add, Div, Mul, Sub};

/// 1.5 × 2^52, where neighbouring numbers are 1 apart, so that adding it rounds to an integer, ties to even. The 2046, twice
/// the bias of an exponent, keeps the last 12 bits of the sum from falling below 0.
const SHIFT: f64 = 6_755_399_441_055_744.0 + 2046.0;
/// The first 42 bits of ln 2: its product with a k of 11 bits is exact.
const LN2_HIGH: f64 = 0.693_147_180_559_890_3;
/// What ln 2 has beyond them.
const LN2_LOW: f64 = 5.497_923_018_708_371e-14;
/// c of `e^r − 1 = r + r²/2 + r³ c(r)`: on |r| ≤ ½ ln 2 the polynomial of degree 8 whose largest error, relative to e^r − 1, is the
/// smallest, found by Remez' exchange in 60 digits. Rounded as they stand here the error is 2^−55.2 of e^r − 1 and 2^−56.4 of e^r.
const C: [f64; 9] = [
    0.166_666_666_666_666_02,
    0.041_666_666_666_620_035,
    0.008_333_333_333_388_35,
    0.001_388_888_892_048_096_2,
    0.000_198_412_697_094_017_5,
    2.480_151_638_945_985_7e-5,
    2.755_742_505_031_019_7e-6,
    2.762_220_823_701_351_4e-7,
    2.504_589_713_909_746_3e-8,
];

/// N numbers, which take each step together: while one waits for its sum, the processor has the others.
#[derive(Clone, Copy)]
struct Block<const N: usize>([f64; N]);

impl<const N: usize> Block<N> {
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        self.zip(self, |x, _| f(x))
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut result = self;
        for (x, y) in result.0.iter_mut().zip(other.0) {
            *x = f(*x, y);
        }
        result
    }
}

/// An operation of blocks, and of a block and a number that stands for N equal ones.
macro_rules! operation {
    ($trait:ident, $name:ident, $sign:tt) => {
        impl<const N: usize> $trait for Block<N> {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                self.zip(other, |x, y| x $sign y)
            }
        }
        impl<const N: usize> $trait<f64> for Block<N> {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: f64) -> Self {
                self $sign Self([other; N])
            }
        }
        impl<const N: usize> $trait<Block<N>> for f64 {
            type Output = Block<N>;
            #[inline(always)]
            fn $name(self, other: Block<N>) -> Block<N> {
                Block([self; N]) $sign other
            }
        }
    };
}
operation!(Add, add, +);
operation!(Sub, sub, -);
operation!(Mul, mul, *);
operation!(Div, div, /);

/// `e^x = 2^k (1 + high + tail)`.
struct Reduced<const N: usize> {
    /// `x − k LN2_HIGH`, exactly.
    high: Block<N>,
    /// The rest of e^r − 1, small beside `high`.
    tail: Block<N>,
    /// Its bits are k + 2046 in the last 12; those above are no part of it.
    k: Block<N>,
}

/// x from −746 to 710. What is no number stays none.
#[inline(always)]
fn reduce<const N: usize>(x: Block<N>) -> Reduced<N> {
    let shifted = x * std::f64::consts::LOG2_E + SHIFT;
    let k = shifted - SHIFT;
    let (high, low) = (x - k * LN2_HIGH, k * LN2_LOW);
    let r = high - low;
    // Estrin's scheme: sums that don't wait for one another.
    let (r2, r4) = (r * r, (r * r) * (r * r));
    let first = (0.5 + C[0] * r) + (C[1] + C[2] * r) * r2;
    let middle = (C[3] + C[4] * r) + (C[5] + C[6] * r) * r2;
    let last = C[7] + C[8] * r;
    // The low part joins the small terms, so that the large one, `high`, is free of error.
    let tail = (r2 * first - low) + (r2 * r4) * (middle + r4 * last);
    Reduced { high, tail, k: shifted }
}

/// `2^(n − 1023)`, of which the last 11 bits of n count.
#[inline(always)]
fn power_of_two(n: u64) -> f64 {
    f64::from_bits(n << 52)
}

/// `2^k p`, in two steps, as 2^k alone may be too large or too small. The first is exact, and so is the second unless its result is
/// below the normal numbers.
#[inline(always)]
fn scale<const N: usize>(p: Block<N>, k: Block<N>) -> Block<N> {
    let first = k.map(|k| power_of_two(k.to_bits() >> 1));
    let second = k.map(|k| power_of_two(k.to_bits().wrapping_sub(k.to_bits() >> 1)));
    p * first * second
}

/// `2 / 2^k`, which is a number for every k from −1022 to 1024.
#[inline(always)]
fn two_over_power<const N: usize>(k: Block<N>) -> Block<N> {
    k.map(|k| power_of_two((1024 + 2046_u64).wrapping_sub(k.to_bits())))
}

/// x, but at most the largest. Not x.min, which on some processors costs more, and hides a NaN.
#[inline(always)]
fn at_most<const N: usize>(x: Block<N>, largest: f64) -> Block<N> {
    x.map(|x| if x > largest { largest } else { x })
}

/// x, but at least the smallest.
#[inline(always)]
fn at_least<const N: usize>(x: Block<N>, smallest: f64) -> Block<N> {
    x.map(|x| if x < smallest { smallest } else { x })
}

/// `e^x`.
///
/// At most 0.96 units off; correctly rounded to ∞ from 709.782712893384 on, and to 0 from −745.1332191019412 down, with the
/// subnormal numbers before it. e^0 is 1.
///
/// ```
/// assert_eq!(vanishing::exp(0.0), 1.0);
/// assert_eq!(vanishing::exp(-745.0), 5e-324);
/// ```
#[inline(never)]
pub fn exp(x: f64) -> f64 {
    exps([x])[0]
}

/// [`exp`] of each.
#[inline(always)]
pub(crate) fn exps<const N: usize>(x: [f64; N]) -> [f64; N] {
    let x = at_least(at_most(Block(x), 710.0), -746.0);
    let Reduced { high, tail, k } = reduce(x);
    scale(1.0 + (high + tail), k).0
}

/// `e^x − 1`, with all its digits where x is small.
///
/// At most 1.4 units off. A subnormal x and a zero of either sign are returned as they are.
///
/// ```
/// assert_eq!(vanishing::exp_m1(1e-20), 1e-20);
/// assert_eq!(vanishing::exp_m1(-50.0), -1.0);
/// ```
#[inline(never)]
pub fn exp_m1(x: f64) -> f64 {
    exp_m1s([x])[0]
}

/// [`exp_m1`] of each.
#[inline(always)]
pub(crate) fn exp_m1s<const N: usize>(x: [f64; N]) -> [f64; N] {
    let x = Block(x);
    let bounded = at_least(at_most(x, 710.0), -50.0);
    let Reduced { high, tail, k } = reduce(bounded);
    // (e^x − 1) / 2^k = (high + 1 − 2^−k) + tail. At k = 0 it is high + tail.
    let p = (high + (1.0 - 0.5 * two_over_power(k))) + tail;
    // −0 + 0 is 0, and here alone the sign would be lost.
    scale(p, k).zip(x, f64::copysign).0
}

/// `tanh(x) = (e^(2x) − 1) / (e^(2x) + 1)`, in (−1, 1).
///
/// At most 1.75 units off, and odd to the bit. A subnormal x and a zero of either sign are returned as they are.
///
/// ```
/// assert_eq!(vanishing::tanh(-1e-20), -1e-20);
/// assert_eq!(vanishing::tanh(20.0), 1.0);
/// ```
#[inline(never)]
pub fn tanh(x: f64) -> f64 {
    tanhs([x])[0]
}

/// [`tanh`] of each.
#[inline(always)]
pub(crate) fn tanhs<const N: usize>(x: [f64; N]) -> [f64; N] {
    let x = Block(x);
    let y = at_most(x.map(f64::abs), 22.0);
    let Reduced { high, tail, k } = reduce(2.0 * y);
    // p / (p + 2 / 2^k), where p = (e^(2y) − 1) / 2^k, as in exp_m1.
    let two = two_over_power(k);
    let high = high + (1.0 - 0.5 * two);
    let p = high + tail;
    // Its three roundings are too many. With a start s near the quotient it is s + (p − s (p + 2 / 2^k)) / (p + 2 / 2^k), and what they
    // err by is small beside s. At k = 0 that is y, and high − 2y is 0; after that the quotient is 0.17 and more.
    let start = two.zip(y, |two, y| {
        let start = if two == 1.0 { 0.25 } else { 0.0 };
        if two == 2.0 { y } else { start }
    });
    let rest = ((high - start * two) + tail) - start * p;
    (start + rest / (p + two)).zip(x, f64::copysign).0
}

/// `σ(z) = 1 / (1 + e^(−z))`, the logistic sigmoid, in (0, 1). Chapter 2.
///
/// At most 1.85 units off, in both tails: the exponential's argument is never positive. It rounds to 1 from z = 36.8 on, and to 0 where
/// e^z does; σ(0) is 1/2.
///
/// ```
/// assert_eq!(vanishing::sigmoid(0.0), 0.5);
/// assert_eq!(vanishing::sigmoid(-745.0), vanishing::exp(-745.0));
/// ```
#[inline(never)]
pub fn sigmoid(z: f64) -> f64 {
    sigmoids([z])[0]
}

/// [`sigmoid`] of each.
#[inline(always)]
pub(crate) fn sigmoids<const N: usize>(z: [f64; N]) -> [f64; N] {
    let z = Block(z);
    let y = at_least(z.map(|z| -z.abs()), -746.0);
    let Reduced { high, tail, k } = reduce(y);
    let e = scale(1.0 + (high + tail), k);
    // e/(1 + e) on the left and 1/(1 + e) on the right, as a − a e/(1 + e) with a = e and a = 1: what the sum and the quotient err by
    // is then multiplied by e.
    let a = e.zip(z, |e, z| if z < 0.0 { e } else { 1.0 });
    (a - a * (e / (1.0 + e))).0
}

//! exp, exp_m1, tanh and the sigmoid: how far they are off, where they end, and that their bits are the same however they are called.

mod bits;
#[allow(dead_code)]
mod real;
mod twice;

use proptest::prelude::*;
use pulp::Arch;
use rand::RngExt;
use real::{Real, real};
use std::f64::consts::LN_2;
use std::hint::black_box;
use twice::Scaled;
use vanishing::{Activation, ChaCha8Rng, SeedableRng};

/// One of them: ours, the reference, and the range on which it is neither 0 nor 1 nor infinite.
struct Function {
    ours: fn(f64) -> f64,
    reference: fn(f64) -> Scaled,
    low: f64,
    high: f64,
    /// k changes at the odd multiples of half of it.
    step: f64,
}

const EXP: Function =
    Function { ours: vanishing::exp, reference: twice::exp, low: -745.133, high: 709.782, step: LN_2 };
const EXP_M1: Function =
    Function { ours: vanishing::exp_m1, reference: twice::exp_m1, low: -40.0, high: 709.782, step: LN_2 };
const TANH: Function =
    Function { ours: vanishing::tanh, reference: twice::tanh, low: -20.0, high: 20.0, step: LN_2 / 2.0 };
const SIGMOID: Function =
    Function { ours: vanishing::sigmoid, reference: twice::sigmoid, low: -745.133, high: 40.0, step: LN_2 };

impl Function {
    /// n arguments: anywhere, of any size, near 0, and where k changes.
    fn arguments(&self, n: usize) -> impl Iterator<Item = f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (low, high, step) = (self.low, self.high, self.step);
        let candidates = (0..).map(move |i| match i % 5 {
            0 | 1 => rng.random_range(low..high),
            2 => {
                let size = rng.random_range(1e-25_f64.to_bits()..high.max(-low).to_bits());
                f64::from_bits(size) * if rng.random() { 1.0 } else { -1.0 }
            }
            3 => rng.random_range(-2.0..2.0),
            _ => {
                let k = rng.random_range(low / step..high / step).floor();
                (k + 0.5) * step * (1.0 + libm::ldexp(rng.random_range(-1.0..1.0), -rng.random_range(8..52)))
            }
        });
        candidates.filter(move |x| (low..=high).contains(x)).take(n)
    }

    /// The largest error in units in the last place, and where.
    fn worst(&self, n: usize) -> (f64, f64) {
        let errors = self.arguments(n).map(|x| ((self.reference)(x).ulps((self.ours)(x)), x));
        errors.fold((0.0, 0.0), |worst, error| if error.0 <= worst.0 { worst } else { error })
    }

    fn stays_within(&self, ulps: f64) {
        let (worst, x) = self.worst(1_000_000);
        assert!(worst <= ulps, "{worst} units in the last place at {x:e}");
        // A bound that nothing comes near would be a slack one.
        assert!(worst > 0.8 * ulps, "at most {worst} units in the last place, and {ulps} are allowed");
    }

    /// The reference itself, against 42 digits.
    fn has_a_true_reference(&self, exact: fn(&Real) -> Real) {
        for x in self.arguments(5000) {
            let Scaled { value, exponent } = (self.reference)(x);
            let reference = (real(value.high) + real(value.low)) * real(2.0).powi(exponent.into());
            let off = reference / exact(&real(x)) - real(1.0);
            assert!(off.to_f64().value().abs() < 1e-27, "{off} at {x:e}");
        }
    }
}

#[test]
fn the_exponential_is_less_than_a_unit_off() {
    EXP.stays_within(0.96);
}

#[test]
fn the_exponential_less_one_is_less_than_one_and_a_half_units_off() {
    EXP_M1.stays_within(1.4);
}

#[test]
fn the_hyperbolic_tangent_is_less_than_two_units_off() {
    TANH.stays_within(1.75);
}

#[test]
fn the_sigmoid_is_less_than_two_units_off() {
    SIGMOID.stays_within(1.85);
}

#[test]
fn what_they_are_held_to_has_27_digits() {
    EXP.has_a_true_reference(real::exp);
    EXP_M1.has_a_true_reference(real_exp_m1);
    TANH.has_a_true_reference(|x| {
        let less_one = real_exp_m1(&(real(2.0) * x));
        &less_one / (&less_one + real(2.0))
    });
    SIGMOID.has_a_true_reference(real::sigmoid);
}

/// `e^x − 1`, near 0 by `x + x²/2! + x³/3! + …`, where the difference would lose digits.
fn real_exp_m1(x: &Real) -> Real {
    if x.to_f64().value().abs() > 0.5 {
        return real::exp(x) - real(1.0);
    }
    let (mut sum, mut term) = (real(0.0), x.clone());
    for n in (2..32).map(f64::from) {
        sum += &term;
        term = term * x / real(n);
    }
    sum
}

#[test]
fn the_ends_are_those_of_the_functions() {
    use vanishing::{exp, exp_m1, sigmoid, tanh};
    let (inf, tiny) = (f64::INFINITY, f64::from_bits(1));
    let largest_subnormal = f64::MIN_POSITIVE.next_down();
    assert_eq!([exp(-inf), exp(-0.0), exp(0.0), exp(tiny), exp(inf)], [0.0, 1.0, 1.0, 1.0, inf]);
    assert_eq!([exp_m1(-inf), exp_m1(-40.0), exp_m1(inf)], [-1.0, -1.0, inf]);
    assert_eq!([tanh(-inf), tanh(-20.0), tanh(20.0), tanh(inf)], [-1.0, -1.0, 1.0, 1.0]);
    assert_eq!([sigmoid(-inf), sigmoid(-0.0), sigmoid(0.0), sigmoid(40.0), sigmoid(inf)], [0.0, 0.5, 0.5, 1.0, 1.0]);
    for function in [exp, exp_m1, tanh, sigmoid] {
        assert!(function(f64::NAN).is_nan() && function(-f64::NAN).is_nan());
    }
    for x in [0.0, tiny, largest_subnormal, f64::MIN_POSITIVE, 1e-300] {
        for x in [x, -x] {
            assert_eq!([exp_m1(x).to_bits(), tanh(x).to_bits()], [x.to_bits(); 2], "{x:e}");
        }
    }
    // Where e^x passes the largest number, half the smallest, and (to the last bit) the smallest normal one.
    let (over, under, normal) = (709.782_712_893_384_f64, -745.133_219_101_941_1_f64, -708.396_418_532_264_1_f64);
    for function in [exp, exp_m1] {
        assert!(function(over) > 1.797e308 && function(over) < inf);
        assert_eq!(function(over.next_up()), inf);
    }
    for function in [exp, sigmoid] {
        assert_eq!([function(under), function(under.next_down())], [tiny, 0.0]);
        assert!(function(normal) >= f64::MIN_POSITIVE && function(normal.next_down()) < f64::MIN_POSITIVE);
    }
}

#[test]
fn none_leaves_the_range_of_its_function() {
    for x in TANH.arguments(100_000) {
        assert!((-1.0..=1.0).contains(&vanishing::tanh(x)), "{x:e}");
        assert_eq!(vanishing::tanh(-x), -vanishing::tanh(x));
        assert!((0.0..=1.0).contains(&vanishing::sigmoid(2.0 * x)), "{x:e}");
        assert!(vanishing::exp_m1(x) >= -1.0, "{x:e}");
    }
}

/// Loops that the compiler may take several numbers at a time in.
#[inline(always)]
fn in_loops(x: &[f64]) -> [Vec<f64>; 4] {
    let mut results = [(); 4].map(|()| x.to_vec());
    let [exp, exp_m1, tanh, sigmoid] = &mut results;
    exp.iter_mut().for_each(|x| *x = vanishing::exp(*x));
    exp_m1.iter_mut().for_each(|x| *x = vanishing::exp_m1(*x));
    tanh.iter_mut().for_each(|x| *x = vanishing::tanh(*x));
    sigmoid.iter_mut().for_each(|x| *x = vanishing::sigmoid(*x));
    results
}

/// Which NaN it is, IEEE 754 leaves open.
fn one_nan(x: &f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

proptest! {
    #[test]
    fn a_vector_of_any_width_has_the_bits_of_single_numbers(
        x in prop::collection::vec(prop_oneof![-50.0..50.0, any::<u64>().prop_map(f64::from_bits)], 0..80)
    ) {
        let single = [EXP, EXP_M1, TANH, SIGMOID].map(|f| x.iter().map(|&x| black_box(f.ours)(x)).collect());
        let expected: [Vec<f64>; 4] = single;
        for (results, expected) in in_loops(&x).iter().zip(&expected) {
            prop_assert!(results.iter().map(one_nan).eq(expected.iter().map(one_nan)));
        }
        for (activation, expected) in [Activation::Tanh, Activation::Sigmoid].iter().zip(&expected[2..]) {
            let mut blocks = x.clone();
            activation.apply(&mut blocks);
            prop_assert!(blocks.iter().map(one_nan).eq(expected.iter().map(one_nan)));
        }
        let widest = Arch::new().dispatch(#[inline(always)] || in_loops(&x));
        for (results, expected) in widest.iter().zip(&expected) {
            prop_assert!(results.iter().map(one_nan).eq(expected.iter().map(one_nan)));
        }
    }
}

/// `tests/wasm` holds WebAssembly to it.
const HASH: u64 = 0x2fdc_4b6a_cef6_f42b;

#[test]
fn a_million_results_have_the_bits_of_every_other_machine() {
    let hash = bits::hash([EXP, EXP_M1, TANH, SIGMOID].map(|function| function.ours));
    assert_eq!(hash, HASH, "{hash:#018x}");
}

//! The four floating-point formats, and what is lost between two of their numbers.

use half::{bf16, f16};

/// A binary floating-point format, rounded to nearest, ties to even (IEEE 754).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Half precision: 11 significant bits, smallest number 2⁻²⁴.
    F16,
    /// Brain float: 8 significant bits, smallest number 2⁻¹³³.
    Bf16,
    /// Single precision: 24 significant bits, smallest number 2⁻¹⁴⁹.
    F32,
    /// Double precision: 53 significant bits, smallest number 2⁻¹⁰⁷⁴.
    F64,
}

impl Format {
    /// From the shortest to the longest.
    pub const ALL: [Self; 4] = [Self::F16, Self::Bf16, Self::F32, Self::F64];

    /// Its name in Rust.
    pub fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// p, how many significant bits a number has, the leading one included.
    fn bits(self) -> i32 {
        match self {
            Self::F16 => 11,
            Self::Bf16 => 8,
            Self::F32 => 24,
            Self::F64 => 53,
        }
    }

    /// The number of this format that is nearest to `value`; beyond the largest it is infinite.
    pub fn round(self, value: f64) -> f64 {
        match self {
            Self::F16 => round_to(value, self.bits(), -24, 16),
            Self::Bf16 => round_to(value, self.bits(), -133, 128),
            Self::F32 => f64::from(value as f32),
            Self::F64 => value,
        }
    }

    /// `x · y`, both rounded to this format first.
    ///
    /// The product of two f32 is exact in f64, so rounding it once more is the product that the format itself gives.
    pub fn product(self, x: f64, y: f64) -> f64 {
        self.round(self.round(x) * self.round(y))
    }

    /// `w − step`, both rounded to this format first.
    ///
    /// Rounding twice, to f64 and then to the format, is harmless here: f64 has more than twice f32's bits and two more
    /// (Figueroa 1995).
    pub fn difference(self, w: f64, step: f64) -> f64 {
        self.round(self.round(w) - self.round(step))
    }

    /// The largest number below `value`, which must be a positive number of this format.
    fn below(self, value: f64) -> f64 {
        match self {
            Self::F16 => f16::from_bits(f16::from_f64(value).to_bits() - 1).to_f64(),
            Self::Bf16 => bf16::from_bits(bf16::from_f64(value).to_bits() - 1).to_f64(),
            Self::F32 => f64::from((value as f32).next_down()),
            Self::F64 => value.next_down(),
        }
    }

    /// The smallest positive number.
    pub fn smallest(self) -> f64 {
        match self {
            Self::F16 => f16::from_bits(1).to_f64(),
            Self::Bf16 => bf16::from_bits(1).to_f64(),
            Self::F32 => f64::from(f32::from_bits(1)),
            Self::F64 => f64::from_bits(1),
        }
    }

    /// The smallest positive number with all of its significant bits. Those below it, the subnormal ones, have fewer.
    pub fn smallest_normal(self) -> f64 {
        self.smallest() * power_of_two(self.bits() - 1)
    }

    /// The largest step that leaves `w` exactly where it was: `w − step == w`. `w` must be a positive number of the format.
    ///
    /// It is half the gap below `w`; the tie goes to the even neighbour, which is `w` when `w` is a power of two.
    pub fn largest_lost_step(self, w: f64) -> f64 {
        let half_gap = (w - self.below(w)) / 2.0;
        if self.difference(w, half_gap) == w { half_gap } else { self.below(half_gap) }
    }

    /// How many times 1 can be multiplied by `factor` until it is exactly 0; `None` if it never is.
    ///
    /// # Panics
    ///
    /// If `factor` is not in [0, 1).
    pub fn factors_until_zero(self, factor: f64) -> Option<u32> {
        assert!((0.0..1.0).contains(&factor), "the factor is {factor}; expected 0 <= factor < 1");
        let mut product = 1.0;
        for count in 1.. {
            let next = self.product(product, factor);
            if next == 0.0 {
                return Some(count);
            }
            if next == product {
                return None;
            }
            product = next;
        }
        None
    }
}

/// The nearest number with so many significant bits, whose last bit is worth at least `2^lowest`, below `2^too_large`.
///
/// Rounded once: a conversion by way of f32, which is what x86's instruction for f16 takes, rounds twice, and finds ties where there
/// are none.
fn round_to(value: f64, bits: i32, lowest: i32, too_large: i32) -> f64 {
    // Below f64's own normal numbers the field of the exponent is 0; those are far below `lowest`.
    let exponent = (value.to_bits() >> 52 & 0x7ff) as i32 - 1023;
    if exponent >= too_large {
        // Infinity and NaN, whose field is the largest, are among these.
        return if value.is_nan() { value } else { f64::INFINITY.copysign(value) };
    }
    // A sum with this has its last bit where the format has it, so the addition rounds there, ties to even; taking it away is exact.
    let shift = 1.5 * power_of_two((exponent - (bits - 1)).max(lowest) + 52);
    let rounded = ((value + shift) - shift).copysign(value);
    if rounded.abs() < power_of_two(too_large) { rounded } else { f64::INFINITY.copysign(value) }
}

/// `2^exponent` for a normal f64.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn the_smallest_normal_numbers_are_those_of_the_standard() {
        let powers = Format::ALL.map(|format| format.smallest_normal().log2());
        assert_eq!(powers, [-14.0, -126.0, -126.0, -1022.0]);
    }

    #[test]
    fn rounding_is_done_once() {
        // A little above the middle of two f16. Rounded to f32 first it would lie in the middle, and go down.
        let above = 1.0 + 2.0_f64.powi(-11) + 2.0_f64.powi(-40);
        assert_eq!(Format::F16.round(above), 1.0 + 2.0_f64.powi(-10));
        let above = 1.0 + 2.0_f64.powi(-8) + 2.0_f64.powi(-40);
        assert_eq!(Format::Bf16.round(above), 1.0 + 2.0_f64.powi(-7));
    }

    #[test]
    fn rounding_with_f32s_bits_is_the_hardwares_and_every_f16_and_bf16_is_kept() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..200_000 {
            // Any sign, exponent and mantissa; then one near f32's subnormal numbers.
            let any = f64::from_bits(rng.random());
            let small = rng.random_range(-1.0..1.0) * power_of_two(-120 - rng.random_range(0..32));
            for value in [any, small].into_iter().filter(|value| !value.is_nan()) {
                assert_eq!(round_to(value, 24, -149, 128), f64::from(value as f32), "{value:e}");
            }
        }
        for bits in 0..=u16::MAX {
            let (half, brain) = (f16::from_bits(bits).to_f64(), bf16::from_bits(bits).to_f64());
            assert!(half.is_nan() || Format::F16.round(half) == half, "{half:e}");
            assert!(brain.is_nan() || Format::Bf16.round(brain) == brain, "{brain:e}");
        }
        assert!(Format::F16.round(f64::NAN).is_nan());
    }

    #[test]
    fn a_quarter_vanishes_after_as_many_factors_as_the_exponents_allow() {
        // 4^-k rounds to 0 when it is at most half of the smallest number (the tie goes to the even 0).
        let counts = Format::ALL.map(|format| format.factors_until_zero(0.25).unwrap());
        assert_eq!(counts, [13, 67, 75, 538]);
        for (format, count) in Format::ALL.into_iter().zip(counts) {
            let exponent = 2.0 * f64::from(count - 1);
            assert!((-exponent).exp2() > format.smallest() / 2.0 || format == Format::F64);
        }
    }

    #[test]
    fn a_factor_of_three_quarters_gets_stuck_at_the_smallest_number() {
        assert_eq!(Format::F16.factors_until_zero(0.75), None);
        assert_eq!(Format::F32.factors_until_zero(0.5), Some(150));
    }

    #[test]
    fn the_largest_lost_step_is_lost_and_the_next_one_is_not() {
        for format in Format::ALL {
            for w in [0.25, 0.5, 0.75, 1.0, format.round(0.3)] {
                let lost = format.largest_lost_step(w);
                assert_eq!(format.difference(w, lost), w, "{format:?} {w}");
                let next = match format {
                    Format::F64 => lost.next_up(),
                    _ => lost * (1.0 + 2.0_f64.powi(-7)),
                };
                assert!(format.difference(w, next) < w, "{format:?} {w}");
            }
        }
        let powers =
            Format::ALL.map(|format| (format.largest_lost_step(0.25).log2(), format.largest_lost_step(0.5).log2()));
        assert_eq!(powers, [(-14.0, -13.0), (-11.0, -10.0), (-27.0, -26.0), (-56.0, -55.0)]);
    }

    #[test]
    fn rounding_agrees_with_the_hardware_and_with_the_definition() {
        assert_eq!(Format::F32.round(0.1), f64::from(0.1_f32));
        // 1 + 2^-11 lies half-way between two f16; the even one is 1.
        assert_eq!(Format::F16.round(1.0 + 2.0_f64.powi(-11)), 1.0);
        assert_eq!(Format::F16.round(1.0 + 3.0 * 2.0_f64.powi(-11)), 1.0 + 2.0_f64.powi(-9));
        assert_eq!(Format::Bf16.round(1.0 + 2.0_f64.powi(-8)), 1.0);
        assert_eq!(Format::F16.round(70_000.0), f64::INFINITY);
    }
}

//! The normal distribution, without the system's logarithm.

use rand::distr::Open01;
use rand::{Rng, TryRng};
use rand_distr::{Distribution, StandardNormal};
use std::convert::Infallible;

/// Where the ziggurat ends and the tails begin: R of Doornik's ZIGNOR (2005), of 256 boxes.
const TAIL: f64 = 3.654_152_885_361_009;

/// `N(0, std²)`: rand_distr's, but for the last bit of one draw in four thousand.
///
/// These come from the tails, and there rand_distr takes a logarithm of the system's, whose last bit is another on another system.
/// Here it is taken again, of the same random word.
pub struct Normal {
    pub std: f64,
}

impl Distribution<f64> for Normal {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let mut rng = LastTwo { rng, words: [0; 2] };
        let x: f64 = StandardNormal.sample(&mut rng);
        if x.abs() <= TAIL {
            return self.std * x;
        }
        // Marsaglia (1964): R − ln(u)/R, to be accepted by a second number, which is drawn after u.
        let u: f64 = Open01.sample(&mut Again(rng.words[0]));
        self.std * (TAIL - libm::log(u) / TAIL).copysign(x)
    }
}

/// Keeps the last two words that were drawn.
struct LastTwo<'a, R: ?Sized> {
    rng: &'a mut R,
    words: [u64; 2],
}

impl<R: Rng + ?Sized> TryRng for LastTwo<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.rng.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.words = [self.words[1], self.rng.next_u64()];
        Ok(self.words[1])
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.rng.fill_bytes(bytes);
        Ok(())
    }
}

/// Draws one word, again and again.
struct Again(u64);

impl TryRng for Again {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().zip(self.0.to_le_bytes().iter().cycle()).for_each(|(byte, of)| *byte = *of);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn draws_are_those_of_rand_distr_to_the_last_bit_of_the_tails() {
        let (mut ours, mut theirs) = (ChaCha8Rng::seed_from_u64(5), ChaCha8Rng::seed_from_u64(5));
        let mut in_tails = 0;
        for _ in 0..200_000 {
            let (x, y): (f64, f64) = (Normal { std: 1.0 }.sample(&mut ours), StandardNormal.sample(&mut theirs));
            if x.abs() > TAIL {
                in_tails += 1;
                assert_relative_eq!(x, y, epsilon = 0.0, max_relative = 4e-16);
            } else {
                assert_eq!(x, y);
            }
        }
        // 2 (1 − Φ(R)) = 2.58e-4, so 52 of 200 000, give or take 7.
        assert!((31..73).contains(&in_tails), "{in_tails} draws beyond {TAIL}");
    }
}

//! Where the weights start.

use ndarray::Array2;
use rand::Rng;
use rand_distr::{Distribution, Normal, Uniform};

/// How the weights of a layer are drawn. Biases start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// `N(0, 1/fan_in)`.
    Normal,
    /// `U(±√(6 / (fan_in + fan_out)))`; Glorot and Bengio 2010, equation 16.
    Glorot,
    /// `N(0, 2/fan_in)`, for ReLU; He, Zhang, Ren and Sun 2015, section 2.2.
    He,
}

impl Init {
    /// A weight matrix (fan_in, fan_out).
    ///
    /// # Panics
    ///
    /// If `fan_in` is 0.
    pub fn weights(self, fan_in: usize, fan_out: usize, rng: &mut impl Rng) -> Array2<f64> {
        let (n, m) = (fan_in as f64, fan_out as f64);
        let normal = |variance: f64| Normal::new(0.0, variance.sqrt()).expect("a fan-in of 0 has no variance");
        let glorot = (6.0 / (n + m)).sqrt();
        match self {
            Self::Normal => draw(normal(1.0 / n), (fan_in, fan_out), rng),
            Self::He => draw(normal(2.0 / n), (fan_in, fan_out), rng),
            Self::Glorot => draw(Uniform::new(-glorot, glorot).expect("the bounds are finite"), (fan_in, fan_out), rng),
        }
    }
}

fn draw(distribution: impl Distribution<f64>, shape: (usize, usize), rng: &mut impl Rng) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || distribution.sample(rng))
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn each_has_the_variance_it_names() {
        // 240 000 draws: the sample variance of a normal is off by √(2/240 000) = 0.3 %, so 1.5 % is five of those.
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (init, variance) in [(Init::Normal, 1.0 / 400.0), (Init::He, 2.0 / 400.0), (Init::Glorot, 2.0 / 1000.0)] {
            let w = init.weights(400, 600, &mut rng);
            assert_relative_eq!(w.var(0.0), variance, max_relative = 0.015);
            assert!(w.sum().abs() / 240_000.0 < 5.0 * (variance / 240_000.0).sqrt(), "{init:?} is not centred");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_weights() {
        let draw = || Init::Glorot.weights(3, 2, &mut ChaCha8Rng::seed_from_u64(7));
        assert_eq!(draw(), draw());
    }
}

//! Where the weights start.

use crate::normal::Normal;
use ndarray::{Array2, Axis};
use rand::Rng;
use rand_distr::{Distribution, Uniform};

/// How the weights of a layer are drawn. Biases start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// `N(0, 1/fan_in)`.
    Normal,
    /// `U(±1/√fan_in)`, of variance `1/(3 fan_in)`: what several frameworks do unless told otherwise.
    Uniform,
    /// `U(±√(6 / (fan_in + fan_out)))`; Glorot and Bengio 2010, equation 16.
    Glorot,
    /// `N(0, 2/fan_in)`, for ReLU; He, Zhang, Ren and Sun 2015, section 2.2.
    He,
    /// A random matrix with `w wᵀ = 1` (or `wᵀ w = 1`, if it is taller than wide); Saxe, McClelland and Ganguli 2014.
    Orthogonal,
}

impl Init {
    /// Every initialisation, in the order of the tables.
    pub const ALL: [Self; 5] = [Self::Normal, Self::Uniform, Self::Glorot, Self::He, Self::Orthogonal];

    /// Its name as the tables print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Uniform => "uniform",
            Self::Glorot => "Glorot",
            Self::He => "He",
            Self::Orthogonal => "orthogonal",
        }
    }

    /// A weight matrix (fan_in, fan_out).
    ///
    /// # Panics
    ///
    /// If `fan_in` is 0.
    pub fn weights(self, fan_in: usize, fan_out: usize, rng: &mut impl Rng) -> Array2<f64> {
        let shape = (fan_in, fan_out);
        let (n, m) = (fan_in as f64, fan_out as f64);
        let normal = |variance: f64| {
            assert!(variance.is_finite(), "a fan-in of 0 has no variance");
            Normal { std: variance.sqrt() }
        };
        let uniform = |bound: f64| Uniform::new(-bound, bound).expect("the bounds are finite");
        match self {
            Self::Normal => draw(normal(1.0 / n), shape, rng),
            Self::He => draw(normal(2.0 / n), shape, rng),
            Self::Uniform => draw(uniform(1.0 / n.sqrt()), shape, rng),
            Self::Glorot => draw(uniform((6.0 / (n + m)).sqrt()), shape, rng),
            Self::Orthogonal if fan_in > fan_out => {
                let mut w = draw(normal(1.0), (fan_out, fan_in), rng);
                orthonormalise_rows(&mut w);
                w.reversed_axes().as_standard_layout().into_owned()
            }
            Self::Orthogonal => {
                let mut w = draw(normal(1.0), shape, rng);
                orthonormalise_rows(&mut w);
                w
            }
        }
    }
}

/// Gram and Schmidt: from each row what lies along the rows before it is taken away, and the rest is given the length 1.
///
/// Of normal rows, whose direction is uniform, this makes a matrix that is uniform among the orthogonal ones.
fn orthonormalise_rows(w: &mut Array2<f64>) {
    for i in 0..w.nrows() {
        // Once leaves an error that grows with the condition of the matrix; twice is enough (Kahan, in Parlett 1980).
        for _ in 0..2 {
            for before in 0..i {
                let (above, mut from) = w.view_mut().split_at(Axis(0), i);
                let (q, mut row) = (above.row(before), from.row_mut(0));
                let along = q.dot(&row);
                row.scaled_add(-along, &q);
            }
        }
        let mut row = w.row_mut(i);
        let length = row.dot(&row).sqrt();
        row /= length;
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
        let variances = [
            (Init::Normal, 1.0 / 400.0),
            (Init::Uniform, 1.0 / 1200.0),
            (Init::He, 2.0 / 400.0),
            (Init::Glorot, 2.0 / 1000.0),
            (Init::Orthogonal, 1.0 / 600.0),
        ];
        for (init, variance) in variances {
            let w = init.weights(400, 600, &mut rng);
            assert_relative_eq!(w.var(0.0), variance, epsilon = 0.0, max_relative = 0.015);
            assert!(w.sum().abs() / 240_000.0 < 5.0 * (variance / 240_000.0).sqrt(), "{init:?} is not centred");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_weights() {
        let draw = || Init::Glorot.weights(3, 2, &mut ChaCha8Rng::seed_from_u64(7));
        assert_eq!(draw(), draw());
    }

    #[test]
    fn orthogonal_weights_keep_every_length() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (fan_in, fan_out) in [(50, 50), (20, 50), (50, 20), (1, 1)] {
            let w = Init::Orthogonal.weights(fan_in, fan_out, &mut rng);
            let gram = if fan_in <= fan_out { w.dot(&w.t()) } else { w.t().dot(&w) };
            let error = gram - Array2::<f64>::eye(fan_in.min(fan_out));
            assert!(error.iter().all(|error| error.abs() < 1e-14), "{error}");
            assert!(w.is_standard_layout(), "an optimiser needs the weights in one piece");
        }
    }
}

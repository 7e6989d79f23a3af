//! Singular values of products of layers: not only how long a gradient is on average, but what becomes of each direction.
//!
//! Saxe, McClelland and Ganguli 2014; Pennington, Schoenholz and Ganguli 2017.

use crate::Table;
use nalgebra::DMatrix;
use rayon::prelude::*;
use vanishing::{Activation, Array2, Blueprint, ChaCha8Rng, Init, Loss, Pass, SeedableRng};

/// Neurons a layer in this chapter.
pub const WIDTH: usize = 100;
/// The depths that the chapter looks at.
pub const DEPTHS: [usize; 4] = [1, 5, 20, 100];

/// A singular value below this share of the largest is rounding noise: the product's entries have an error of about 1e-16 of the
/// largest singular value, times the root of their number and of the layers.
pub const RESOLVED: f64 = 1e-13;

/// The singular values of a matrix, the largest first: the lengths of the axes of the ellipsoid that it makes of the unit sphere.
///
/// Those below [`RESOLVED`] times the largest are NaN, as 64 bits can't tell them.
pub fn singular_values(matrix: &Array2<f64>) -> Vec<f64> {
    let (rows, columns) = matrix.dim();
    let mut values = DMatrix::from_row_iterator(rows, columns, matrix.iter().copied()).singular_values();
    let values = values.as_mut_slice();
    values.sort_by(|a, b| b.total_cmp(a));
    let floor = RESOLVED * values.first().copied().unwrap_or(0.0);
    values.iter().map(|&value| if value < floor { f64::NAN } else { value }).collect()
}

/// `W¹ W² ⋯ Wᴸ`, each factor (n, n) and drawn by `init`: what a deep linear network does to its input.
pub fn product(init: Init, n: usize, depth: usize, seed: u64) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..depth).fold(Array2::eye(n), |product, _| product.dot(&init.weights(n, n, &mut rng)))
}

/// `rank, orthogonal_1, …, gaussian_1, …`: the singular values of products of [`DEPTHS`] factors, [`WIDTH`] by [`WIDTH`], with rank 1
/// the largest.
pub fn spectra() -> Table {
    let kinds = [(Init::Orthogonal, "orthogonal"), (Init::Normal, "gaussian")];
    let cases: Vec<_> = kinds.iter().flat_map(|kind| DEPTHS.map(|depth| (*kind, depth))).collect();
    let spectra: Vec<_> =
        cases.par_iter().map(|((init, _), depth)| singular_values(&product(*init, WIDTH, *depth, 1))).collect();
    let names = cases.iter().map(|((_, name), depth)| format!("{name}_{depth}"));
    let mut table = Table::new(["rank".to_owned()].into_iter().chain(names));
    for k in 0..WIDTH {
        let values = spectra.iter().map(|spectrum| spectrum[k].into());
        table.push([(k + 1).into()].into_iter().chain(values).collect());
    }
    table
}

/// The Jacobian `∂aᴸ/∂a⁰` of a random network of `depth` layers of `n` neurons at one random input with entries of variance `q`, at
/// which it is drawn with weights of `gain` times `init` and without biases.
///
/// The n gradients are one batch: n times the same input, and the identity matrix coming back.
pub fn jacobian(
    activation: Activation,
    init: Init,
    gain: f64,
    n: usize,
    depth: usize,
    q: f64,
    seed: u64,
) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let widths = Blueprint::widths(n, n, n, depth);
    let network = Blueprint { gain, ..Blueprint::new(&widths, activation, init, Loss::SquaredError) }
        .build(&mut rng)
        .expect("the widths are not empty");
    let x = Init::Normal.weights(1, n, &mut rng) * q.sqrt();
    let x = x.broadcast((n, n)).expect("a row repeats");
    let mut pass = Pass::new(&network, n);
    network.forward_into(x, &mut pass);
    network.backward_from(Array2::eye(n).view(), &mut pass);
    pass.delta[1].dot(&network.layers[1].dense().w.t())
}

/// The kinds of network in [`isometry`]: φ, how weights are drawn, their gain, the variance of the input.
const KINDS: [(Activation, Init, f64, f64); 6] = [
    (Activation::Identity, Init::Normal, 1.0, 1.0),
    (Activation::Identity, Init::Orthogonal, 1.0, 1.0),
    (Activation::Relu, Init::Normal, std::f64::consts::SQRT_2, 1.0),
    (Activation::Relu, Init::Orthogonal, std::f64::consts::SQRT_2, 1.0),
    (Activation::Tanh, Init::Normal, 1.0, 1e-4),
    (Activation::Tanh, Init::Orthogonal, 1.0, 1e-4),
];

/// `activation, weights, mean_square, near_one`: fifty layers, [`WIDTH`] wide. `mean_square` is the mean of the squared singular
/// values of the Jacobian, `near_one` the share of singular values between ½ and 2.
///
/// Each network is critical, χ₁ = 1 for a typical input: ReLU has the gain √2, and tanh an input so small that it is nearly linear.
pub fn isometry() -> Table {
    let rows: Vec<_> = KINDS
        .par_iter()
        .map(|&(activation, init, gain, q)| {
            let values = singular_values(&jacobian(activation, init, gain, WIDTH, 50, q, 1));
            // A NaN is a value too small to be told: not near one, and nothing to a sum of squares.
            let squares = values.iter().filter(|value| !value.is_nan()).map(|value| value * value).sum::<f64>();
            let near = values.iter().filter(|value| (0.5..=2.0).contains(*value)).count();
            (squares / WIDTH as f64, near as f64 / WIDTH as f64)
        })
        .collect();
    let mut table = Table::new(["activation", "weights", "mean_square", "near_one"]);
    for ((activation, init, ..), (mean_square, near_one)) in KINDS.iter().zip(rows) {
        table.push(vec![activation.name().into(), init.name().into(), mean_square.into(), near_one.into()]);
    }
    table
}

/// `(1/L) ln ‖W¹ ⋯ Wᴸ u‖` for factors n by n with entries N(0, 1) and a unit vector u, a mean over the seeds: how fast a product of
/// random matrices grows.
///
/// Its limit is `½(ln 2 + ψ(n/2))`, the largest Lyapunov exponent; Newman 1986.
pub fn growth_exponent(n: usize, depth: usize, seeds: u64) -> f64 {
    let one = |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut u = Init::Normal.weights(1, n, &mut rng);
        let mut log = 0.0;
        for _ in 0..depth {
            u /= vanishing::norm(&u);
            // N(0, 1/n) times √n.
            u = u.dot(&Init::Normal.weights(n, n, &mut rng)) * (n as f64).sqrt();
            log += libm::log(vanishing::norm(&u));
        }
        log / depth as f64
    };
    (0..seeds).map(one).sum::<f64>() / seeds as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    #[test]
    fn a_product_of_orthogonal_matrices_keeps_every_length() {
        let table = spectra();
        for depth in DEPTHS {
            for value in table.numbers(&format!("orthogonal_{depth}")) {
                // A hundred products, each with a rounding error of a few 1e-16.
                assert_abs_diff_eq!(value, 1.0, epsilon = 1e-13);
            }
        }
    }

    #[test]
    fn the_squares_are_those_of_the_entries() {
        let product = product(Init::Normal, 50, 3, 2);
        let squares: f64 = singular_values(&product).iter().map(|value| value * value).sum();
        assert_relative_eq!(
            squares,
            product.iter().map(|entry| entry * entry).sum::<f64>(),
            epsilon = 0.0,
            max_relative = 1e-12
        );
    }

    #[test]
    fn what_sixty_four_bits_cannot_tell_is_not_a_number() {
        let values = singular_values(&vanishing::array![[1.0, 0.0], [0.0, 1e-14]]);
        assert!(values[0] == 1.0 && values[1].is_nan());
    }

    #[test]
    fn the_jacobian_is_a_difference_quotient() {
        let widths = Blueprint::widths(4, 4, 4, 3);
        let network = Blueprint::new(&widths, Activation::Tanh, Init::Normal, Loss::SquaredError);
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let network = network.build(&mut rng).unwrap();
        let x = Init::Normal.weights(1, 4, &mut rng) * 0.5_f64.sqrt();
        let jacobian = jacobian(Activation::Tanh, Init::Normal, 1.0, 4, 3, 0.5, 5);
        for k in 0..4 {
            for i in 0..4 {
                let output = |h: f64| {
                    let mut x = x.clone();
                    x[[0, i]] += h;
                    network.forward(&x)[[0, k]]
                };
                // The error of the quotient is of the order of its step squared.
                assert_abs_diff_eq!(jacobian[[k, i]], vanishing::central_difference(output, 0.0, 1e-5), epsilon = 1e-9);
            }
        }
    }

    #[test]
    fn orthogonal_weights_save_tanh_and_not_relu() {
        let table = isometry();
        let near = table.numbers("near_one");
        assert_eq!((near[1], near[5]), (1.0, 1.0), "linear and tanh, orthogonal");
        assert!([0, 2, 3, 4].iter().all(|kind| near[*kind] < 0.15), "{near:?}");
        insta::assert_snapshot!(table);
    }
}

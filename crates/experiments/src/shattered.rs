//! How alike the gradients of two inputs are: Balduzzi, Frean, Leary, Lewis, Ma and McWilliams 2017.

use crate::Table;
use crate::gradient_by_layer::{mean, standard_normal};
use crate::skip::{Blocks, Branch};
use rayon::prelude::*;
use std::f64::consts::PI;
use vanishing::ndarray::ArrayView1;
use vanishing::{Activation, Array1, Array2, ChaCha8Rng, Dense, Error, Init, Layer, Loss, Network, Pass, SeedableRng};

/// `1 − arccos(c)/π`: of the neurons that are on for one input, the share that is on for another too, if their z have the
/// correlation c.
///
/// Two normal variables are both positive with probability `(π − arccos c)/2π` (Sheppard 1899), each with ½.
pub fn both_on(c: f64) -> f64 {
    1.0 - libm::acos(c) / PI
}

/// `C(c) = (√(1 − c²) + (π − arccos c) c)/π`: the correlation of z behind a layer of ReLUs, of two inputs with correlation c.
pub fn correlation_behind(c: f64) -> f64 {
    // (1 − c)(1 + c) keeps the digits that 1 − c² loses for c close to 1.
    (((1.0 - c) * (1.0 + c)).sqrt() + (PI - libm::acos(c)) * c) / PI
}

/// The correlation of the gradients by two orthogonal inputs, in infinitely wide blocks.
///
/// Going back through a block multiplies it by `(1 + s² k/v) / (1 + s²/v)`, with k the [`both_on`] of the two signals there and 1/v
/// what a norm multiplies by, `B/(B − 3)` over the variance with B examples; without skip connection by k alone. A norm
/// holds every correlation at `−1/(B − 1)`; without one it rises block by block.
///
/// # Panics
///
/// For [`Branch::ReluLast`], whose outputs don't have the mean 0.
pub fn theory(blocks: &Blocks) -> f64 {
    let norm = match blocks.branch {
        Branch::WeightsLast => false,
        Branch::NormFirst => true,
        Branch::ReluLast => panic!("there is no theory for blocks that end with a ReLU"),
    };
    let batch = blocks.batch as f64;
    let mut c = if norm { -1.0 / (batch - 1.0) } else { 0.0 };
    let (mut variance, mut product) = (1.0, 1.0);
    for _ in 0..blocks.depth {
        product *= match blocks.scale {
            Some(s) => {
                let share = s * s / variance * if norm { batch / (batch - 3.0) } else { 1.0 };
                (1.0 + share * both_on(c)) / (1.0 + share)
            }
            None => both_on(c),
        };
        match (norm, blocks.scale) {
            (true, Some(s)) => variance += s * s * (1.0 - 1.0 / PI),
            (true, None) => {}
            (false, Some(s)) => c = (c + s * s * correlation_behind(c)) / (1.0 + s * s),
            (false, None) => c = correlation_behind(c),
        }
    }
    product
}

/// The same, measured: the mean cosine between the gradients by each two of a batch of orthogonal inputs, over all pairs and networks.
///
/// Every example gets the same random gradient at the end. A norm's mean and variance are held constant on the way back: through them
/// each example's gradient would depend on the others, and this is about functions of one input.
///
/// # Errors
///
/// If the blocks can't be built.
pub fn measured(blocks: &Blocks) -> Result<f64, Error> {
    over_seeds(blocks, |network, pass, rng| {
        let (batch, width) = (blocks.batch, blocks.width);
        let da = standard_normal(1, width, rng);
        network.backward_from(da.broadcast((batch, width)).expect("one row"), pass);
        mean_cosine(&pass.delta[1])
    })
}

/// The share of the neurons behind the blocks that are on for two orthogonal inputs, over all pairs and networks.
///
/// # Errors
///
/// If the blocks can't be built.
pub fn on_for_both(blocks: &Blocks) -> Result<f64, Error> {
    over_seeds(blocks, |_, pass, _| {
        let pairs = |count: f64| count * (count - 1.0);
        let on = |z: ArrayView1<f64>| z.iter().filter(|z| **z > 0.0).count() as f64;
        let shares = pass.output().columns().into_iter().map(|z| pairs(on(z)) / pairs(z.len() as f64));
        shares.sum::<f64>() / blocks.width as f64
    })
}

/// The mean over the networks, each after a forward pass of a batch of orthogonal inputs of mean square 1.
fn over_seeds(blocks: &Blocks, of: impl Fn(&Network, &mut Pass, &mut ChaCha8Rng) -> f64 + Sync) -> Result<f64, Error> {
    let runs: Result<Vec<_>, Error> = (0..blocks.seeds)
        .into_par_iter()
        .map(|seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut network = blocks.network(&mut rng)?;
            let x = Init::Orthogonal.weights(blocks.batch, blocks.width, &mut rng) * (blocks.width as f64).sqrt();
            network.freeze_norms(&x);
            let mut pass = Pass::new(&network, blocks.batch);
            network.forward_into(x.view(), &mut pass);
            Ok(of(&network, &mut pass, &mut rng))
        })
        .collect();
    Ok(mean(&runs?))
}

/// The mean over all pairs of different rows: of unit rows u, `‖Σ u‖² = B + Σ cosines`.
fn mean_cosine(rows: &Array2<f64>) -> f64 {
    let mut sum = Array1::<f64>::zeros(rows.ncols());
    for row in rows.rows() {
        sum.scaled_add(1.0 / row.dot(&row).sqrt(), &row);
    }
    let count = rows.nrows() as f64;
    (sum.dot(&sum) - count) / (count * (count - 1.0))
}

/// The four kinds of blocks that the page compares, with their columns of [`by_depth`].
pub const KINDS: [(&str, Branch, Option<f64>); 4] = [
    ("plain", Branch::WeightsLast, None),
    ("norm", Branch::NormFirst, None),
    ("skip", Branch::WeightsLast, Some(1.0)),
    ("norm_skip", Branch::NormFirst, Some(1.0)),
];

/// A row of blocks of one of the [`KINDS`]; a norm sees 64 examples.
pub fn blocks(branch: Branch, scale: Option<f64>, depth: usize) -> Blocks {
    Blocks { branch, scale, depth, batch: 64, seeds: 4, ..Default::default() }
}

/// `blocks` and the correlation of the gradients for each of the [`KINDS`], as four networks have it and in theory.
///
/// # Panics
///
/// Never: these blocks can be built.
pub fn by_depth() -> Table {
    let names = KINDS.iter().flat_map(|(name, ..)| [(*name).to_owned(), format!("theory_{name}")]);
    let mut table = Table::new(["blocks".to_owned()].into_iter().chain(names));
    for depth in [1, 2, 4, 8, 16] {
        let mut row = vec![depth.into()];
        for (_, branch, scale) in KINDS {
            let blocks = blocks(branch, scale, depth);
            row.extend([measured(&blocks).expect("the blocks can be built").into(), theory(&blocks).into()]);
        }
        table.push(row);
    }
    table
}

/// One curve y(x) of a network with one input and one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What the page calls it.
    pub name: &'static str,
    /// What stands between the first and the last layer of weights.
    pub blocks: Blocks,
}

/// The points of x on [−2, 2], as many as in the paper's first figure.
pub const POINTS: usize = 256;

/// The four networks of the figure, 100 wide: a layer, 24 of them, the same with batch norm, 50 blocks with norm and skip connection.
pub fn curves() -> [Curve; 4] {
    let curve = |name, branch, scale, depth| {
        let blocks = Blocks { branch, scale, depth, width: 100, batch: POINTS, seeds: 8 };
        Curve { name, blocks }
    };
    [
        curve("1 layer", Branch::WeightsLast, None, 1),
        curve("24 layers", Branch::WeightsLast, None, 24),
        curve("24 layers, batch norm", Branch::NormFirst, None, 24),
        curve("50 blocks, batch norm, skip", Branch::NormFirst, Some(1.0), 50),
    ]
}

impl Curve {
    /// dy/dx at [`POINTS`] points from −2 to 2. The first layer is `x w + b` with w and b drawn from `N(0, 1)`; without b a ReLU
    /// network of one input is two straight lines. Norms are over all points, and held constant on the way back.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn slopes(&self, seed: u64) -> Result<Vec<f64>, Error> {
        let network = self.network(seed)?;
        let mut pass = Pass::new(&network, POINTS);
        network.forward_into(grid().view(), &mut pass);
        network.backward_from(Array2::ones((POINTS, 1)).view(), &mut pass);
        Ok(pass.delta[1].dot(&network.layers[1].dense().w.row(0)).to_vec())
    }

    fn network(&self, seed: u64) -> Result<Network, Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let width = self.blocks.width;
        let w = standard_normal(1, width, &mut rng);
        let b = standard_normal(1, width, &mut rng).row(0).to_owned();
        let mut layers: Vec<Layer> = vec![Dense::new(w, b, Activation::Identity)?.into()];
        layers.extend(self.blocks.layers(&mut rng)?);
        let last = Init::Normal.weights(width, 1, &mut rng);
        layers.push(Dense::new(last, Array1::zeros(1), Activation::Identity)?.into());
        let mut network = Network::from_layers(layers, Loss::SquaredError)?;
        network.freeze_norms(&grid());
        Ok(network)
    }

    /// The autocorrelation of dy/dx between points that are `lag` apart, a mean over the networks.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn autocorrelations(&self, lags: &[usize]) -> Result<Vec<f64>, Error> {
        let runs: Result<Vec<_>, Error> = (0..self.blocks.seeds)
            .into_par_iter()
            .map(|seed| {
                let slopes = self.slopes(seed)?;
                Ok(lags.iter().map(|&lag| autocorrelation(&slopes, lag)).collect::<Vec<_>>())
            })
            .collect();
        let runs = runs?;
        Ok((0..lags.len()).map(|k| mean(&runs.iter().map(|run| run[k]).collect::<Vec<_>>())).collect())
    }
}

/// The points of x: (points, 1).
pub fn grid() -> Array2<f64> {
    Array2::from_shape_fn((POINTS, 1), |(k, _)| -2.0 + 4.0 * k as f64 / (POINTS as f64 - 1.0))
}

/// `Σ (u_k − ū)(u_{k+lag} − ū) / Σ (u_k − ū)²`.
pub fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let mean = mean(values);
    let product = |lag: usize| -> f64 {
        values.iter().zip(&values[lag..]).map(|(first, second)| (first - mean) * (second - mean)).sum()
    };
    product(lag) / product(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mean_field::MeanField;
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    /// Both closed forms are maps of mean-field theory for ReLU with `σ_w² = 2`, which page 20 has as integrals.
    #[test]
    fn the_closed_forms_are_the_integrals() {
        let relu = MeanField { activation: Activation::Relu, weight_var: 2.0, bias_var: 0.0 };
        for c in [-0.9, -1.0 / 63.0, 0.0, 0.3, 0.95, 1.0] {
            assert_abs_diff_eq!(both_on(c), relu.correlation_slope(1.0, c), epsilon = 1e-10);
            assert_abs_diff_eq!(correlation_behind(c), relu.correlation(1.0, c), epsilon = 1e-10);
        }
    }

    #[test]
    fn without_a_norm_the_correlation_falls_as_a_power_of_depth() {
        let at = |depth| theory(&Blocks { scale: None, depth, ..Default::default() });
        // θ = arccos c falls as 3π/l, up to a logarithm: the power is −3 in the limit, and nears it slowly.
        assert_relative_eq!((at(200_000) / at(100_000)).log2(), -3.0, epsilon = 0.01);
        assert!((at(40) / at(20)).log2() > -2.6);
    }

    #[test]
    fn a_mean_cosine_is_one_or_minus_one_or_zero() {
        assert_abs_diff_eq!(mean_cosine(&vanishing::array![[1.0, 2.0], [3.0, 6.0]]), 1.0, epsilon = 1e-15);
        assert_abs_diff_eq!(mean_cosine(&vanishing::array![[1.0, 2.0], [-3.0, -6.0]]), -1.0, epsilon = 1e-15);
        assert_abs_diff_eq!(mean_cosine(&vanishing::array![[1.0, 2.0], [2.0, -1.0]]), 0.0, epsilon = 1e-15);
    }

    #[test]
    fn the_slopes_are_difference_quotients() {
        for curve in curves() {
            let curve = Curve { blocks: Blocks { width: 8, depth: 3, ..curve.blocks }, ..curve };
            let (slopes, network) = (curve.slopes(1).unwrap(), curve.network(1).unwrap());
            // A step so small that no kink lies within it, but for one chance in thousands.
            let y = |h: f64| network.forward(&(grid() + h));
            let quotients = (y(1e-6) - y(-1e-6)) / 2e-6;
            for (slope, quotient) in slopes.iter().zip(&quotients) {
                assert_abs_diff_eq!(slope, quotient, epsilon = 1e-6);
            }
        }
    }

    #[test]
    fn the_autocorrelation_of_alternating_numbers_is_minus_one_almost() {
        let alternating: Vec<f64> = (0..100).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
        assert_abs_diff_eq!(autocorrelation(&alternating, 1), -0.99, epsilon = 1e-12);
        assert_abs_diff_eq!(autocorrelation(&alternating, 2), 0.98, epsilon = 1e-12);
    }

    #[test]
    fn a_norm_turns_gradients_into_noise_and_a_skip_connection_calms_them() {
        let [one, deep, norm, skip] = curves().map(|curve| curve.autocorrelations(&[1]).unwrap()[0]);
        assert!(one > 0.95 && deep > 0.7 && norm.abs() < 0.1 && skip > 0.5, "{one} {deep} {norm} {skip}");
    }
}

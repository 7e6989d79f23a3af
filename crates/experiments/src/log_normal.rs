//! How much of a gradient one random ReLU network leaves, and how that differs from network to network.
//!
//! With He's weights, going back into a layer of n neurons multiplies `‖δ‖²` by `(2/n) χ²_k`, where k, the number of neurons that are
//! on, is `Bin(n, ½)`. Its mean is 1. After many layers `ln ‖δ‖²` is nearly normal with mean `−5β/2` and variance `5β`,
//! `β = Σ 1/n`; Hanin and Nica 2020.

use crate::Table;
use crate::gradient_by_layer::{mean, random_pass, variance};
use rayon::prelude::*;
use vanishing::{Activation, Blueprint, ChaCha8Rng, Error, Init, Loss, SeedableRng, exp, norm};

/// Many ReLU networks with He's weights, each seen by one example and one random gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct LogNormal {
    /// n of each layer that the gradient goes back into, from layer 1 on. One layer more, as wide as the last of these, is behind them.
    pub widths: Vec<usize>,
    /// How many networks are drawn.
    pub networks: usize,
    /// The seed of the first one; the others follow it.
    pub seed: u64,
}

impl Default for LogNormal {
    /// 50 layers of 20 neurons, 2000 networks.
    fn default() -> Self {
        Self { widths: vec![20; 50], networks: 2000, seed: 0 }
    }
}

/// Mean and variance of `ln ‖δ¹‖²/‖δᴸ‖²`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogMoments {
    /// The mean.
    pub mean: f64,
    /// The variance.
    pub variance: f64,
}

impl LogNormal {
    /// `β = Σ 1/n`.
    pub fn beta(&self) -> f64 {
        self.widths.iter().map(|&n| 1.0 / n as f64).sum()
    }

    /// `−5β/2` and `5β`; Hanin and Nica 2020.
    pub fn asymptotic(&self) -> LogMoments {
        LogMoments { mean: -2.5 * self.beta(), variance: 5.0 * self.beta() }
    }

    /// The exact mean and variance for these widths: the layers' own added up, since their factors are independent.
    pub fn exact(&self) -> LogMoments {
        let layers = self.widths.iter().map(|&n| one_layer(n));
        layers.fold(LogMoments { mean: 0.0, variance: 0.0 }, |sum, layer| LogMoments {
            mean: sum.mean + layer.mean,
            variance: sum.variance + layer.variance,
        })
    }

    /// `‖δˡ‖²/‖δᴸ‖²` of each network, from the last layer back: entry 0 is 1, entry t is after t of the widths.
    ///
    /// A network with a layer that is all off has zeros from there on; if that is the last layer, they are no numbers.
    ///
    /// # Errors
    ///
    /// If there are no widths, or one of them is 0.
    pub fn shares(&self) -> Result<Vec<Vec<f64>>, Error> {
        let Some((&first, &last)) = self.widths.first().zip(self.widths.last()) else {
            return Err(Error::NoLayers { widths: vec![] });
        };
        let widths: Vec<_> = [first].into_iter().chain(self.widths.iter().copied()).chain([last]).collect();
        let blueprint = Blueprint::new(&widths, Activation::Relu, Init::He, Loss::SquaredError);
        (0..self.networks as u64)
            .into_par_iter()
            .map(|k| {
                let mut rng = ChaCha8Rng::seed_from_u64(self.seed + k);
                let network = blueprint.build(&mut rng)?;
                let pass = random_pass(&network, 1, &mut rng);
                let squares: Vec<_> = pass.delta.iter().rev().map(|delta| norm(delta).powi(2)).collect();
                Ok(squares.iter().map(|square| square / squares[0]).collect())
            })
            .collect()
    }

    /// `ln ‖δ¹‖²/‖δᴸ‖²` of each network, in order; those that died on the way, whose logarithm is no number, are left out.
    ///
    /// # Errors
    ///
    /// If there are no widths, or one of them is 0.
    pub fn logs(&self) -> Result<Vec<f64>, Error> {
        let shares = self.shares()?;
        Ok(shares.iter().map(|share| libm::log(share[self.widths.len()])).filter(|log| log.is_finite()).collect())
    }

    /// The mean and the unbiased variance of [`logs`](Self::logs).
    ///
    /// # Errors
    ///
    /// If there are no widths, or one of them is 0.
    pub fn measured(&self) -> Result<LogMoments, Error> {
        let logs = self.logs()?;
        Ok(LogMoments { mean: mean(&logs), variance: variance(&logs) })
    }

    /// `layers` gone back, the 5 %, 50 % and 95 % quantiles of `‖δˡ‖/‖δᴸ‖`, and its root mean square.
    ///
    /// # Errors
    ///
    /// If there are no widths, or one of them is 0.
    pub fn quantiles_by_layer(&self) -> Result<Table, Error> {
        let shares = self.shares()?;
        let mut table = Table::new(["layers", "low", "median", "high", "root_mean_square"]);
        for t in 0..=self.widths.len() {
            let mut squares: Vec<_> = shares.iter().map(|share| share[t]).collect();
            squares.sort_by(f64::total_cmp);
            let [low, median, high] = [0.05, 0.5, 0.95].map(|q| quantile(&squares, q).sqrt());
            table.push(vec![t.into(), low.into(), median.into(), high.into(), mean(&squares).sqrt().into()]);
        }
        Ok(table)
    }
}

/// The smallest of the sorted values that at least a share q of them do not exceed.
///
/// # Panics
///
/// If there are none.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// Mean and variance of `ln (2/n) χ²_k` for `k ~ Bin(n, ½)`, given k > 0.
///
/// `ln χ²_k` has mean `ψ(k/2) + ln 2` and variance `ψ′(k/2)`. These start from the known ψ(½), ψ(1), ψ′(½), ψ′(1) and follow
/// `ψ(x + 1) = ψ(x) + 1/x`, `ψ′(x + 1) = ψ′(x) − 1/x²`, so nothing is approximated.
pub fn one_layer(n: usize) -> LogMoments {
    const EULER: f64 = 0.577_215_664_901_532_9;
    let square = std::f64::consts::PI.powi(2);
    // ψ(k/2) and ψ′(k/2), k from 1 on; the first two are those of ½ and 1.
    let mut digamma = vec![-EULER - 2.0 * std::f64::consts::LN_2, -EULER];
    let mut trigamma = vec![square / 2.0, square / 6.0];
    for k in 1..=n {
        let x = k as f64 / 2.0;
        digamma.push(digamma[k - 1] + 1.0 / x);
        trigamma.push(trigamma[k - 1] - 1.0 / (x * x));
    }
    // C(n, k) as a share of the one at m, the largest: the numbers themselves overflow from n = 1030 on.
    let m = n.div_ceil(2);
    let mut weights = vec![1.0; n];
    for k in m + 1..=n {
        weights[k - 1] = weights[k - 2] * (n + 1 - k) as f64 / k as f64;
    }
    for k in (1..m).rev() {
        weights[k - 1] = weights[k] * (k + 1) as f64 / (n - k) as f64;
    }
    let all: f64 = weights.iter().sum();
    let expected = |of: &dyn Fn(usize) -> f64| weights.iter().zip(0..).map(|(w, at)| w / all * of(at)).sum::<f64>();
    let log = |at: usize| digamma[at] + libm::log(4.0 / n as f64);
    let mean = expected(&log);
    LogMoments { mean, variance: expected(&|at| trigamma[at] + (log(at) - mean).powi(2)) }
}

impl LogMoments {
    /// The density of the normal distribution with these moments.
    pub fn normal_density(&self, value: f64) -> f64 {
        let spread = 2.0 * self.variance;
        exp(-(value - self.mean).powi(2) / spread) / (std::f64::consts::PI * spread).sqrt()
    }
}

/// Histogram of the logarithms that were measured: `from` of each bin, and `density`, the share of the networks in it by its width.
pub fn histogram(logs: &[f64], bin: f64) -> Table {
    let at = |log: f64| (log / bin).floor();
    let first = logs.iter().copied().map(at).fold(f64::INFINITY, f64::min);
    let last = logs.iter().copied().map(at).fold(f64::NEG_INFINITY, f64::max);
    let mut table = Table::new(["from", "density"]);
    for k in first as i64..=last as i64 {
        let count = logs.iter().filter(|&&log| at(log) == k as f64).count();
        table.push(vec![(k as f64 * bin).into(), (count as f64 / (logs.len() as f64 * bin)).into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// numpy and scipy's digamma and polygamma, double precision.
    const ORACLE: [(usize, f64, f64); 5] = [
        (8, -0.398_777_269_866_756_66, 1.246_989_127_766_659),
        (10, -0.307_461_010_691_857_2, 0.866_734_253_052_603_4),
        (20, -0.137_186_724_769_029_77, 0.311_758_075_000_017_1),
        (30, -0.088_395_667_755_469_93, 0.191_148_179_737_979_87),
        (256, -0.009_828_659_363_802_623, 0.019_818_708_909_798_53),
    ];

    #[test]
    fn one_layers_moments_agree_with_library_digammas() {
        for (n, mean, variance) in ORACLE {
            let layer = one_layer(n);
            // The recurrence adds at most 256 roundings to numbers near 5 before ln n is taken away.
            assert_relative_eq!(layer.mean, mean, epsilon = 1e-13);
            assert_relative_eq!(layer.variance, variance, epsilon = 1e-13);
        }
    }

    #[test]
    fn a_wide_layers_moments_are_nearly_minus_five_halves_and_five_over_n() {
        // The next term is of the order of 1/n of these.
        let layer = one_layer(2000);
        assert_relative_eq!(layer.mean * 2000.0, -2.5, epsilon = 0.0, max_relative = 0.01);
        assert_relative_eq!(layer.variance * 2000.0, 5.0, epsilon = 0.0, max_relative = 0.01);
    }

    #[test]
    fn real_networks_have_the_exact_moments() {
        let networks = LogNormal { widths: vec![16; 16], networks: 1000, seed: 0 };
        let (exact, measured) = (networks.exact(), networks.measured().unwrap());
        // Three standard errors: √(6.7/1000) of the mean, √(2/1000) of the variance as a share, a little more for the skew.
        assert_relative_eq!(measured.mean, exact.mean, epsilon = 3.0 * (exact.variance / 1000.0).sqrt());
        assert_relative_eq!(measured.variance, exact.variance, epsilon = 0.0, max_relative = 0.16);
    }

    #[test]
    fn a_layer_of_one_neuron_dies_half_of_the_time_and_is_left_out() {
        let networks = LogNormal { widths: vec![1], networks: 400, seed: 0 };
        let alive = networks.logs().unwrap().len() as f64 / 400.0;
        // Given that the last layer is on; where it is off, 0/0 is no number either.
        assert!((0.18..0.32).contains(&alive), "{alive}");
        assert!(LogNormal { widths: vec![], ..networks }.shares().is_err());
    }

    #[test]
    fn the_bins_hold_every_network_once() {
        let table = histogram(&[-1.2, -0.1, 0.1, 0.2, 0.9], 0.5);
        assert_eq!(table.numbers("from"), [-1.5, -1.0, -0.5, 0.0, 0.5]);
        assert_eq!(table.numbers("density"), [0.4, 0.0, 0.4, 0.8, 0.4]);
    }

    #[test]
    fn the_normal_density_adds_up_to_one() {
        let law = LogMoments { mean: -3.0, variance: 4.0 };
        let sum: f64 = (-230..=170).map(|k| law.normal_density(f64::from(k) * 0.1) * 0.1).sum();
        assert_relative_eq!(sum, 1.0, epsilon = 0.0, max_relative = 1e-12);
    }

    #[test]
    fn quantiles_are_values_of_the_sample() {
        let sorted: Vec<_> = (1..=100).map(f64::from).collect();
        assert_eq!([0.05, 0.5, 0.95].map(|q| quantile(&sorted, q)), [5.0, 50.0, 95.0]);
    }
}

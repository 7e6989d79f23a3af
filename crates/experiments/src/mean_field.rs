//! Mean-field theory: what infinitely wide layers `z = Σ w a + b`, `w ~ N(0, σ_w²/n)`, `b ~ N(0, σ_b²)` do to a signal and to a
//! gradient, layer by layer, as expectations over one or two normal variables.
//!
//! Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli 2016 for the signal; Schoenholz, Gilmer, Ganguli and Sohl-Dickstein 2017 for
//! the gradient and the depth scales.

use crate::Table;
use crate::quadrature::{normal_expectation, pair_expectation};
use vanishing::Activation;

/// A quantity this close to 1, relatively, counts as 1: the expectations are good to 1e-13.
const AS_GOOD_AS_ONE: f64 = 1e-12;
/// How much further each step of a search for a fixed point goes.
const STEP: f64 = std::f64::consts::SQRT_2;
/// Where the search for a fixed point of the variance ends; what leads beyond it counts as 0 or as infinite.
const SMALLEST: f64 = 1e-9;
const LARGEST: f64 = 1e12;

/// A layer of infinite width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanField {
    /// φ.
    pub activation: Activation,
    /// `σ_w²`: the weights are `N(0, σ_w²/n)`.
    pub weight_var: f64,
    /// `σ_b²`, the variance of the biases.
    pub bias_var: f64,
}

/// Tanh with the weights of variance 1/n that the book's networks start from, and no biases.
impl Default for MeanField {
    fn default() -> Self {
        Self { activation: Activation::Tanh, weight_var: 1.0, bias_var: 0.0 }
    }
}

/// What many layers of one kind come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeepLimit {
    /// q*, the variance of z in deep layers, starting from variance 1. 0 if the signal dies, infinite if it grows without end, NaN
    /// if every variance stays what it was, as with ReLU at `σ_w² = 2`, `σ_b = 0`.
    pub q_star: f64,
    /// χ₁, by which a layer multiplies the mean square of the gradient on its way back. If q* is 0 or infinite, its limit there.
    pub chi1: f64,
    /// `ξ_∇ = −1/ln χ₁` in layers: over so many the mean square of the gradient falls to 1/e. Negative if it grows, infinite at
    /// the edge.
    pub xi_grad: f64,
    /// c*, the correlation that two different inputs end with. NaN if q* is 0 or infinite.
    pub c_star: f64,
    /// `ξ_c` in layers: over so many the distance from c* falls to 1/e. NaN where c* is.
    pub xi_c: f64,
}

impl MeanField {
    /// The variance map `V(q) = σ_w² E[φ(√q g)²] + σ_b²`, g standard normal: the variance of z in the layer after one with variance q.
    ///
    /// Poole et al. 2016, and the authors' own code.
    pub fn variance(&self, q: f64) -> f64 {
        let root = q.sqrt();
        self.weight_var * normal_expectation(|g| self.activation.value(root * g).powi(2)) + self.bias_var
    }

    /// `χ₁ = σ_w² E[φ′(√q g)²]`: the mean square of `∂L/∂z` of a layer over that of the layer behind it.
    ///
    /// Schoenholz et al. 2017, the backward counterpart of the variance map.
    pub fn gradient_factor(&self, q: f64) -> f64 {
        self.weight_var * self.mean_square_slope(q)
    }

    /// The correlation map at the variance q = q*: `C(c) = (σ_w² E[φ(√q g) φ(√q g′)] + σ_b²) / q` with `E[g g′] = c`.
    ///
    /// # Panics
    ///
    /// If c is not in [−1, 1].
    pub fn correlation(&self, q: f64, c: f64) -> f64 {
        let value = |g: f64| self.activation.value(q.sqrt() * g);
        (self.weight_var * pair_expectation(c, value, value) + self.bias_var) / q
    }

    /// The slope of the correlation map, `C′(c) = σ_w² E[φ′(√q g) φ′(√q g′)]`; at c = 1 it is χ₁.
    ///
    /// # Panics
    ///
    /// If c is not in [−1, 1].
    pub fn correlation_slope(&self, q: f64, c: f64) -> f64 {
        let slope = |g: f64| self.activation.slope_at(q.sqrt() * g);
        self.weight_var * pair_expectation(c, slope, slope)
    }

    /// Where the maps lead.
    pub fn deep_limit(&self) -> DeepLimit {
        let q_star = self.fixed_variance();
        // The limits: at so small and so large a variance every φ of the book has the slopes it has at ±0 and ±∞. If every
        // variance is a fixed point, one is as good as the next.
        let q = if q_star.is_nan() { 1.0 } else { q_star.clamp(1e-300, 1e300) };
        let chi1 = self.gradient_factor(q);
        let (c_star, xi_c) = if q_star == 0.0 || q_star.is_infinite() {
            (f64::NAN, f64::NAN)
        } else if chi1 <= 1.0 + AS_GOOD_AS_ONE {
            (1.0, depth_scale(chi1))
        } else {
            let c = self.fixed_correlation(q);
            (c, depth_scale(self.correlation_slope(q, c)))
        };
        DeepLimit { q_star, chi1, xi_grad: depth_scale(chi1), c_star, xi_c }
    }

    /// q*. `V` rises with q for every activation of the book, so the layers go from 1 to the nearest fixed point on the side that
    /// `V(1)` is on, and never over it.
    fn fixed_variance(&self) -> f64 {
        let growth = |q: f64| self.variance(q) / q - 1.0;
        let stays = |q: f64| growth(q).abs() < AS_GOOD_AS_ONE;
        if stays(1.0) {
            return if stays(0.5) && stays(2.0) { f64::NAN } else { 1.0 };
        }
        let grows = growth(1.0) > 0.0;
        let mut near = 1.0;
        loop {
            let far = if grows { near * STEP } else { near / STEP };
            if (growth(far) > 0.0) != grows {
                return bisect(near, far, |q| (growth(q) > 0.0) == grows);
            }
            if far > LARGEST {
                return f64::INFINITY;
            }
            // V(0) > 0 has a fixed point above it, so only where V(0) = 0 can the search come down here in vain.
            if far < SMALLEST && self.variance(0.0) == 0.0 {
                return 0.0;
            }
            near = far;
        }
    }

    /// c* < 1, for χ₁ > 1. `C` is convex on [0, 1] with `C(0) ≥ 0` and `C(1) = 1`, so Newton's method from 0 never oversteps it.
    fn fixed_correlation(&self, q: f64) -> f64 {
        let mut c = 0.0;
        for _ in 0..100 {
            let step = (self.correlation(q, c) - c) / (1.0 - self.correlation_slope(q, c));
            c += step;
            // The next step would be as its square.
            if step < 1e-7 {
                break;
            }
        }
        // 0 where φ is odd and there are no biases; rounding may leave −1e-32.
        c.max(0.0)
    }

    fn mean_square_slope(&self, q: f64) -> f64 {
        let root = q.sqrt();
        normal_expectation(|g| self.activation.slope_at(root * g).powi(2))
    }
}

/// The `σ_w²` at which χ₁ = 1 for a given `σ_b²`: a point of the critical line. NaN if there is none, as for ReLU with biases, or if
/// the layers, starting from variance 1, do not go to that q*, as for GELU.
///
/// For each q, χ₁ = 1 gives `σ_w² = 1/E[φ′²]`, and then `V(q) = q` gives `σ_b² = q − σ_w² E[φ²]`. The q that gives the wanted `σ_b²`
/// is found by bisection.
pub fn critical_weight_var(activation: Activation, bias_var: f64) -> f64 {
    let at = |q: f64| MeanField { activation, weight_var: 1.0, bias_var: 0.0 }.mean_square_slope(q).recip();
    let bias_var_of = |q: f64| q - MeanField { activation, weight_var: at(q), bias_var: 0.0 }.variance(q);
    let confirmed = |weight_var: f64| {
        let chi1 = MeanField { activation, weight_var, bias_var }.deep_limit().chi1;
        // χ₁ is flat where the line begins, and steep enough elsewhere to see a wrong fixed point.
        if (chi1 - 1.0).abs() < 1e-6 { weight_var } else { f64::NAN }
    };
    if bias_var == 0.0 && activation.value(0.0) == 0.0 {
        // The line begins where the signal dies.
        return confirmed(at(1e-300));
    }
    let mut low = SMALLEST;
    while bias_var_of(low * STEP) < bias_var {
        low *= STEP;
        if low > LARGEST {
            return f64::NAN;
        }
    }
    confirmed(at(bisect(low, low * STEP, |q| bias_var_of(q) < bias_var)))
}

/// `activation, weight_var, bias_var, q_star, chi1, xi_grad, c_star, xi_c`, a row a layer.
pub fn table(layers: &[MeanField]) -> Table {
    let mut table = Table::new(["activation", "weight_var", "bias_var", "q_star", "chi1", "xi_grad", "c_star", "xi_c"]);
    for layer in layers {
        let MeanField { activation, weight_var, bias_var } = *layer;
        let DeepLimit { q_star, chi1, xi_grad, c_star, xi_c } = layer.deep_limit();
        let numbers = [weight_var, bias_var, q_star, chi1, xi_grad, c_star, xi_c];
        table.push([activation.name().into()].into_iter().chain(numbers.map(Into::into)).collect());
    }
    table
}

/// `−1/ln χ`: after so many layers `χ^layers` is 1/e.
fn depth_scale(factor: f64) -> f64 {
    if (factor - 1.0).abs() < AS_GOOD_AS_ONE { f64::INFINITY } else { -libm::log(factor).recip() }
}

/// The place between `yes` and `no` at which `holds` changes.
fn bisect(mut yes: f64, mut no: f64, holds: impl Fn(f64) -> bool) -> f64 {
    // Sixty halvings leave less than the spacing of the floats.
    for _ in 0..60 {
        let middle = 0.5 * (yes + no);
        if holds(middle) { yes = middle } else { no = middle }
    }
    0.5 * (yes + no)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    /// The expected numbers below are from a second program, in Python: for tanh by the trapezoidal rule with 800 and 1000 points
    /// on ±12, which agree to 1e-13; for the others by the rule of Gauss and Hermite.
    const DOUBLE: f64 = 1e-10;

    fn layer(activation: Activation, weight_var: f64, bias_var: f64) -> MeanField {
        MeanField { activation, weight_var, bias_var }
    }

    #[test]
    fn the_sigmoid_passes_on_less_than_a_quarter() {
        let expected = [
            (1.0, 0.0, 0.264_686_875_181_892_5, 0.055_720_706_769_701_8),
            (1.0, 1.0, 1.302_134_036_305_786_3, 0.041_959_734_636_368_005),
            (4.0, 0.0, 1.196_914_343_398_852_5, 0.171_581_354_146_725_07),
            (1.0 / 3.0, 0.0, 0.085_033_764_875_480_88, 0.020_007_829_337_747_845),
        ];
        for (weight_var, bias_var, q_star, chi1) in expected {
            let limit = layer(Activation::Sigmoid, weight_var, bias_var).deep_limit();
            assert_relative_eq!(limit.q_star, q_star, epsilon = 0.0, max_relative = DOUBLE);
            assert_relative_eq!(limit.chi1, chi1, epsilon = 0.0, max_relative = DOUBLE);
            assert_eq!(limit.c_star, 1.0);
        }
        // Without biases the sigmoid's edge of chaos is at σ_w = 10.1493.
        assert_relative_eq!(
            critical_weight_var(Activation::Sigmoid, 0.0).sqrt(),
            10.1493,
            epsilon = 0.0,
            max_relative = 1e-5
        );
    }

    #[test]
    fn tanh_goes_from_order_to_chaos() {
        let expected = [
            (0.5, 0.087_579_865_186_794_17, 0.431_987_381_820_932_4),
            (1.0, 0.193_592_520_245_297_38, 0.759_031_647_185_393_2),
            (1.3, 0.315_316_477_485_292_1, 0.880_163_509_883_216_6),
            (1.7, 0.533_075_627_946_639_8, 0.986_740_809_025_876_1),
            (2.0, 0.721_761_872_652_071_5, 1.047_665_999_575_736),
            (2.5, 1.063_958_377_416_810_2, 1.133_515_698_704_252_3),
            (4.0, 2.195_493_928_034_484, 1.342_402_414_445_192),
        ];
        for (weight_var, q_star, chi1) in expected {
            let limit = layer(Activation::Tanh, weight_var, 0.05).deep_limit();
            assert_relative_eq!(limit.q_star, q_star, epsilon = 0.0, max_relative = DOUBLE);
            assert_relative_eq!(limit.chi1, chi1, epsilon = 0.0, max_relative = DOUBLE);
        }
        // c* and ξ_c were computed by iterating the correlation map, and written down to six and four digits.
        for (weight_var, c_star, xi_c) in [(2.0, 0.744_082, 25.21), (2.5, 0.446_804, 11.80), (4.0, 0.165_065, 6.98)] {
            let limit = layer(Activation::Tanh, weight_var, 0.05).deep_limit();
            assert_abs_diff_eq!(limit.c_star, c_star, epsilon = 6e-7);
            assert_abs_diff_eq!(limit.xi_c, xi_c, epsilon = 6e-3);
            assert!(limit.xi_grad < 0.0);
        }
        insta::assert_snapshot!(table(&[0.5, 1.0, 1.3, 1.7, 2.0, 2.5, 4.0].map(|w| layer(Activation::Tanh, w, 0.05))));
    }

    #[test]
    fn the_critical_line_of_tanh() {
        let expected = [
            (0.0, 1.0),
            (2.01e-5, 1.049_995_628_499_779_8),
            (0.001, 1.189_189_585_234_723_8),
            (0.05, 1.760_954_639_606_752_6),
            (0.3, 2.505_127_189_702_367),
            (1.0, 3.443_210_912_265_442),
        ];
        for (bias_var, weight_var) in expected {
            assert_relative_eq!(
                critical_weight_var(Activation::Tanh, bias_var),
                weight_var,
                epsilon = 0.0,
                max_relative = 1e-9
            );
        }
    }

    #[test]
    fn the_gain_of_five_thirds_is_chaotic() {
        let limit = layer(Activation::Tanh, 25.0 / 9.0, 0.0).deep_limit();
        assert_relative_eq!(limit.q_star, 1.178_480_490_385_908, epsilon = 0.0, max_relative = DOUBLE);
        assert_relative_eq!(limit.chi1, 1.209_831_320_382_682_3, epsilon = 0.0, max_relative = DOUBLE);
        // The values left and right of 0 cancel but for the roundings of their sum.
        assert!(limit.c_star.abs() < 1e-30, "without biases two inputs end as strangers");
    }

    #[test]
    fn tanh_with_weights_of_one_over_n_loses_its_signal_in_proportion_to_depth() {
        let xavier = MeanField::default();
        let (mut q, mut product) = (1.0, 1.0);
        for l in 1..=100 {
            product *= xavier.gradient_factor(q);
            q = xavier.variance(q);
            match l {
                10 => assert_relative_eq!(product, 0.071_369_729_106_272_73, epsilon = 0.0, max_relative = DOUBLE),
                100 => assert_relative_eq!(product, 0.007_134_253_153_364_815, epsilon = 0.0, max_relative = DOUBLE),
                _ => {}
            }
        }
        assert_relative_eq!(q, 0.005_069_019_200_167_378_5, epsilon = 0.0, max_relative = DOUBLE);
        let limit = xavier.deep_limit();
        assert_eq!((limit.q_star, limit.xi_grad), (0.0, f64::INFINITY));
        assert_relative_eq!(limit.chi1, 1.0, epsilon = 0.0, max_relative = 1e-13);
    }

    #[test]
    fn selu_keeps_the_signal_and_lets_the_gradient_grow() {
        let limit = layer(Activation::Selu, 1.0, 0.0).deep_limit();
        assert_relative_eq!(limit.q_star, 1.0, epsilon = 0.0, max_relative = 1e-12);
        assert_relative_eq!(limit.chi1, 1.071_574_992_455_799, epsilon = 0.0, max_relative = 1e-12);
    }

    /// `V(q) = σ_w² q/2 + σ_b²` for ReLU, so there is one fixed point, none, or nothing else.
    #[test]
    fn relu_has_its_edge_at_a_point() {
        let limit = |weight_var, bias_var| layer(Activation::Relu, weight_var, bias_var).deep_limit();
        let he = limit(2.0, 0.0);
        assert!(he.q_star.is_nan(), "every variance is kept");
        assert_eq!((he.c_star, he.xi_grad), (1.0, f64::INFINITY));
        assert_relative_eq!(he.chi1, 1.0, epsilon = 0.0, max_relative = 1e-13);
        assert_relative_eq!(limit(1.0, 0.3).q_star, 0.6, epsilon = 0.0, max_relative = 1e-12);
        assert_eq!(
            [limit(1.0, 0.0), limit(2.0, 0.1), limit(2.1, 0.0)].map(|l| l.q_star),
            [0.0, f64::INFINITY, f64::INFINITY]
        );
        for weight_var in [1.0, 2.1] {
            assert_relative_eq!(limit(weight_var, 0.0).chi1, weight_var / 2.0, epsilon = 0.0, max_relative = 1e-12);
            assert!(limit(weight_var, 0.0).c_star.is_nan());
        }
        assert_relative_eq!(critical_weight_var(Activation::Relu, 0.0), 2.0, epsilon = 0.0, max_relative = 1e-12);
        assert!(critical_weight_var(Activation::Relu, 0.1).is_nan());
    }

    #[test]
    fn the_slope_of_the_correlation_map_is_its_slope() {
        for activation in Activation::ALL {
            let layer = layer(activation, 1.4, 0.1);
            let slope = vanishing::central_difference(|c| layer.correlation(0.8, c), 0.3, 1e-4);
            // The step squared, times a third derivative of order 1.
            assert_relative_eq!(layer.correlation_slope(0.8, 0.3), slope, epsilon = 1e-7);
            assert_relative_eq!(
                layer.correlation_slope(0.8, 1.0),
                layer.gradient_factor(0.8),
                epsilon = 0.0,
                max_relative = 1e-12
            );
            assert_relative_eq!(
                layer.correlation(0.8, 1.0),
                layer.variance(0.8) / 0.8,
                epsilon = 0.0,
                max_relative = 1e-12
            );
        }
    }
}

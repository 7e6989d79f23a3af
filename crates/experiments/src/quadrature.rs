//! `E[f(g)]` and `E[f(g) h(g′)]` for standard normal g and g′, by the rule of Gauss and Legendre on panels.
//!
//! The functions of this book are smooth but for one place, z = 0: there ReLU has its kink, and there tanh(√q g) is steep when q is
//! large. So the panels halve towards that place, and on each the function is smooth on the scale of the panel.

use gauss_quad::GaussLegendre;
use std::num::NonZeroUsize;
use std::sync::LazyLock;

/// Beyond this many standard deviations `g² e^(−g²/2)` is below 1e-19, so nothing is lost.
const REACH: f64 = 10.0;
/// The panel beside the kink, in standard deviations.
const SHORTEST: f64 = 0.01;
/// On longer panels the rule would miss digits of the density itself.
const LONGEST: f64 = 2.5;
/// With 14 nodes a panel the tests' closed forms are met to 1e-13; with 10, only to 1e-11.
const NODES: NonZeroUsize = NonZeroUsize::new(16).unwrap();

static RULE: LazyLock<GaussLegendre> = LazyLock::new(|| GaussLegendre::new(NODES));

/// `E[f(g)] = ∫ f(g) e^(−g²/2) dg / √(2π)`, for an f that is smooth but for g = 0.
pub fn normal_expectation(f: impl Fn(f64) -> f64) -> f64 {
    around(0.0, &f)
}

/// `∫ f(x) dx` between two points, on panels of equal length, for an f that is smooth on the scale of a panel.
pub fn integral(from: f64, to: f64, panels: u32, f: impl Fn(f64) -> f64) -> f64 {
    let length = (to - from) / f64::from(panels);
    let start = |panel: u32| from + f64::from(panel) * length;
    (0..panels).map(|panel| RULE.integrate(start(panel), start(panel + 1), &f)).sum()
}

/// `E[f(g) h(g′)]` for normal variables of variance 1 with `E[g g′] = c`, each function smooth but for 0.
///
/// Written as `g′ = c g + √(1 − c²) ξ` with ξ independent of g, it is one expectation inside another.
///
/// # Panics
///
/// If c is not in [−1, 1].
pub fn pair_expectation(c: f64, f: impl Fn(f64) -> f64, h: impl Fn(f64) -> f64) -> f64 {
    assert!((-1.0..=1.0).contains(&c), "a correlation is in [-1, 1], but this one is {c}");
    // (1 − c)(1 + c) keeps the digits that 1 − c² loses for c close to 1.
    let s = ((1.0 - c) * (1.0 + c)).sqrt();
    if s == 0.0 {
        return normal_expectation(|g| f(g) * h(c * g));
    }
    normal_expectation(|g| f(g) * around(-c * g / s, &|xi| h(c * g + s * xi)))
}

/// `E[f(g)]` for an f that is smooth but for g = `kink`.
fn around(kink: f64, f: &impl Fn(f64) -> f64) -> f64 {
    let kink = kink.clamp(-REACH, REACH);
    let weighted = |g: f64| f(g) * vanishing::exp(-0.5 * g * g);
    let mut sum = 0.0;
    for (side, length) in [(-1.0, REACH + kink), (1.0, REACH - kink)] {
        // From the kink outwards: the shortest panel, and then each as long as all before it together.
        let mut from: f64 = 0.0;
        while from < length {
            let to = (2.0 * from).clamp(SHORTEST, from + LONGEST).min(length);
            sum += side * RULE.integrate(kink + side * from, kink + side * to, weighted);
            from = to;
        }
    }
    sum / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::{assert_abs_diff_eq, assert_relative_eq};
    use std::f64::consts::PI;
    use vanishing::Activation;

    /// What rounding leaves of a sum of some four hundred terms.
    const ROUNDING: f64 = 1e-13;

    #[test]
    fn the_moments_of_a_normal_variable() {
        for (power, moment) in [(0, 1.0), (1, 0.0), (2, 1.0), (4, 3.0), (6, 15.0)] {
            assert_abs_diff_eq!(normal_expectation(|g| g.powi(power)), moment, epsilon = 15.0 * ROUNDING);
        }
    }

    #[test]
    fn the_error_function_has_closed_forms() {
        // With u = √q g: E[erf(u)²] = (2/π) asin(2q/(1 + 2q)) and E[erf′(u)²] = (4/π)/√(1 + 4q), by the area of a spherical
        // triangle and by a Gaussian integral; Williams 1997 has both. At q = 10 000 the step is a hundredth wide.
        for q in [1e-4, 0.1, 1.0, 10.0, 1e4_f64] {
            let square = normal_expectation(|g| libm::erf(q.sqrt() * g).powi(2));
            assert_relative_eq!(
                square,
                2.0 / PI * (2.0 * q / (1.0 + 2.0 * q)).asin(),
                epsilon = 0.0,
                max_relative = ROUNDING
            );
            let slope = normal_expectation(|g| 4.0 / PI * (-2.0 * q * g * g).exp());
            assert_relative_eq!(slope, 4.0 / PI / (1.0 + 4.0 * q).sqrt(), epsilon = 0.0, max_relative = ROUNDING);
        }
    }

    #[test]
    fn a_pair_of_error_functions_is_an_arcsine() {
        for q in [0.3, 1.0, 20.0_f64] {
            for c in [-1.0, -0.4, 0.0, 0.5, 0.999, 0.999_999, 1.0] {
                let erf = |g: f64| libm::erf(q.sqrt() * g);
                let expected = 2.0 / PI * (2.0 * q * c / (1.0 + 2.0 * q)).asin();
                // Close to 1 the inner expectation turns within a thousandth, less than the smallest panel.
                let tolerance = if c == 0.999_999 { 1e-11 } else { ROUNDING };
                assert_abs_diff_eq!(pair_expectation(c, erf, erf), expected, epsilon = tolerance);
            }
        }
    }

    #[test]
    fn a_pair_of_relus_is_the_arccosine_kernel() {
        // Cho and Saul 2009, kernels of degree 0 and 1, for normal variables of variance 1.
        for c in [-1.0, -0.7, 0.0, 0.3, 0.99, 1.0_f64] {
            let angle = c.acos();
            let step = |g: f64| Activation::Relu.slope_at(g);
            assert_abs_diff_eq!(pair_expectation(c, step, step), (PI - angle) / (2.0 * PI), epsilon = 1e-12);
            let relu = |g: f64| Activation::Relu.value(g);
            let expected = (angle.sin() + (PI - angle) * c) / (2.0 * PI);
            assert_abs_diff_eq!(pair_expectation(c, relu, relu), expected, epsilon = ROUNDING);
        }
    }
}

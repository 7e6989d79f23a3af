//! The sigmoid, its slope, and how little room it leaves for a factor above 1.

use crate::Table;
use vanishing::{sigmoid, sigmoid_slope};

/// `z, sigma, slope` from −8 to 8.
pub fn curve() -> Table {
    let mut table = Table::new(["z", "sigma", "slope"]);
    for k in -32..=32 {
        let z = f64::from(k) * 0.25;
        table.push(vec![z.into(), sigmoid(z).into(), sigmoid_slope(z).into()]);
    }
    table
}

/// The width of the interval of z on which `|w σ′(z)| ≥ 1`; 0 below |w| = 4. For an input a with the weight w, z = w a + b,
/// this is how wide the interval of a is: `(2/|w|) ln(|w| (1 + √(1 − 4/|w|)) / 2 − 1)`.
///
/// Nielsen, *Neural Networks and Deep Learning*, chapter 5, problem on the unstable gradient.
pub fn growth_interval(w: f64) -> f64 {
    let w = w.abs();
    if w < 4.0 {
        return 0.0;
    }
    2.0 / w * libm::log(w * (1.0 + (1.0 - 4.0 / w).sqrt()) / 2.0 - 1.0)
}

/// The weight that leaves the most room, and that room: |w| and the largest [`growth_interval`].
pub fn widest_growth_interval() -> (f64, f64) {
    // The width rises to one maximum and falls after it, so thirds of the bracket can be dropped one after another.
    let (mut low, mut high) = (4.0, 20.0);
    for _ in 0..200 {
        let third = (high - low) / 3.0;
        let (left, right) = (low + third, high - third);
        if growth_interval(left) < growth_interval(right) { low = left } else { high = right }
    }
    let w = (low + high) / 2.0;
    (w, growth_interval(w))
}

/// `w, width` for |w| from 0 to 20.
pub fn growth_intervals() -> Table {
    let mut table = Table::new(["w", "width"]);
    // Dense near 4, where the interval opens with a vertical tangent.
    let near = (0..16).map(|k| 4.0 + f64::from(k * k) / 256.0);
    let rest = (20..=80).map(|k| f64::from(k) * 0.25);
    for w in [0.0, 2.0].into_iter().chain(near).chain(rest) {
        table.push(vec![w.into(), growth_interval(w).into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_closed_form_is_where_the_product_crosses_one() {
        for w in [4.5, 6.894, 12.0, 100.0] {
            // |w σ′(z)| falls for z > 0, so bisection finds the one edge; the interval of a is 2z/w wide.
            let (mut inside, mut outside) = (0.0, 50.0);
            for _ in 0..100 {
                let z = (inside + outside) / 2.0;
                if w * sigmoid_slope(z) >= 1.0 { inside = z } else { outside = z }
            }
            assert_relative_eq!(growth_interval(w), 2.0 * inside / w, epsilon = 0.0, max_relative = 1e-12);
        }
    }

    #[test]
    fn the_widest_interval_is_nielsens() {
        // Nielsen, chapter 5: "about 0.45" at |w| "about 6.9".
        let (w, width) = widest_growth_interval();
        assert_relative_eq!(w, 6.894_151, epsilon = 1e-6);
        assert_relative_eq!(width, 0.447_743_2, epsilon = 1e-7);
    }
}

//! ReLU and its kin: the slopes, and what a wide network of each hands back of a gradient.

use crate::Table;
use crate::mean_field::MeanField;
use crate::quadrature::normal_expectation;
use vanishing::Activation;

/// ReLU, and what was made from it.
pub const KIN: [Activation; 6] =
    [Activation::Relu, Activation::LeakyRelu, Activation::Elu, Activation::Selu, Activation::Gelu, Activation::Silu];

/// Just right of 0, where four of the slopes jump.
const RIGHT_OF_0: f64 = 1e-9;

/// Far out, where a slope that tends to 0 is below [`ALL_BUT_0`].
const FAR: f64 = 40.0;
const ALL_BUT_0: f64 = 1e-9;

/// `z` from −4 to 4 in steps of an eighth, and φ′(z) of the sigmoid and each of [`KIN`].
///
/// At z = 0 itself stands the slope left of 0; the row after it is just right of 0.
pub fn slopes() -> Table {
    let names = KIN.iter().map(|kin| column(*kin));
    let mut table = Table::new([String::from("z"), "sigmoid".into()].into_iter().chain(names));
    let left = (-32..=0).map(|k| f64::from(k) / 8.0);
    let right = (1..=32).map(|k| f64::from(k) / 8.0);
    for z in left.chain([RIGHT_OF_0]).chain(right) {
        let slopes = [Activation::Sigmoid].into_iter().chain(KIN).map(|activation| activation.slope_at(z).into());
        table.push([z.into()].into_iter().chain(slopes).collect());
    }
    table
}

/// The name of an activation's column.
pub fn column(activation: Activation) -> String {
    activation.name().to_lowercase().replace(' ', "_")
}

/// For z of variance 1, and weights of the variance that keeps it so from layer to layer: `activation`; the `smallest` and the
/// `largest` slope and its `mean`; `n_var`, which is `1/E[φ(g)²]`; `chi1 = E[φ′(g)²] / E[φ(g)²]`, the factor of a layer for
/// `‖δ‖²`; on which side φ is `flat`; and whether a unit `dies` there, its slope being exactly 0.
pub fn table() -> Table {
    let columns = ["activation", "smallest", "largest", "mean", "n_var", "chi1", "flat", "dies"];
    let mut table = Table::new(columns);
    for activation in [Activation::Sigmoid, Activation::Tanh].into_iter().chain(KIN) {
        let layer = MeanField { activation, weight_var: 1.0, bias_var: 0.0 };
        let square = layer.variance(1.0);
        // On a grid of hundredths; where the slope only tends to 0, that limit.
        let smallest = (-4000..4000).map(|k| activation.slope_at(f64::from(k) / 100.0)).fold(f64::INFINITY, f64::min);
        let smallest = if smallest.abs() < ALL_BUT_0 { 0.0 } else { smallest };
        let flat = [-FAR, FAR].map(|z| activation.slope_at(z).abs() < ALL_BUT_0);
        let sides = match flat {
            [true, true] => "both sides",
            [true, false] => "left",
            [false, true] => "right",
            [false, false] => "nowhere",
        };
        table.push(vec![
            activation.name().into(),
            smallest.into(),
            activation.largest_slope().into(),
            normal_expectation(|g| activation.slope_at(g)).into(),
            square.recip().into(),
            (layer.gradient_factor(1.0) / square).into(),
            sides.into(),
            if activation.slope_at(-1.0) == 0.0 { "yes" } else { "no" }.into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    #[test]
    fn each_of_the_kin_and_what_a_layer_of_it_does() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn only_relu_loses_nothing_and_adds_nothing() {
        let chi1 = table().numbers("chi1");
        // numpy, Gauss and Hermite, to the digits given there.
        for (chi1, expected) in chi1.iter().zip([0.1528, 1.1778, 1.0, 1.0, 1.0359, 1.0716, 1.0720, 1.0666]) {
            assert_abs_diff_eq!(*chi1, expected, epsilon = 5e-5);
        }
    }
}

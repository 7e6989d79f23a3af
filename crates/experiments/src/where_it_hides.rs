//! Glorot and Bengio 2010: from layer to layer `∂L/∂z` shrinks, and `∂L/∂w` does not.
//!
//! Through linear layers with weights of variance V, each mean square is known: of `aˡ` it is `(nV)ˡ` times the input's, of `δˡ` it
//! is `(nV)ᴸ⁻ˡ` times the last layer's, and of `∂L/∂wˡ = aˡ⁻¹ δˡ` it is the product, `(nV)ᴸ⁻¹`, with no l in it.

use crate::Table;
use crate::gradient_by_layer::{GradientByLayer, mean};
use vanishing::{Activation, Array2, Error, Init, LayerReport, dense_layers};

/// A network of the kind that Glorot and Bengio compute with, 300 wide.
///
/// Ten networks with 8 examples each: a mean square has an error of √(2/(300·10·8)) = 0.9 % for each layer gone back through.
pub fn network(activation: Activation, init: Init, depth: usize) -> GradientByLayer {
    GradientByLayer { width: 300, depth, activation, init, batch: 8, seeds: 10, ..Default::default() }
}

/// `layer`, and the mean squares of the entries of `δˡ` and of `∂L/∂wˡ` over all seeds, each as a share of the last layer's.
///
/// All have mean 0, so these are the ratios of the variances.
///
/// # Errors
///
/// If the network can't be built.
pub fn mean_squares(network: &GradientByLayer) -> Result<Table, Error> {
    let runs = network.reports()?;
    // All layers have the same shape, so the sum of the squares will do for their mean.
    let over_seeds = |l: usize, of: fn(&LayerReport) -> f64| {
        mean(&runs.iter().map(|run| of(&run[l - 1]).powi(2)).collect::<Vec<_>>())
    };
    let delta = |l| over_seeds(l, |row| row.delta_norm);
    let weights = |l| over_seeds(l, |row| row.weight_gradient_norm.unwrap_or(f64::NAN));
    let last = network.depth;
    let mut table = Table::new(["layer", "delta_sq", "weight_grad_sq"]);
    for l in 1..=last {
        table.push(vec![l.into(), (delta(l) / delta(last)).into(), (weights(l) / weights(last)).into()]);
    }
    Ok(table)
}

/// The four networks of the figure, 10 deep: `layer`, and the root mean squares of `δˡ` and of `∂L/∂wˡ` as shares of the last
/// layer's.
///
/// # Panics
///
/// Never: the networks can be built.
pub fn four_networks() -> Table {
    let kinds = [
        (Activation::Identity, Init::Uniform),
        (Activation::Tanh, Init::Uniform),
        (Activation::Tanh, Init::Glorot),
        (Activation::Sigmoid, Init::Normal),
    ];
    let columns = kinds.map(|(activation, init)| {
        let network = GradientByLayer { width: 100, ..network(activation, init, 10) };
        let table = mean_squares(&network).expect("the network can be built");
        ["delta_sq", "weight_grad_sq"].map(|column| table.numbers(column))
    });
    let mut table = Table::new([
        "layer",
        "linear_delta",
        "tanh_delta",
        "tanh_glorot_delta",
        "sigmoid_delta",
        "linear_weights",
        "tanh_weights",
        "tanh_glorot_weights",
        "sigmoid_weights",
    ]);
    for l in 1..=10 {
        let of = |which: usize| columns.iter().map(move |column| column[which][l - 1].sqrt().into());
        table.push([l.into()].into_iter().chain(of(0)).chain(of(1)).collect());
    }
    table
}

/// `layer` and the mean singular value of its Jacobian `∂aˡ/∂aˡ⁻¹`, whose entries are `w_ij φ′(z_j)`, for one example.
///
/// # Errors
///
/// If the network can't be built.
pub fn mean_singular_values(network: &GradientByLayer) -> Result<Table, Error> {
    let (built, pass) = network.pass(network.seed)?;
    let mut table = Table::new(["layer", "mean_singular_value"]);
    for (l, dense) in (1..).zip(dense_layers(&built.layers)) {
        let slopes = pass.a[l].row(0).mapv(|a| dense.activation.slope(a));
        table.push(vec![l.into(), mean_singular_value(&(&dense.w * &slopes)).into()]);
    }
    Ok(table)
}

/// `(s₁ + … + s_n)/n` of a square matrix.
///
/// With `w = u p`, u orthogonal and p symmetric without negative eigenvalues, the singular values are the eigenvalues of p, and their
/// sum is the trace of `uᵀ w`. The iteration `u ← u (3 − uᵀ u)/2` takes each singular value s to `s (3 − s²)/2`, so all of them to 1,
/// and leaves the directions alone; it has no need of a decomposition.
pub fn mean_singular_value(w: &Array2<f64>) -> f64 {
    let n = w.nrows();
    // The largest singular value is at most the Frobenius norm; the iteration starts in (0, 1].
    let mut u = w / w.iter().map(|w| w * w).sum::<f64>().sqrt();
    // A small value grows by 3/2 a step. What 30 steps can't lift, less than 1e-5 of the norm, adds as little to the sum.
    for _ in 0..30 {
        u = 1.5 * &u - 0.5 * u.dot(&u.t().dot(&u));
    }
    (&u * w).sum() / n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use vanishing::array;

    #[test]
    fn the_mean_singular_value_of_a_known_matrix() {
        // A rotation times a stretch by 3 and 1/2, and a permutation.
        let (cos, sin) = (0.6, 0.8);
        let w = array![[3.0 * cos, -3.0 * sin], [0.5 * sin, 0.5 * cos]];
        assert_relative_eq!(mean_singular_value(&w), 1.75, epsilon = 0.0, max_relative = 1e-12);
        assert_relative_eq!(
            mean_singular_value(&array![[0.0, 2.0], [-2.0, 0.0]]),
            2.0,
            epsilon = 0.0,
            max_relative = 1e-12
        );
    }

    #[test]
    fn one_exponent_for_every_weight_gradient() {
        let network = GradientByLayer { width: 60, ..network(Activation::Identity, Init::Uniform, 4) };
        let table = mean_squares(&network).unwrap();
        // Ten networks 60 wide with 8 examples: a share of δ has a standard error of some 8 % per layer, √(2/60/10 + 2/(60·8)).
        for (l, share) in (1..).zip(table.numbers("delta_sq")) {
            assert_relative_eq!(share, 3.0_f64.powi(l - 4), epsilon = 0.0, max_relative = 0.25);
        }
        for share in table.numbers("weight_grad_sq") {
            assert_relative_eq!(share, 1.0, epsilon = 0.0, max_relative = 0.25);
        }
    }

    #[test]
    fn the_figure_hides_tanh_and_shows_the_sigmoid() {
        let table = four_networks();
        insta::assert_snapshot!(table);
        let first = |column: &str| table.numbers(column)[0];
        assert!(first("tanh_delta") < 0.01 && first("tanh_weights") > 0.8, "{table}");
        // Layer 2 for the sigmoid: layer 1 has other inputs.
        assert!(table.numbers("sigmoid_weights")[1] < 1e-4, "{table}");
    }
}

//! How many paths lead from a first-layer neuron to the output, and what it costs to add them up one layer at a time.

use crate::Table;

/// The most hidden layers of the table.
const DEEPEST: usize = 10;

/// For `hidden` layers of n neurons and one output: `paths` from one neuron of layer 1 to the output, `n^(hidden − 1)`; the
/// `multiplications` to walk each of them, a weight and a slope a link, for all n neurons of layer 1; and the multiplications of the
/// `sweep` that backpropagation makes: a vector times a matrix a layer, and a slope a neuron.
pub fn paths_and_sweep(n: usize) -> Table {
    let mut table = Table::new(["hidden", "paths", "multiplications", "sweep"]);
    for hidden in 1..=DEEPEST {
        // Up to 30^9, and 30^10 times 20 multiplications: as whole numbers they would pass u64 only at 14 layers.
        let paths = n.pow(hidden as u32 - 1);
        let links = 2 * hidden;
        let sweep = (hidden - 1) * n * n + n + hidden * n;
        table.push(vec![hidden.into(), paths.into(), (n * paths * links).into(), sweep.into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing::{Activation, Array2, Blueprint, ChaCha8Rng, Init, Loss, Network, SeedableRng};

    #[test]
    fn four_hidden_layers_of_thirty_have_27_000_paths() {
        let table = paths_and_sweep(30);
        assert_eq!(table.numbers("paths")[3], 27_000.0);
        insta::assert_snapshot!(table);
    }

    /// Every path of a small network, walked one by one, against the sweep.
    #[test]
    fn the_paths_add_up_to_delta() {
        let widths = Blueprint::widths(2, 3, 1, 4);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let network =
            Network::random(&widths, Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng).unwrap();
        let pass = network.gradient(&Array2::from_elem((1, 2), 0.5), &Array2::zeros((1, 1)));
        let walked = |i: usize| walk(&network, &pass.a, 1, i) * pass.a[4][[0, 0]];
        for i in 0..3 {
            approx::assert_relative_eq!(pass.delta[1][[0, i]], walked(i), epsilon = 0.0, max_relative = 1e-13);
        }
    }

    /// The sum over all paths from neuron i of layer l to the only output, slopes at both ends included.
    fn walk(network: &Network, a: &[Array2<f64>], l: usize, i: usize) -> f64 {
        let slope = Activation::Sigmoid.slope(a[l][[0, i]]);
        if l == network.depth() {
            return slope;
        }
        let w = &network.layers[l + 1].dense().w;
        slope * (0..w.ncols()).map(|j| w[[i, j]] * walk(network, a, l + 1, j)).sum::<f64>()
    }
}

//! Chapter 27: how far Adam goes for a gradient of any size, and what the layers of a deep sigmoid network make of its steps.

use crate::Table;
use crate::dataset::Dataset;
use vanishing::{Activation, Adam, Array2, Dense, Loss, Network, Optimiser, Sgd, array, ndarray::Axis, norm};

/// α of [`first_steps`], that of the notes.
pub const LEARNING_RATE: f64 = 0.01;

/// `|Δw|` of the first step of an optimiser on one weight with the gradient g.
pub fn first_step(optimiser: &mut impl Optimiser, g: f64) -> f64 {
    // ŷ = w x = 0 and y = −g, so the gradient of ½(ŷ − y)² by w is exactly g.
    let layer = Dense::new(array![[0.0]], array![0.0], Activation::Identity).expect("one weight and one bias");
    let mut network = Network::from_layers(vec![layer], Loss::SquaredError).expect("one layer");
    let mut pass = network.gradient(&array![[1.0]], &array![[-g]]);
    optimiser.step(&mut network, &mut pass);
    network.layers[1].dense().w[[0, 0]].abs()
}

/// For gradients from 1e-14 to 100, four a power of ten: `gradient`, and the first steps `sgd` and `adam`, both with α = 0.01.
pub fn first_steps() -> Table {
    let mut table = Table::new(["gradient", "sgd", "adam"]);
    for quarter in -56..=8 {
        let g = libm::pow(10.0, f64::from(quarter) / 4.0);
        let sgd = first_step(&mut Sgd::new(LEARNING_RATE).expect("0.01 is a learning rate"), g);
        let adam = first_step(&mut Adam::new(LEARNING_RATE).expect("0.01 is a learning rate"), g);
        table.push(vec![g.into(), sgd.into(), adam.into()]);
    }
    table
}

/// `layer`, and of a network of dense layers on the training examples
///
/// - `gradient`: the root mean square of `∂L/∂w_ij`,
/// - `agreement`: the share of the batches' squared gradients that is in their mean, `‖mean g‖² / mean ‖g‖²`. It is 1 if all
///   batches agree and, on average, one over their number if they have nothing in common.
/// - `spread`: the standard deviation of a neuron's output from example to example, root mean square over the neurons.
///
/// # Panics
///
/// If the network has other than dense layers, or there are fewer examples than `batch`.
pub fn by_layer(network: &Network, data: &Dataset, batch: usize) -> Table {
    let whole = network.gradient(&data.train_x, &data.train_y);
    let rows: Vec<usize> = (0..data.train_x.nrows()).collect();
    let passes: Vec<_> = rows
        .chunks_exact(batch)
        .map(|rows| network.gradient(&data.train_x.select(Axis(0), rows), &data.train_y.select(Axis(0), rows)))
        .collect();
    let mut table = Table::new(["layer", "gradient", "agreement", "spread"]);
    for l in 1..=network.depth() {
        let dw = &whole.gradient[l].dense().dw;
        let gradients: Vec<_> = passes.iter().map(|pass| &pass.gradient[l].dense().dw).collect();
        let a = &whole.a[l];
        let spread = norm(&(a - &a.mean_axis(Axis(0)).expect("there are examples"))) / (a.len() as f64).sqrt();
        table.push(vec![
            l.into(),
            (norm(dw) / (dw.len() as f64).sqrt()).into(),
            agreement(&gradients).into(),
            spread.into(),
        ]);
    }
    table
}

/// `‖mean g‖² / mean ‖g‖²`, each g divided by the largest norm first, as squares of gradients below 1e-162 would be 0.
fn agreement(gradients: &[&Array2<f64>]) -> f64 {
    let count = gradients.len() as f64;
    let norms: Vec<f64> = gradients.iter().map(|g| norm(*g)).collect();
    let largest = norms.iter().copied().fold(0.0, f64::max);
    let mean = gradients.iter().fold(Array2::zeros(gradients[0].dim()), |sum, g| sum + *g / largest) / count;
    norm(&mean).powi(2) / (norms.iter().map(|norm| (norm / largest).powi(2)).sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Data;
    use crate::training::{Method, Training};
    use approx::assert_relative_eq;

    #[test]
    fn adams_first_step_is_alpha_until_the_gradient_comes_near_epsilon() {
        let table = first_steps();
        for ((g, sgd), adam) in
            table.numbers("gradient").into_iter().zip(table.numbers("sgd")).zip(table.numbers("adam"))
        {
            assert_relative_eq!(sgd, 0.01 * g, epsilon = 0.0, max_relative = 1e-14);
            assert_relative_eq!(adam, 0.01 * g / (g + 1e-8), epsilon = 0.0, max_relative = 1e-12);
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn batches_that_say_the_same_agree_and_opposite_ones_do_not() {
        let (one, other) = (array![[1e-200, 2e-200]], array![[2e-200, -1e-200]]);
        assert_relative_eq!(agreement(&[&one, &one, &one]), 1.0, epsilon = 0.0, max_relative = 1e-14);
        assert_relative_eq!(agreement(&[&one, &(-&one)]), 0.0);
        assert_relative_eq!(agreement(&[&one, &other]), 0.5, epsilon = 0.0, max_relative = 1e-14);
    }

    #[test]
    fn twenty_sigmoid_layers_leave_no_trace_of_the_image_and_gradients_below_epsilon() {
        let digits = Data::Digits.load().unwrap();
        let start = Training { depth: 20, epochs: 0, ..Training::default() }.trained(&digits).unwrap();
        let table = by_layer(&start, &digits, 16);
        assert!(table.numbers("gradient")[0] < 1e-8);
        assert!(table.numbers("spread")[19] < 1e-11);
        let adam =
            Training { optimiser: Method::Adam, learning_rate: 0.003, epochs: 1, depth: 20, ..Default::default() };
        let after = by_layer(&adam.trained(&digits).unwrap(), &digits, 16);
        // 89 batches without anything in common agree by 1/89 on average; three times that leaves room for chance.
        assert!(after.numbers("agreement")[3..10].iter().all(|&agreement| agreement < 3.0 / 89.0), "{after}");
        assert!(after.numbers("spread")[19] < 1e-11);
    }
}

//! Mean-field theory beside networks that are drawn at random.

use crate::{Published, claim};
use experiments::edge_of_chaos::{self, BIAS_VAR};
use experiments::mean_field::{MeanField, critical_weight_var};
use vanishing::{Activation, Blueprint, ChaCha8Rng, Init, Loss, SeedableRng};

#[test]
fn schoenholz_the_gradient_changes_by_chi_a_layer() {
    let table = edge_of_chaos::tanh_factors();
    let columns = ["weight_var", "theory", "measured"].map(|name| table.numbers(name));
    for k in 0..table.rows().len() {
        let what = format!("χ₁ of tanh at σ_w² = {}, σ_b² = {BIAS_VAR}", columns[0][k]);
        Published {
            paper: "Schoenholz et al. 2017",
            place: "the gradient's depth scale",
            what: &what,
            expected: columns[1][k],
            tolerance: 0.03 * columns[1][k],
            because: "eight networks of width 200 and depth 30: a standard error of 1.2 %, and the mean of a logarithm lies 1 % low",
        }
        .is_met_by(columns[2][k]);
    }
}

#[test]
fn xiao_the_critical_pair_of_deep_tanh_networks() {
    Published {
        paper: "Xiao et al. 2018",
        place: "the initialisation of their deep tanh networks, cited from memory",
        what: "the critical σ_w² of tanh at σ_b² = 2.01e-5",
        expected: 1.05,
        tolerance: 5e-5,
        because: "the line is σ_w² − 1 ∝ (σ_b²)^(1/3) there, and 2.01e-5 is given to 0.25 %, so 0.08 % of 0.05",
    }
    .is_met_by(critical_weight_var(Activation::Tanh, 2.01e-5));
}

#[test]
fn poole_chaos_drives_inputs_apart_and_order_makes_them_one() {
    let (width, depth, seeds) = (300, 40, 6);
    // Two inputs, correlated to 0.9 on average.
    let correlation = |weight_var: f64| {
        let layer = MeanField { activation: Activation::Tanh, weight_var, bias_var: BIAS_VAR };
        let one = |seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let widths = Blueprint::widths(width, width, width, depth);
            // Under this loss the last layer is linear, so what comes out is z.
            let plan = Blueprint {
                gain: weight_var.sqrt(),
                bias_std: BIAS_VAR.sqrt(),
                ..Blueprint::new(&widths, Activation::Tanh, Init::Normal, Loss::SoftmaxCrossEntropy)
            };
            let network = plan.build(&mut rng).expect("the widths are not empty");
            let common = Init::Normal.weights(1, width, &mut rng);
            let mut x = common.broadcast((2, width)).expect("a row repeats").to_owned();
            x.row_mut(1).mapv_inplace(|x| 0.9 * x);
            x.row_mut(1).scaled_add(0.19_f64.sqrt(), &Init::Normal.weights(1, width, &mut rng).row(0));
            let z = network.forward(&x);
            let (u, v) = (z.row(0), z.row(1));
            u.dot(&v) / (u.dot(&u) * v.dot(&v)).sqrt()
        };
        ((0..seeds).map(one).sum::<f64>() / seeds as f64, layer.deep_limit().c_star)
    };
    let (paper, place) = ("Poole et al. 2016", "the correlation map");
    let (measured, _) = correlation(1.3);
    claim(paper, place, "in the ordered phase two inputs become one", measured > 0.99, measured);
    let (measured, c_star) = correlation(2.5);
    Published {
        paper,
        place,
        what: "c* of tanh at σ_w² = 2.5, σ_b² = 0.05",
        expected: c_star,
        tolerance: 0.08,
        because: "a layer of 300 adds noise of 1/√300 to a correlation and eleven layers (ξ_c) remember it: 0.1 a network, 0.03 for six, and 1 layer in 30 of the way is left",
    }
    .is_met_by(measured);
}

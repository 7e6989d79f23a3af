//! Mean-field theory beside networks that are drawn at random.

use crate::{Published, claim};
use experiments::edge_of_chaos::{self, BIAS_VAR, Simulation};
use experiments::mean_field::{MeanField, critical_weight_var};
use vanishing::Activation;

#[test]
fn schoenholz_the_gradient_changes_by_chi_a_layer() {
    let table = edge_of_chaos::tanh_factors();
    let [weight_vars, theory, measured] = ["weight_var", "theory", "measured"].map(|name| table.numbers(name));
    for ((weight_var, theory), measured) in weight_vars.iter().zip(theory).zip(measured) {
        let what = format!("χ₁ of tanh at σ_w² = {weight_var}, σ_b² = {BIAS_VAR}");
        Published {
            paper: "Schoenholz et al. 2017",
            place: "the gradient's depth scale",
            what: &what,
            expected: theory,
            tolerance: 0.03 * theory,
            because: "eight networks of width 200 and depth 30: a standard error of 1.2 %, and the mean of a logarithm lies 1 % low",
        }
        .is_met_by(measured);
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
    let simulation = |weight_var| Simulation {
        layer: MeanField { activation: Activation::Tanh, weight_var, bias_var: BIAS_VAR },
        depth: 60,
        seeds: 16,
        ..Default::default()
    };
    let (paper, place) = ("Poole et al. 2016", "the correlation map");
    let together = simulation(1.3).correlation(0.9);
    claim(paper, place, "in the ordered phase two inputs become one", together > 0.99, together);
    let chaos = simulation(2.5);
    Published {
        paper,
        place,
        what: "c* of tanh at σ_w² = 2.5, σ_b² = 0.05",
        expected: chaos.layer.deep_limit().c_star,
        tolerance: 0.08,
        because: "a layer of 200 adds noise of about 1/√200 to a correlation, and six layers' worth of it stay (ξ_c/2): 0.17 a \
                  network, 0.04 for sixteen; two of those",
    }
    .is_met_by(chaos.correlation(0.9));
}

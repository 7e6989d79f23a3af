//! By how much a layer multiplies signal and gradient at the start.

use crate::{Published, claim};
use experiments::gradient_by_layer::{GradientByLayer, mean};
use experiments::initialisation::{Start, networks, rate};
use vanishing::{Activation, ChaCha8Rng, Init, SeedableRng};

const GLOROT: &str = "Glorot and Bengio 2010";

#[test]
fn glorot_the_customary_weights_have_a_third_of_the_variance() {
    let w = Init::Uniform.weights(300, 300, &mut ChaCha8Rng::seed_from_u64(1));
    Published {
        paper: GLOROT,
        place: "equation 15",
        what: "n Var[W] of U[-1/√n, 1/√n]",
        expected: 1.0 / 3.0,
        tolerance: 0.01 / 3.0,
        because: "90 000 draws of a uniform number: the variance scatters by √(4/5/90 000) = 0.3 %",
    }
    .is_met_by(300.0 * w.var(0.0));
    let w = Init::Glorot.weights(300, 100, &mut ChaCha8Rng::seed_from_u64(1));
    Published {
        paper: GLOROT,
        place: "equations 12 and 16",
        what: "Var[W] (n_in + n_out) of the normalised initialisation",
        expected: 2.0,
        tolerance: 0.04,
        because: "30 000 draws: 0.5 %, and four of those",
    }
    .is_met_by(400.0 * w.var(0.0));
}

#[test]
fn glorot_the_variance_of_the_signal_is_a_product_over_the_layers() {
    let networks = GradientByLayer {
        width: 300,
        depth: 5,
        activation: Activation::Identity,
        init: Init::Uniform,
        seeds: 6,
        ..Default::default()
    };
    let forward = (0..networks.seeds as u64).map(|seed| {
        let (_, pass) = networks.pass(seed).unwrap();
        (pass.a[5].var(0.0) / pass.a[0].var(0.0)).ln()
    });
    Published {
        paper: GLOROT,
        place: "equation 5",
        what: "ln Var[z⁵]/Var[x] at n Var[W] = 1/3",
        expected: 5.0 * (1.0_f64 / 3.0).ln(),
        tolerance: 0.16,
        because: "five layers of 300 scatter by √(2 · 5/300) = 18 % in one network, 8 % in six; two of those",
    }
    .is_met_by(mean(&forward.collect::<Vec<_>>()));
}

const HE: &str = "He, Zhang, Ren and Sun 2015";

/// ln ‖δ‖² of a ReLU layer of width 100 scatters by at most √(5/100); over 20 layers and ten networks, a layer's factor by
/// √(5 · 20/100 / 10)/2/20 = 0.8 %. Its mean lies up to 1.2 % low.
const A_LAYER: &str = "20 layers of width 100 in ten networks: 0.8 % of scatter and up to 1.2 % of finite width";

#[test]
fn he_relu_keeps_the_gradient_with_their_weights_and_half_of_its_square_with_xaviers() {
    let left = |init| Start::new(Activation::Relu, init).left(&networks()).unwrap();
    for (init, place, square) in [
        (Init::He, "section 2.2, the backward case", 1.0),
        (Init::Glorot, "section 2.2, comparison with Xavier", 0.5),
        (Init::Uniform, "section 2.2, ½ n Var[w] with the default of PyTorch, burn and tinygrad", 1.0 / 6.0_f64),
    ] {
        let expected = square.sqrt();
        let what = &format!("‖δ‖ a layer, {}", init.name());
        Published { paper: HE, place, what, expected, tolerance: 0.03 * expected, because: A_LAYER }
            .is_met_by(rate(&left(init)));
    }
    let xavier = left(Init::Glorot);
    for layers in [22, 30] {
        let expected = 0.5_f64.powi(layers).sqrt();
        Published {
            paper: HE,
            place: "section 2.2",
            what: &format!("what Xavier's weights leave after {layers} layers, 1/√2^L"),
            expected,
            tolerance: 0.4 * expected,
            because: "ln ‖δ‖ of 30 layers scatters by √(5 · 30/100)/2 = 0.6, ten networks 0.2; two of those",
        }
        .is_met_by(xavier[layers as usize]);
    }
}

#[test]
fn he_a_standard_deviation_of_a_hundredth_makes_the_gradient_of_conv2_17_000_times_too_small() {
    let n_var = Start::new(Activation::Relu, Init::He).n_var();
    let mut product = 1.0;
    for (filters, layers, printed) in [(64.0, 1, 0.059), (128.0, 2, 0.042), (256.0, 2, 0.029), (512.0, 4, 0.021)] {
        let std = (n_var / (9.0 * filters)).sqrt();
        Published {
            paper: HE,
            place: "section 2.2",
            what: &format!("the derived standard deviation for {filters} filters of 3×3"),
            expected: printed,
            tolerance: 0.0005,
            because: "printed with three decimals",
        }
        .is_met_by(std);
        product *= ((std * 1000.0).round() / 10.0).powi(layers);
    }
    Published {
        paper: HE,
        place: "section 2.2",
        what: "5.9 × 4.2² × 2.9² × 2.1⁴",
        expected: 1.7e4,
        tolerance: 50.0,
        because: "printed as 1.7×10⁴; the product is 17 022.5",
    }
    .is_met_by(product);
}

/// Our own derivation, not published: the gain that PyTorch and candle recommend for tanh.
#[test]
fn the_gain_of_five_thirds_makes_a_tanh_networks_gradient_grow() {
    let trap = Start { gain: 5.0 / 3.0, ..Start::new(Activation::Tanh, Init::Glorot) };
    Published {
        paper: "our own derivation",
        place: "page 19",
        what: "‖δ‖ a layer, tanh with the gain 5/3",
        // The square root of χ₁ = 1.2098313203826823, by quadrature in Python at q* = 1.178480490385908.
        expected: 1.099_923_324_774_36,
        tolerance: 0.02,
        because: "20 layers of width 100 in ten networks scatter by 0.6 %; three of those",
    }
    .is_met_by(rate(&trap.left(&networks()).unwrap()));
    let left = trap.left(&networks()).unwrap()[30];
    claim("our own derivation", "page 19", "30 layers make it more than ten times as large", left > 10.0, left);
}

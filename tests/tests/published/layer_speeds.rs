//! How fast each hidden layer of a sigmoid network learns at the start: Nielsen's chapter 5.

use crate::{Published, claim};
use experiments::dataset::{Data, Dataset};
use experiments::layer_speeds::{LayerSpeeds, NIELSEN, Speed, quantile, ratio};

const PAPER: &str = "Nielsen 2015";

fn digits() -> Dataset {
    Data::Digits.load().expect("the images are whole")
}

/// He set no seed, so his numbers can't come out again; what can be tested is whether they are ordinary draws of ours.
#[test]
fn nielsens_nine_norms_lie_among_ours() {
    for (hidden, published) in (2..).zip(NIELSEN) {
        let runs = LayerSpeeds { hidden, seeds: 200, ..Default::default() }.run(&digits());
        for (l, &norm) in (1..).zip(published) {
            let ours: Vec<_> = runs.iter().map(|run| run[l - 1].bias).collect();
            let [low, high] = [0.05, 0.95].map(|share| quantile(&ours, share));
            let place = format!("chapter 5, {hidden} hidden layers, layer {l}");
            let what = format!("the norm {norm} lies between our 5 % and 95 % quantiles");
            claim(PAPER, &place, &what, low < norm && norm < high, format!("{low:.4} to {high:.4}"));
        }
        // Of his network as a whole: one factor from layer 1 to the last hidden layer, taken as so many equal ones.
        let growth = |run: &[f64]| (run[hidden - 1] / run[0]).powf(1.0 / (hidden - 1) as f64);
        let ours: Vec<_> =
            runs.iter().map(|run| growth(&run.iter().map(|speed| speed.bias).collect::<Vec<_>>())).collect();
        let [low, high] = [0.05, 0.95].map(|share| quantile(&ours, share));
        let his = growth(published);
        let what = format!("the factor {his:.2} a layer lies between our 5 % and 95 % quantiles");
        let place = format!("chapter 5, {hidden} hidden layers");
        claim(PAPER, &place, &what, low < his && his < high, format!("{low:.2} to {high:.2}"));
    }
}

#[test]
fn nielsen_with_four_hidden_layers_the_first_learns_about_a_hundred_times_slower_than_the_last() {
    let runs = LayerSpeeds { hidden: 4, seeds: 200, ..Default::default() }.run(&digits());
    let factors: Vec<_> = runs.iter().map(|run| run[3].bias / run[0].bias).collect();
    let (low, median, high) = (quantile(&factors, 0.05), quantile(&factors, 0.5), quantile(&factors, 0.95));
    let what = "layer 4 is roughly 100 times as fast as layer 1";
    claim(PAPER, "chapter 5", what, low < 100.0 && 100.0 < high, format!("{low:.0} to {high:.0}, median {median:.0}"));
    let ordered = runs.iter().all(|run| run.windows(2).all(|pair| pair[0].bias < pair[1].bias));
    claim(
        PAPER,
        "chapter 5",
        "earlier hidden layers learn more slowly than later ones",
        ordered,
        "in 200 of 200 starts",
    );
}

/// Our own derivation: 1/√χ₁ at σw = σb = 1. The first pair is left out, because layer 1 has inputs of its own.
#[test]
fn the_factor_of_a_layer_goes_to_the_mean_field_rate_as_the_width_grows() {
    let bias = |speed: &Speed| speed.bias;
    let factor = |width, seeds| {
        let runs = LayerSpeeds { hidden: 4, width, seeds, examples: 100, ..Default::default() }.run(&digits());
        ratio(&runs.iter().map(|run| run[1..].to_vec()).collect::<Vec<_>>(), bias)
    };
    let [narrow, wide] = [factor(30, 200), factor(200, 20)];
    let published = |what, tolerance, because| Published {
        paper: "own derivation (mean field)",
        place: "1/sqrt(chi_1) at weight and bias variance 1",
        what,
        expected: 4.88184,
        tolerance,
        because,
    };
    // A log-ratio of one network has a standard deviation of 0.15 at a width of 30.
    published("factor between layers, n = 30", 0.2, "a width of 30 adds 2 to 3 %, 400 log-ratios 0.8 %")
        .is_met_by(narrow);
    published("factor between layers, n = 200", 0.1, "2 %: three standard errors of 40 log-ratios, each of 0.06")
        .is_met_by(wide);
    let what = "the narrower network is further from the theory";
    claim("own derivation (mean field)", "finite width", what, narrow > wide, format!("{narrow:.3}, {wide:.3}"));
}

mod answer;

use exercises::Checks;
use vanishing::{Activation::Identity, Adam, Dense, Loss, Network, Optimiser, array};

/// ε.
const E: f64 = 1e-8;

/// The two running means with these β, and a step of them and of what they lack.
fn steps(g: &[f64], betas: [f64; 2], step: fn([f64; 2], [f64; 2]) -> f64) -> Vec<f64> {
    let (mut m, mut v) = (0.0, 0.0);
    let one = |(g, t): (&f64, i32)| {
        m = betas[0] * m + (1.0 - betas[0]) * g;
        v = betas[1] * v + (1.0 - betas[1]) * g * g;
        step([m, v], betas.map(|beta| 1.0 - beta.powi(t)))
    };
    g.iter().zip(1..).map(one).collect()
}

/// The crate's, on a network of one weight.
fn of_the_crate(g: &[f64]) -> Vec<f64> {
    let layer = Dense::new(array![[0.0]], array![0.0], Identity).expect("a weight and a bias");
    let mut network = Network::from_layers(vec![layer], Loss::SquaredError).expect("a layer");
    let mut pass = network.gradient(&array![[1.0]], &array![[0.0]]);
    let mut adam = Adam::new(1.0).expect("a learning rate");
    let mut at = 0.0;
    let one = |g: &f64| {
        network.visit(&mut pass, &mut |_, dw| dw.fill(*g));
        adam.step(&mut network, &mut pass);
        let before = std::mem::replace(&mut at, network.layers[1].dense().w[[0, 0]]);
        at - before
    };
    g.iter().map(one).collect()
}

/// β₁ and β₂.
const B: [f64; 2] = [0.9, 0.999];

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("Adam as the crate has it", || answer::test(of_the_crate));
    checks.passes("Adam from its equations", || {
        answer::test(|g| steps(g, B, |[m, v], [cm, cv]| -m / cm / ((v / cv).sqrt() + E)))
    });
    type Steps = fn(&[f64]) -> Vec<f64>;
    let wrong: [(&str, Steps); 7] = [
        ("no bias correction", |g| steps(g, B, |[m, v], _| -m / (v.sqrt() + E))),
        ("only m is corrected", |g| steps(g, B, |[m, v], [cm, _]| -m / cm / (v.sqrt() + E))),
        ("the two β exchanged", |g| {
            let betas = [B[1], B[0]];
            steps(g, betas, |[m, v], [cm, cv]| -m / cm / ((v / cv).sqrt() + E))
        }),
        ("no root", |g| steps(g, B, |[m, v], [cm, cv]| -m / cm / (v / cv + E))),
        ("ε under the root", |g| steps(g, B, |[m, v], [cm, cv]| -m / cm / (v / cv + E).sqrt())),
        ("no ε", |g| steps(g, B, |[m, v], [cm, cv]| -m / cm / (v / cv).sqrt())),
        ("m² in place of v", |g| steps(g, B, |[m, _], [cm, _]| -m / cm / ((m / cm).abs() + E))),
    ];
    for (what, steps) in wrong {
        checks.kills(what, || answer::test(steps));
    }
    checks.finish()
}

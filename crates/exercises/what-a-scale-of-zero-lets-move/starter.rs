use vanishing::{Activation::Tanh, Array1, ChaCha8Rng, Dense, Init, Loss, Network};
use vanishing::{Optimiser, Pass, Residual, SeedableRng, Sgd};

fn block(rng: &mut ChaCha8Rng) -> Residual {
    let w = Init::Normal.weights(10, 10, rng);
    let branch = Dense::new(w, Array1::zeros(10), Tanh).unwrap();
    Residual::new(vec![branch], 0.0).unwrap().with_learned_scale()
}

fn parameters(network: &mut Network, pass: &mut Pass) -> Vec<Vec<f64>> {
    let mut all = vec![];
    network.visit(pass, &mut |values, _| all.push(values.to_vec()));
    all
}

fn main() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let blocks: Vec<_> = (0..20).map(|_| block(&mut rng)).collect();
    let mut network = Network::from_layers(blocks, Loss::SquaredError).unwrap();
    let [x, y] = [0, 1].map(|_| Init::Normal.weights(8, 10, &mut rng));

    let mut pass = network.gradient(&x, &y);
    let before = parameters(&mut network, &mut pass);
    Sgd::new(0.1).unwrap().step(&mut network, &mut pass);
    let after = parameters(&mut network, &mut pass);
    // A scale is one number; the weights and biases of a branch are more.
    let moved = |scales: bool| {
        let mut pairs = before.iter().zip(&after);
        pairs.any(|(old, new)| (old.len() == 1) == scales && old != new)
    };
    println!("It moves:");
    match (moved(true), moved(false)) {
        (true, true) => println!("both"),
        (true, false) => println!("the scales only"),
        (false, true) => println!("the weights only"),
        (false, false) => println!("neither"),
    }
}

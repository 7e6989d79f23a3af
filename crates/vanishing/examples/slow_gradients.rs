//! What a step costs by depth, when the gradient passes the subnormal numbers on its way to 0, and when those are flushed.
//! Page 30 shows the table.
//!
//! ```text
//! cargo run --release -p vanishing --example slow_gradients
//! ```
//!
//! Times depend on the machine, so no test holds them, and the page gives them as a measurement with its date.

use std::hint::black_box;
use std::time::{Duration, Instant};
use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Init, Loss, Network, Optimiser, Pass, Report, SeedableRng, Sgd,
    Subnormals,
};

/// Neurons of each layer, and inputs.
const WIDTH: usize = 64;
/// Examples of each batch.
const BATCH: usize = 64;
/// The fewest steps of which the fastest counts.
const RUNS: usize = 15;
/// How long at least each network is measured.
const AT_LEAST: Duration = Duration::from_millis(1500);

fn main() {
    println!("one operation, in nanoseconds, the fastest of {RUNS} runs of a million");
    println!("                            multiplication  addition");
    for (what, x) in [("normal number", 1e-200), ("subnormal number", 1e-310), ("zero", 0.0)] {
        println!("{what:>26}  {:>14.1}  {:>8.1}", nanoseconds(|| black_box(x) * black_box(0.7)), {
            nanoseconds(|| black_box(x) + black_box(x))
        });
    }

    println!("\nsigmoid layers of {WIDTH} neurons, a batch of {BATCH}; the fastest step, in microseconds");
    println!("        with subnormal          a step            by layer");
    println!("layers           delta      keep     flush     keep    flush  keep/flush");
    for depth in [100, 300, 450, 500, 600, 1000] {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let widths = Blueprint::widths(WIDTH, WIDTH, WIDTH, depth);
        let network = Network::random(&widths, Activation::Sigmoid, Init::Normal, Loss::SquaredError, &mut rng)
            .expect("the widths are not empty");
        let x = Init::Normal.weights(1, BATCH * WIDTH, &mut rng);
        let x = x.into_shape_with_order((BATCH, WIDTH)).expect("as many");
        let report = Report::new(&network, &network.gradient(&x, &Array2::zeros((BATCH, WIDTH))));
        let below = report.layers.iter().filter(|row| row.subnormal > 0.0).count();
        let [keep, flush] = fastest_steps(&network, &x);
        let by_layer = |step: f64| step / depth as f64;
        println!(
            "{depth:>6}  {below:>14}  {keep:>8.0}  {flush:>8.0}  {:>7.1}  {:>7.1}  {:>10.2}",
            by_layer(keep),
            by_layer(flush),
            keep / flush
        );
    }
}

fn nanoseconds(operation: impl Fn() -> f64) -> f64 {
    let million = || {
        let start = Instant::now();
        for _ in 0..1_000_000 {
            black_box(operation());
        }
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..RUNS).map(|_| million()).fold(f64::INFINITY, f64::min)
}

/// Forward, backward and the step of gradient descent, in microseconds, with subnormal numbers kept and flushed.
///
/// The two take turns, so that what else the machine does disturbs both, and the fastest is what it disturbs least.
fn fastest_steps(network: &Network, x: &Array2<f64>) -> [f64; 2] {
    let y = Array2::zeros(x.dim());
    let mut networks = [Subnormals::Keep, Subnormals::Flush].map(|way| Network { subnormals: way, ..network.clone() });
    let mut passes = [0, 1].map(|_| Pass::new(network, x.nrows()));
    let mut sgd = Sgd::new(0.01).expect("a learning rate");
    let mut fastest = [f64::INFINITY; 2];
    let begin = Instant::now();
    let mut runs = 0;
    while runs < RUNS || begin.elapsed() < AT_LEAST {
        for ((network, pass), fastest) in networks.iter_mut().zip(&mut passes).zip(&mut fastest) {
            let start = Instant::now();
            network.forward_into(x.view(), pass);
            network.backward_into(y.view(), pass);
            sgd.step(network, pass);
            *fastest = fastest.min(start.elapsed().as_secs_f64() * 1e6);
        }
        runs += 1;
    }
    fastest
}

//! What the backward pass costs against the forward pass, and what a step costs by depth. Page 11 shows the two tables.
//!
//! ```text
//! cargo run --release -p vanishing --example backward_cost
//! ```
//!
//! Times depend on the machine, so no test holds them, and the page gives them as a measurement with its date.

use std::time::{Duration, Instant};
use vanishing::{Activation, Array2, Blueprint, ChaCha8Rng, Init, Loss, Network, Pass, SeedableRng};

/// Examples of each batch.
const BATCH: usize = 32;
/// Layers of the networks of the first table.
const DEPTH: usize = 8;
/// The fewest runs that a median is taken of.
const RUNS: usize = 51;
/// How long at least each network is measured: it evens out what else the machine does.
const AT_LEAST: Duration = Duration::from_millis(300);

fn main() {
    println!("{DEPTH} layers of n neurons, a batch of {BATCH}; medians, in microseconds");
    println!("                 sigmoid                        ReLU");
    println!("    n   forward  backward  ratio    forward  backward  ratio   counted");
    // No powers of two: rows of 4096 bytes would fall on the same few lines of the cache, and the table would show that.
    for width in [30, 60, 120, 250, 500] {
        print!("{width:>5}");
        for activation in [Activation::Sigmoid, Activation::Relu] {
            let (forward, backward) = medians(&network(width, DEPTH, activation), width);
            print!("  {forward:>8.0}  {backward:>8.0}  {:>5.2} ", backward / forward);
        }
        // Equal widths: two products a layer against one, and the first layer needs no gradient by its input.
        println!("   {:>7.3}", 2.0 - 1.0 / DEPTH as f64);
    }

    println!("\nReLU layers of 30 neurons, a batch of {BATCH}; medians, in microseconds");
    println!("layers   forward  backward  a step, by layer");
    for depth in [10, 30, 100, 300, 1000] {
        let (forward, backward) = medians(&network(30, depth, Activation::Relu), 30);
        let by_layer = (forward + backward) / depth as f64;
        println!("{depth:>6}  {forward:>8.0}  {backward:>8.0}  {by_layer:>16.2}");
    }
}

/// With weights by He's rule: at a thousand layers a sigmoid's gradient would be subnormal numbers, and those are slow.
fn network(width: usize, depth: usize, activation: Activation) -> Network {
    let widths = Blueprint::widths(width, width, width, depth);
    Network::random(&widths, activation, Init::He, Loss::SquaredError, &mut ChaCha8Rng::seed_from_u64(1))
        .expect("the widths are not empty")
}

/// The median of the forward and that of the backward pass, in microseconds, with buffers that are used again and again.
fn medians(network: &Network, width: usize) -> (f64, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let x = Init::Normal.weights(1, BATCH * width, &mut rng);
    let x = x.into_shape_with_order((BATCH, width)).expect("as many");
    let y = Array2::zeros((BATCH, width));
    let mut pass = Pass::new(network, BATCH);
    let (mut forward, mut backward) = (vec![], vec![]);
    let begin = Instant::now();
    while forward.len() < RUNS || begin.elapsed() < AT_LEAST {
        let start = Instant::now();
        network.forward_into(x.view(), &mut pass);
        let between = Instant::now();
        network.backward_into(y.view(), &mut pass);
        backward.push(between.elapsed());
        forward.push(between - start);
    }
    (median(forward), median(backward))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}

use experiments::gradient_by_layer::GradientByLayer;
use vanishing::{Activation, Init};

fn main() {
    let networks = GradientByLayer {
        width: 20,
        depth: 21,
        activation: Activation::Identity,
        init: Init::Normal,
        batch: 1,
        seeds: 2000,
        ..GradientByLayer::default()
    };
    let table = networks.run().expect("the networks can be built");
    let mean = table.numbers("delta_log_sq_mean");
    println!("{:.2}", mean[0] - mean[20]);
}

use experiments::gradient_by_layer::GradientByLayer;
use experiments::where_it_hides::{mean_squares, network};
use vanishing::{Activation, Init};

fn main() {
    let usual = network(Activation::Identity, Init::Uniform, 5);
    let large = GradientByLayer { weight_std: 2.0, ..usual };
    let table = mean_squares(&large).expect("the network can be built");
    println!("by w: {:.2}", table.numbers("weight_grad_sq")[0]);
    println!("by z: {:.2}", table.numbers("delta_sq")[0]);
}

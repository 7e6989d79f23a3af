use vanishing::{Activation::Relu, central_difference};

fn main() {
    let a = |w: f64| Relu.value(2.0 * w - 0.5);
    println!("{:.3}", central_difference(a, 0.251, 0.01));
}

use vanishing::{Activation::Sigmoid, Chain};

fn main() {
    println!("the slopes alone: {:.6}", 0.25_f64.powi(5));
    println!("the weights alone: {}", 4_i32.pow(5));
    let no_bias = Chain::uniform(5, 4.0, 0.0, Sigmoid).steps(0.5);
    println!("without the biases: {:.7}", no_bias[0].product);
    let steps = Chain::uniform(5, 4.0, -2.0, Sigmoid).steps(0.5);
    let sum: f64 = steps.iter().map(|step| step.factor).sum();
    println!("added the factors: {sum}");
}

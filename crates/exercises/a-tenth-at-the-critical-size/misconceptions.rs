use experiments::mean_field::MeanField;
use vanishing::Activation::Tanh;

/// How many layers bring the product down to `end`, from the variance `q` on.
fn layers(mut q: f64, end: f64) -> usize {
    let layer = MeanField { activation: Tanh, weight_var: 1.0, bias_var: 0.0 };
    let (mut product, mut layers) = (1.0, 0);
    while product > end {
        product *= layer.gradient_factor(q);
        q = layer.variance(q);
        layers += 1;
    }
    layers
}

fn main() {
    println!("took the square for the norm: {}", layers(1.0, 0.1));
    let fixed = 0.1_f64.ln() / 0.973_f64.ln();
    println!("a fixed share in each layer: {}", fixed.ceil());
    let inverse = (1..).find(|l| 1.0 / f64::from(*l) <= 0.01);
    println!("no constant: {}", inverse.unwrap());
    let layer = MeanField { activation: Tanh, weight_var: 1.0, bias_var: 0.0 };
    println!("began one layer late: {}", layers(layer.variance(1.0), 0.01));
}

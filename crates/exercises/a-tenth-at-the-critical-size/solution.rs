use experiments::mean_field::MeanField;
use vanishing::Activation::Tanh;

fn main() {
    let layer = MeanField { activation: Tanh, weight_var: 1.0, bias_var: 0.0 };
    let (mut q, mut product, mut layers) = (1.0, 1.0_f64, 0);
    while product.sqrt() > 0.1 {
        product *= layer.gradient_factor(q);
        q = layer.variance(q);
        layers += 1;
    }
    println!("{layers}");
}

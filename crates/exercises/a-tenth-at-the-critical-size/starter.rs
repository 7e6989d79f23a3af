use experiments::mean_field::MeanField;
use vanishing::Activation::Tanh;

fn main() {
    let layer = MeanField { activation: Tanh, weight_var: 1.0, bias_var: 0.0 };
    let (mut q, mut product) = (1.0, 1.0);
    for l in 1..=3 {
        product *= layer.gradient_factor(q);
        q = layer.variance(q);
        println!("behind {l} layers the product is {product:.6}");
    }
}

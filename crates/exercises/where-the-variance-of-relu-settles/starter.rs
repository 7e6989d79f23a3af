use experiments::mean_field::MeanField;
use vanishing::Activation::Relu;

fn main() {
    let layer = MeanField { activation: Relu, weight_var: 1.5, bias_var: 0.3 };
    let mut q = 8.0;
    for _ in 0..100 {
        q = layer.variance(q);
    }
    println!("after 100 layers: {q:.4}");
}

use experiments::quadrature::normal_expectation;
use vanishing::Activation::Tanh;

fn main() {
    let q = 2.0_f64;
    let z = |g: f64| q.sqrt() * g;
    let slope_square = normal_expectation(|g| Tanh.slope_at(z(g)).powi(2));
    let square = normal_expectation(|g| Tanh.value(z(g)).powi(2));
    let weight_var = 1.0 / slope_square;
    println!("{weight_var:.6}");
    println!("{:.6}", q - weight_var * square);
}

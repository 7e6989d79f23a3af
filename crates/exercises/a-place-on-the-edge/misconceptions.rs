use experiments::quadrature::normal_expectation as e;
use vanishing::Activation::Tanh;

/// The biases, if z is `spread * g` and `mean` is what the weights are to make 1.
fn bias_var(spread: f64, mean: f64) -> f64 {
    2.0 - e(|g| Tanh.value(spread * g).powi(2)) / mean
}

fn main() {
    let root = 2.0_f64.sqrt();
    let square = |spread: f64| e(|g| Tanh.slope_at(spread * g).powi(2));
    println!("gave the weights: {:.6}", 1.0 / square(root));
    println!("a signal of variance 1: {:.6}", bias_var(1.0, square(1.0)));
    println!("q in place of its root: {:.6}", bias_var(2.0, square(2.0)));
    let slope = e(|g| Tanh.slope_at(root * g));
    let mean_slope = bias_var(root, slope * slope);
    println!("the square of the mean slope: {mean_slope:.6}");
    println!("slopes that aren't squared: {:.6}", bias_var(root, slope));
}

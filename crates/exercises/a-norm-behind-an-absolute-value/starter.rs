use experiments::quadrature::normal_expectation;
use vanishing::central_difference;

fn main() {
    let f = |z: f64| z.abs();
    let mean = normal_expectation(f);
    let variance = normal_expectation(|g| (f(g) - mean).powi(2));
    let slope = |g: f64| central_difference(f, g, 1e-6);
    let slope_square = normal_expectation(|g| slope(g).powi(2));
    println!("a layer multiplies by {:.6}", slope_square / variance);
}

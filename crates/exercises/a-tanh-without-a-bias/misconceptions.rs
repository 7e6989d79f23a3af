use vanishing::{Activation::Tanh, sigmoid_slope};

fn main() {
    let all = || (0..50_000).map(|k| f64::from(k) * 1e-4);
    let sigmoid = all().map(|z| z * sigmoid_slope(z)).fold(0.0, f64::max);
    println!("the sigmoid's: {sigmoid:.6}");
    println!("four times the sigmoid's: {:.6}", 4.0 * sigmoid);
    let size = |z: f64| z * Tanh.slope_at(z);
    let z = all().max_by(|a, b| size(*a).total_cmp(&size(*b))).unwrap();
    println!("gave z: {z:.6}");
    println!("a slope of 1: {:.6}", Tanh.slope_at(0.0));
}

use vanishing::{central_difference, sigmoid};

fn main() {
    let w = 0.5;
    let next = |o: f64| sigmoid(w * o);
    println!("{:.6}", central_difference(next, 0.0, 1e-5));
}

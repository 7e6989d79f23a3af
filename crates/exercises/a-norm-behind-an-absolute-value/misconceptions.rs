use std::f64::consts::PI;

fn main() {
    println!("nothing is taken away: {}", 1.0);
    println!("ReLU's factor: {:.6}", PI / (PI - 1.0));
    let mean = 1.0 / (2.0 * PI).sqrt();
    println!("ReLU's mean: {:.6}", 1.0 / (1.0 - mean * mean));
    println!("forgot to square the mean: {:.6}", 1.0 / (1.0 - 2.0 * mean));
}

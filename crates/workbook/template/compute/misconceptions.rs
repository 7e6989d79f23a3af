fn main() {
    println!("off by one layer: {}", 25.0 * 0.2_f64.powi(3));
}

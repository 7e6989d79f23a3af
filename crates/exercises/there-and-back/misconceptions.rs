fn main() {
    println!("powers of two are exact: {}", 0.1);
    println!("0 at the bottom, as in f32: {:.1}", 0.1 * 0.25_f32.powi(530));
    println!("rounded up: {:.8}", (0.1 * 16384.0_f64).ceil() / 16384.0);
}

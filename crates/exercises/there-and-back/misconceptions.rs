fn main() {
    println!("powers of two are exact: {}", 0.1);
    println!("0 at the bottom, as in f32: {:.1}", 0.1 * 0.25_f32.powi(530));
    // 0.1 × 2^-1060 in multiples of 2^-1074.
    let multiples = 0.1 * 16384.0_f64;
    assert_eq!(multiples, 1638.4);
    println!("rounded up: {:.8}", multiples.ceil() / 16384.0);
}

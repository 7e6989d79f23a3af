fn main() {
    // Both start at 0, and every gradient is 1.
    let (mut m, mut v) = (0.0_f64, 0.0_f64);
    m = 0.9 * m + 0.1;
    v = 0.999 * v + 0.001;
    println!("step 1: {:.3}", m / v.sqrt());
}

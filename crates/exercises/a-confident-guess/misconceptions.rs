fn main() {
    // The softmax of (ln 9, 0, …, 0).
    let sum = 9.0 + 9.0 * 1.0;
    let (zero, other) = (9.0_f64 / sum, 1.0_f64 / sum);
    let mean = 0.1 * zero + 0.9 * other;
    println!("the logarithm of the mean: {:.3}", -mean.ln());
    println!("the image of a 0 only: {:.3}", -zero.ln());
    println!("the other images only: {:.3}", -other.ln());
    println!("one and the others alike: {:.3}", -0.5 * (zero.ln() + other.ln()));
}

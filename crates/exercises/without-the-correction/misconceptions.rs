fn main() {
    let (m, v) = (1.0 - 0.9, 1.0_f64 - 0.999);
    println!("the first step: {:.3}", m / v.sqrt());
    println!("forgot the root: {:.3}", m / v);
    println!("corrected m alone: {:.3}", 1.0 / v.sqrt());
    let (m, v) = (1.0 - 0.9_f64.powi(20000), 1.0 - 0.999_f64.powi(20000));
    println!("the last step: {:.3}", m / v.sqrt());
}

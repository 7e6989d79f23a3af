fn main() {
    let one = 100.0 * (0.9_f64 * 0.1 / 360.0).sqrt();
    println!("the error of one score: {one:.3}");
    println!("the sum of both errors: {:.3}", one + one);
    println!("the error of their mean: {:.3}", one / 2.0_f64.sqrt());
}

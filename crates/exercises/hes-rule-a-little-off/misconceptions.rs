fn main() {
    let layer = |left: f64| left.powf(1.0 / 30.0);
    let square = layer(0.01 * 0.01);
    println!("forgot the half that is off: {square:.4}");
    println!("took the square for the gradient: {:.4}", 2.0 * layer(0.01));
    println!("the factor of the weights: {:.4}", (2.0 * square).sqrt());
    println!("shared by one layer: {:.4}", 2.0 * 0.01 * 0.01);
}

fn main() {
    let factors = [0.25, 0.22, 0.20, 0.15, 0.10, 0.12];
    println!("stopped at five: {:.6}", 25.0 * factors[..5].iter().product::<f64>());
    println!("added the factors: {:.2}", 25.0 + factors.iter().sum::<f64>());
    println!("forgot the loss: {:.7}", factors.iter().product::<f64>());
}

fn main() {
    let beta: f64 = [20.0; 20].map(|n| 1.0 / n).iter().sum();
    println!("as with ReLU: {:.3}", -5.0 * beta / 2.0);
    println!("the mean square is kept: {:.3}", 1.0_f64.ln());
    println!("the variance: {:.3}", 2.0 * beta);
    println!("the coin alone: {:.3}", -beta / 2.0);
    println!("the weights' four: {:.3}", -4.0 * beta / 2.0);
}

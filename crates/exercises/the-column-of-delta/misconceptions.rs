fn main() {
    let n = 30.0_f64;
    let variance = 1.0 / (3.0 * n);
    println!("forgot the root: {:.2e}", (n * variance).powi(18));
    println!("a layer too many: {:.2e}", (n * variance).sqrt().powi(19));
    let end = 1.0 / n.sqrt();
    let ratio = (n * end * end).sqrt().powi(18);
    println!("the ends for the standard deviation: {ratio:.2}");
}

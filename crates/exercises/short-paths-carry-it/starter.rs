fn main() {
    let blocks = 100;
    let s = 1.0 / f64::from(blocks).sqrt();
    println!("{:.0} paths in all, s = {s}", 2.0_f64.powi(blocks));
    println!("through at most one branch: {}", 1 + blocks);
}

fn main() {
    println!("counted the paths: {:.6}", 101.0 / 2.0_f64.powi(100));
    let s = 0.1_f64;
    let unsquared = (1.0 + 100.0 * s) / (1.0 + s).powi(100);
    println!("forgot to square s: {unsquared:.6}");
    let all = (1.0 + s * s).powi(100);
    println!("the road around alone: {:.6}", 1.0 / all);
    println!("a single path of one branch: {:.6}", (1.0 + s * s) / all);
}

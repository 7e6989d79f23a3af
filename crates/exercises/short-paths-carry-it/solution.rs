fn main() {
    let blocks = 100;
    let square = 1.0 / f64::from(blocks);
    let all = (1.0 + square).powi(blocks);
    let around = 1.0;
    let through_one = f64::from(blocks) * square;
    println!("{:.6}", (around + through_one) / all);
}

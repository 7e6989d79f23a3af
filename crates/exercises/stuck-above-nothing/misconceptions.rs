use vanishing::Format;

fn main() {
    println!("let it reach nothing: {}", 0.9_f64.powi(10_000));
    let smallest = Format::F16.smallest();
    let kept = Format::F16.product(smallest, 0.9) / smallest;
    println!("stopped at the last number above 0: {kept}");
    let mut left = 100.0_f64;
    for _ in 0..100 {
        left = (0.9 * left).round();
    }
    println!("rounded a half up: {left}");
}

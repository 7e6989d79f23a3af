fn main() {
    // dL/dz with the target 0.
    let pull = |y_hat: f64| y_hat * (y_hat * (1.0 - y_hat));
    let outputs = (0..=3000).map(|k| f64::from(k) / 3000.0);
    let hardest = outputs.max_by(|&a, &b| pull(a).total_cmp(&pull(b)));
    let y_hat = hardest.expect("there are outputs");
    println!("pull at 0.999: {:.3}", pull(0.999));
    println!("pull {:.3}, the most, at y_hat = {y_hat:.4}", pull(y_hat));
}

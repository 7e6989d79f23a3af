fn main() {
    let n = 100.0;
    // Of the square, a hundredth is left when a tenth is left of the norm.
    let enough = 0.01_f64.ln();
    let (mut layers, mut mean_log) = (0, 0.0);
    while mean_log > enough {
        mean_log -= 5.0 / (2.0 * n);
        layers += 1;
    }
    println!("{layers}");
}

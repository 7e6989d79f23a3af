fn main() {
    let n = 100.0;
    // By the law, one layer at a time, until the typical norm is a tenth.
    let (mut layers, mut mean_log) = (0, 0.0);
    while mean_log > 0.0 {
        mean_log -= 5.0 / (2.0 * n);
        layers += 1;
    }
    println!("{layers}");
}

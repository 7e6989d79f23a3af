fn main() {
    let widths = [64, 30, 30, 30, 30, 10];
    // From the left: each time a row and the transpose of one layer's weights.
    let mut count = 0;
    for l in (1..=5).rev() {
        count += widths[l] * widths[l - 1];
    }
    println!("{count}");
}

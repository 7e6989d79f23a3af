fn main() {
    let widths = [64, 30, 30, 30, 30, 10];
    // From the right: a matrix with a column for each input, 64 of them.
    let mut count = 0;
    for l in 2..=5 {
        count += widths[l] * widths[l - 1] * widths[0];
    }
    // And the row δ at the end.
    count += widths[5] * widths[0];
    println!("{count}");
}

fn main() {
    let widths = [64, 30, 30, 30, 30, 10];
    let left: usize = (1..=5).map(|l| widths[l] * widths[l - 1]).sum();
    println!("from the left: {left}");
    let products = |columns: usize, from: usize| -> usize {
        let one = |l: usize| widths[l] * widths[l - 1] * columns;
        (from..=5).map(one).sum()
    };
    println!("forgot the row: {}", products(64, 2));
    println!("only as far as layer 1: {}", products(30, 3) + 10 * 30);
    println!("one product too many: {}", products(64, 1) + 10 * 64);
}

use vanishing::Format;

fn main() {
    let format = Format::F16;
    let mut product = 1.0;
    for _ in 0..10_000 {
        product = format.product(product, 0.9);
    }
    let smallest = format.smallest();
    println!("left, in smallest numbers: {}", product / smallest);
}

fn main() {
    let (weights, of_the_first) = (2503680.0, 784.0 * 512.0);
    let (adds, bytes) = (19.1, 23.8);
    println!("{weights} weights, {of_the_first} of them in the first layer");
    println!("a nanosecond: {adds} multiply-adds or {bytes} bytes");
}

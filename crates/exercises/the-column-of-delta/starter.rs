fn main() {
    let n = 30.0;
    let variance = 1.0 / (3.0 * n);
    println!("the variance of a weight: {variance:.5}");
}

fn main() {
    let powers = -0.2324_f64.log2();
    println!("the band of f64: {:.2}", 52.0 / powers);
    println!("all the way down from 1: {:.2}", 149.0 / powers);
    println!("one power of two in a layer: {:.2}", 23.0);
    println!("multiplied in place of divided: {:.2}", 23.0 * powers);
}

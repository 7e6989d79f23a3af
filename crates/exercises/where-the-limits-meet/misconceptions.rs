fn main() {
    let (weights, of_the_first) = (2503680.0, 784.0 * 512.0);
    let (adds, bytes) = (19.1, 23.8);
    let counts = 24.0 * weights / (3.0 * weights - of_the_first);
    let same = |bytes_a_weight, products| bytes_a_weight / products * adds / bytes;
    println!("three products in the first layer too: {:.2}", same(24.0, 3.0));
    println!("each weight read once: {:.2}", counts / 3.0 * adds / bytes);
    println!("one product in place of three: {:.2}", same(24.0, 1.0));
    println!("the rates exchanged: {:.2}", counts * bytes / adds);
}

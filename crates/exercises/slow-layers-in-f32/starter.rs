fn main() {
    let factor = 0.2324_f64;
    let powers = -factor.log2();
    println!("a layer goes down by {powers:.3} powers of two");
}

fn main() {
    let n = 100.0;
    let layers = |log: f64, a_layer: f64| (log / a_layer).ceil();
    let tenth = 0.1_f64.ln();
    println!("a tenth of the square: {}", layers(tenth, -5.0 / (2.0 * n)));
    println!("halved twice: {}", layers(2.0 * tenth, -5.0 / (4.0 * n)));
    println!("the decimal logarithm: {}", layers(-2.0, -5.0 / (2.0 * n)));
    println!("as with sigmoids: {}", layers(tenth, 0.25_f64.ln()));
}

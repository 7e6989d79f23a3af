fn main() {
    let n = 30.0_f64;
    let variance = 1.0 / (3.0 * n);
    let factor = (n * variance).sqrt();
    let layers = 20 - 2;
    println!("a layer's factor: {factor:.4}");
    println!("over {layers} layers: {:.3e}", factor.powi(layers));
}

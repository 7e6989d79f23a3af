fn main() {
    let layers = 100;
    println!("a gradient has to get through {layers} layers");
    for width in 1..=3 {
        let off = 0.5_f64.powi(width);
        println!("width {width}: a layer is off with probability {off:.3}");
    }
}

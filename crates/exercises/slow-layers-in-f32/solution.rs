fn main() {
    let powers = -0.2324_f64.log2();
    for (format, normal, smallest) in [("f64", 1022, 1074), ("f32", 126, 149)] {
        let before = f64::from(normal) / powers;
        let layers = f64::from(smallest - normal) / powers;
        println!("{format}: after {before:.0} layers, {layers:.2}");
    }
}

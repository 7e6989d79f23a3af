fn main() {
    let (g, f) = (25.0, 0.2_f64);
    let left = g * f;
    println!("{left}");
}

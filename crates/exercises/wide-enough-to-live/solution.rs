fn main() {
    let alive = |width: i32| (1.0 - 0.5_f64.powi(width)).powi(100);
    let width = (1..).find(|width| alive(*width) > 0.9).unwrap();
    println!("{:.3} of the networks with one neuron less", alive(width - 1));
    println!("{:.3} of the networks with the width {width}", alive(width));
    println!("{width}");
}

fn main() {
    let left = 0.01_f64;
    // What does one layer keep of the gradient, and what of its square?
    let gradient = left;
    let square = gradient;
    println!("a layer keeps {gradient:.4}, and {square:.4} of the square");
    let c = square;
    println!("c = {c:.4}");
}

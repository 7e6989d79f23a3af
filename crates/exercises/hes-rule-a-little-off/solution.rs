fn main() {
    let left = 0.01_f64;
    let gradient = left.powf(1.0 / 30.0);
    let square = gradient * gradient;
    println!("a layer keeps {gradient:.4}, and {square:.4} of the square");
    println!("the weights are {:.0} % too small", 100.0 * (1.0 - gradient));
    println!("lost: a factor of {:.0}", 1.0 / left);
    let c = 2.0 * square;
    println!("c = {c:.4}");
}

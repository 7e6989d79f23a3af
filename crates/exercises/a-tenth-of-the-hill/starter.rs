use vanishing::sigmoid_slope;

fn main() {
    let asked = sigmoid_slope(0.0) / 10.0;
    println!("the slope is to be {asked}");
    // Which output has this slope?
    let a = 0.5_f64;
    let z = (a / (1.0 - a)).ln();
    println!("at a = {a:.6} it is {:.6}", sigmoid_slope(z));
    println!("z = {z:.4}");
}

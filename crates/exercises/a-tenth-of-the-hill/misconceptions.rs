fn main() {
    let z = |a: f64| (a / (1.0 - a)).ln();
    let half_width = |slope: f64| (0.25 - slope).sqrt();
    println!("took the slope for 1 − a: {:.4}", z(1.0 - 0.025));
    println!("the other side of the hill: {:.4}", z(0.5 - half_width(0.025)));
    println!("a tenth of 1: {:.4}", z(0.5 + half_width(0.1)));
    println!("took a for z: {:.4}", 0.5 + half_width(0.025));
}

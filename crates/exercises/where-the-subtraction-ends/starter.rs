use vanishing::sigmoid;

fn main() {
    let slope = |z: i32| {
        let a = sigmoid(f64::from(z));
        a * (1.0 - a)
    };
    println!("the slope at z = -100: {:.1e}", slope(-100));
    let first = (0..1000).find(|&z| slope(z) == 0.0).expect("it ends");
    println!("to the right it is exactly 0 from z = {first}");
}

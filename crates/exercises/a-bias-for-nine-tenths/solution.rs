use vanishing::sigmoid;

fn main() {
    let (x1, x2) = (1.0, 0.5);
    let o11 = sigmoid(0.5 * x1 + 0.2 * x2 + 0.1);
    let o12 = sigmoid(-0.3 * x1 + 0.8 * x2 - 0.2);
    let z21 = (0.9_f64 / (1.0 - 0.9)).ln();
    let brought = 0.7 * o11 - 0.4 * o12;
    println!("z21 = {z21:.4}, of which the neurons bring {brought:.4}");
    let b21 = z21 - brought;
    println!("it said {:.4}", sigmoid(brought + 0.3));
    println!("it says {:.4}", sigmoid(brought + b21));
    println!("b21 = {b21:.4}");
}

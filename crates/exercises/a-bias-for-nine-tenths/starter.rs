use vanishing::sigmoid;

fn main() {
    let (x1, x2) = (1.0, 0.5);
    let o11 = sigmoid(0.5 * x1 + 0.2 * x2 + 0.1);
    let o12 = sigmoid(-0.3 * x1 + 0.8 * x2 - 0.2);
    let b21 = 0.3;
    println!("says {:.4}", sigmoid(0.7 * o11 - 0.4 * o12 + b21));
    println!("b21 = {b21:.4}");
}

use vanishing::sigmoid;

fn main() {
    let (o11, o12) = (sigmoid(0.7), sigmoid(-0.1));
    let z21 = 0.7 * o11 - 0.4 * o12 + 0.3;
    let asked = 9_f64.ln();
    println!("took z for the bias: {asked:.4}");
    println!("the change of the bias: {:.4}", asked - z21);
    println!("moved the output: {:.4}", 0.3 + (0.9 - sigmoid(z21)));
}

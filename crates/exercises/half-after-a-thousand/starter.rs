use vanishing::sigmoid;

fn main() {
    let steps = 1000;
    let bias = 5.0;
    println!("left after {steps} steps: {:.3e}", sigmoid(bias).powi(steps));
    println!("bias {bias:.3}");
}

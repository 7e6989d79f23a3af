use vanishing::sigmoid;

fn main() {
    let steps = 1000;
    let f = 0.5_f64.powf(1.0 / f64::from(steps));
    let bias = -(1.0 / f - 1.0).ln();
    println!("left after {steps} steps: {:.3e}", sigmoid(bias).powi(steps));
    println!("ten times the steps: {:.3} more", 10.0_f64.ln());
    println!("bias {bias:.3}");
}

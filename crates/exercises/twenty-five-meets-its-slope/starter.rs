use vanishing::{central_difference, sigmoid};

fn main() {
    let loss = |y_hat: f64| -y_hat.ln();
    let z = -24_f64.ln();
    let by_y_hat = central_difference(loss, sigmoid(z), 1e-7);
    println!("by the output: {by_y_hat:.2}");
    let by_z = central_difference(|z| loss(sigmoid(z)), z, 1e-5);
    println!("by z:          {by_z:.2}");
}

use vanishing::{sigmoid, sigmoid_slope};

fn main() {
    let z = -24_f64.ln();
    let by_y_hat = -1.0 / sigmoid(z);
    println!("took a quarter for the slope: {:.4}", by_y_hat * 0.25);
    println!("stopped at the output: {:.4}", by_y_hat);
    println!("the slope alone: {:.4}", sigmoid_slope(z));
    println!("lost the sign: {:.4}", -by_y_hat * sigmoid_slope(z));
}

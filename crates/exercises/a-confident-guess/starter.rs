use vanishing::{Array2, Loss};

fn main() {
    // One image of each digit, a row each; and what the network says to each.
    let y = Array2::eye(10);
    let mut y_hat = Array2::zeros((10, 10));
    y_hat.column_mut(0).fill(9_f64.ln());
    println!("{:.3}", Loss::SoftmaxCrossEntropy.value(&y_hat, y.view()));
}

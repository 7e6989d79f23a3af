mod answer;

use exercises::{Checks, all_close, close};
use vanishing::{Array2, Loss, central_difference};

/// By moving one output at a time.
fn measured(y_hat: &[f64], digit: usize) -> Vec<f64> {
    let mut y = Array2::zeros((1, y_hat.len()));
    y[[0, digit]] = 1.0;
    let loss = |k: usize, moved: f64| {
        let mut y_hat = Array2::from_shape_fn((1, y_hat.len()), |(_, k)| y_hat[k]);
        y_hat[[0, k]] = moved;
        Loss::SoftmaxCrossEntropy.value(&y_hat, y.view())
    };
    (0..y_hat.len()).map(|k| central_difference(|moved| loss(k, moved), y_hat[k], 1e-5)).collect()
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let three = [0.3, -1.2, 2.0];
    for digit in 0..3 {
        checks.holds(&format!("the central differences of the loss, for a {digit} of three"), || {
            all_close(&answer::gradient(&three, digit), &measured(&three, digit), 1e-8)
        });
    }
    checks.holds("a network that knows nothing gives each of ten a tenth", || {
        let mut expected = [0.1; 10];
        expected[7] = -0.9;
        all_close(&answer::gradient(&[0.0; 10], 7), &expected, 1e-12)
    });
    checks.holds("the ten derivatives cancel in their sum", || {
        let y_hat: Vec<f64> = (0..10).map(|k| 0.7 * f64::from(k) - 2.0).collect();
        close(answer::gradient(&y_hat, 4).iter().sum(), 0.0, 1e-12)
    });
    checks.holds("the same added to every output changes nothing", || {
        let shifted = three.map(|y| y + 5.0);
        all_close(&answer::gradient(&shifted, 1), &answer::gradient(&three, 1), 1e-12)
    });
    checks.holds("sure of the wrong digit, with an output of a thousand", || {
        all_close(&answer::gradient(&[1000.0, 0.0], 1), &[1.0, -1.0], 1e-12)
    });
    checks.holds("two outputs, both below minus a thousand", || {
        all_close(&answer::gradient(&[-2000.0, -2000.0], 0), &[-0.5, 0.5], 1e-12)
    });
    checks.finish()
}

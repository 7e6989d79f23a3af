mod answer;

use exercises::Checks;
use vanishing::{sigmoid, sigmoid_slope, tanh};

type Function = fn(f64) -> f64;

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("σ(1 − σ), the slope of the sigmoid", || answer::test(sigmoid, sigmoid_slope));
    checks.passes("1 − tanh², the slope of tanh", || answer::test(tanh, |z| 1.0 - tanh(z).powi(2)));
    let wrong: [(&str, Function, Function); 8] = [
        ("a constant quarter", sigmoid, |_| 0.25),
        ("σ², not σ(1 − σ)", sigmoid, |z| sigmoid(z).powi(2)),
        ("z(1 − z): z taken for σ(z)", sigmoid, |z| z * (1.0 - z)),
        ("0 for negative z", sigmoid, |z| if z < 0.0 { 0.0 } else { sigmoid_slope(z) }),
        ("0 where it is flat", sigmoid, |z| if z.abs() > 3.0 { 0.0 } else { sigmoid_slope(z) }),
        ("1 − tanh, without the square", tanh, |z| 1.0 - tanh(z)),
        ("the slope of the sigmoid, for tanh", tanh, |z| 4.0 * sigmoid_slope(z)),
        ("1 for positive z", tanh, |z| if z > 0.0 { 1.0 } else { 1.0 - tanh(z).powi(2) }),
    ];
    for (what, f, slope) in wrong {
        checks.kills(what, || answer::test(f, slope));
    }
    checks.finish()
}

mod answer;

use answer::weight_variance;
use exercises::{Checks, close};
use experiments::quadrature::normal_expectation;

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.holds("ReLU with 50 inputs: He's rule", || {
        let found = weight_variance(50, 0.0, 1.0);
        close(found, 2.0 / 50.0, 1e-12)
    });
    checks.holds("one straight line, 50 inputs", || {
        let found = weight_variance(50, 1.0, 1.0);
        close(found, 1.0 / 50.0, 1e-12)
    });
    for (left, right) in [(0.5, 1.0), (-1.0, 1.0), (-2.0, 3.0)] {
        let what = format!("slopes {left} and {right}");
        let slope = |z: f64| if z < 0.0 { left } else { right };
        checks.holds(&format!("{what}: z keeps its variance, small or large"), || {
            [0.04, 9.0_f64].into_iter().try_for_each(|q| {
                let square = normal_expectation(|g| (slope(g) * q.sqrt() * g).powi(2));
                close(30.0 * weight_variance(30, left, right) * square, q, 1e-9)
            })
        });
        checks.holds(&format!("{what}: equally wide layers keep the gradient"), || {
            let square = normal_expectation(|g| slope(g).powi(2));
            close(30.0 * weight_variance(30, left, right) * square, 1.0, 1e-9)
        });
    }
    checks.finish()
}

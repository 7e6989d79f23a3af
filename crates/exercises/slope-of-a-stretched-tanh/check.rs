mod answer;

use exercises::{Checks, close};
use vanishing::{central_difference, sigmoid, sigmoid_slope, tanh};

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    for (what, tall, steep) in [
        ("tanh itself", 1.0, 1.0),
        ("twice as steep, no taller", 1.0, 2.0),
        ("twice as tall, no steeper", 2.0, 1.0),
        ("LeCun's, 1.7159 tanh(2z/3)", 1.7159, 2.0 / 3.0),
        ("upside down, −3 tanh(z/2)", -3.0, 0.5),
    ] {
        checks.holds(&format!("{what}, on both sides of 0"), || {
            for z in [-2.5, -0.4, 0.0, 0.7, 1.8] {
                let f = |z: f64| tall * tanh(steep * z);
                let expected = central_difference(f, z, 1e-5);
                let why = |why| format!("at z = {z}, {why}");
                close(answer::slope(f(z), tall, steep), expected, 1e-8).map_err(why)?;
            }
            Ok(())
        });
    }
    checks.holds("half as tall, half as steep: the sigmoid's slope at z = 1.5", || {
        close(answer::slope(sigmoid(1.5) - 0.5, 0.5, 0.5), sigmoid_slope(1.5), 1e-12)
    });
    let at_the_end = || close(answer::slope(1.5, 1.5, 0.8), 0.0, 1e-12);
    checks.holds("0 where it is as tall as it gets", at_the_end);
    checks.finish()
}

mod answer;

use exercises::{Checks, close};

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let agree = |gradients: &[[f64; 3]], scale: f64, expected| {
        let scaled = |g: &[f64; 3]| g.map(|g| g * scale).to_vec();
        let gradients: Vec<_> = gradients.iter().map(scaled).collect();
        close(answer::agreement(&gradients), expected, 1e-12)
    };
    let same = [[0.5, -2.0, 1.0]; 4];
    let right_angles = [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, -2.0]];
    let opposite = [[0.5, -2.0, 1.0], [-0.5, 2.0, -1.0]];
    let signal_and_noise = [[1.0, 3.0, 0.0], [1.0, -3.0, 0.0]];
    let lengths = [[1.0, 0.0, 0.0], [3.0, 0.0, 0.0]];
    checks.holds("gradients that are the same agree", || agree(&same, 1.0, 1.0));
    checks.holds("a single one agrees with itself", || agree(&same[..1], 1.0, 1.0));
    checks.holds("three at right angles: a third", || agree(&right_angles, 1.0, 1.0 / 3.0));
    checks.holds("two that are opposite: nothing", || agree(&opposite, 1.0, 0.0));
    checks.holds("a signal of 1 in a noise of 3: a tenth", || agree(&signal_and_noise, 1.0, 0.1));
    checks.holds("a long one counts for more than a short one", || agree(&lengths, 1.0, 0.8));
    checks.holds("a thousand times as large: the same", || agree(&lengths, 1000.0, 0.8));
    checks.holds("as small as 1e-190: the same", || agree(&signal_and_noise, 1e-190, 0.1));
    checks.finish()
}

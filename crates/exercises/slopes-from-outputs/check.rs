mod answer;

use exercises::{Checks, close};
use vanishing::{central_difference, exp, sigmoid};

fn softplus(z: f64) -> f64 {
    (1.0 + exp(z)).ln()
}

fn softsign(z: f64) -> f64 {
    z / (1.0 + z.abs())
}

/// Whether a slope at z is the measured one.
fn is_slope(f: fn(f64) -> f64, slope: fn(f64) -> f64, z: f64) -> Result<(), String> {
    let measured = central_difference(f, z, 1e-5);
    close(slope(f(z)), measured, 1e-8).map_err(|why| format!("z = {z}: {why}"))
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    for (side, points) in [("left", [-6.0, -1.7, -0.3]), ("right", [0.2, 1.0, 4.5])] {
        checks.holds(&format!("softplus, {side} of 0"), || {
            points.into_iter().try_for_each(|z| is_slope(softplus, answer::softplus_slope, z))
        });
        checks.holds(&format!("softsign, {side} of 0"), || {
            points.into_iter().try_for_each(|z| is_slope(softsign, answer::softsign_slope, z))
        });
    }
    checks.holds("at z = 0, where the slopes are a half and 1", || {
        close(answer::softplus_slope(2_f64.ln()), 0.5, 1e-12)?;
        close(answer::softsign_slope(0.0), 1.0, 1e-12)
    });
    checks.holds("softplus far on the right, where the slope is 1", || {
        let slope = answer::softplus_slope(800.0);
        close(slope, 1.0, 1e-12)
    });
    checks.holds("softplus far on the left, where the slope keeps its digits", || {
        // There the output is e^z, to all digits.
        close(answer::softplus_slope(exp(-30.0)) / sigmoid(-30.0), 1.0, 1e-9)
    });
    checks.finish()
}

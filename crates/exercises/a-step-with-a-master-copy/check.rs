mod answer;

use exercises::Checks;
use vanishing::Format::{F16, F32};

/// A step in f64, rounded once to f32, unless the gradient is to be left out.
fn moved(leave_out: bool, w: f64, step: f64) -> f64 {
    if leave_out { w } else { F32.round(w - step) }
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("everything in f64, and one rounding to f32", || {
        answer::test(|w, g, scale, rate| moved(!g.is_finite(), w, rate * g / scale));
    });
    checks.passes("every operation in f32", || {
        answer::test(|w, g, scale, rate| {
            let step = F32.round(rate * F32.round(g / scale));
            moved(!step.is_finite(), w, step)
        });
    });
    checks.kills("the scale left in", || {
        answer::test(|w, g, _, rate| moved(!g.is_finite(), w, rate * g));
    });
    checks.kills("multiplied by the scale once more", || {
        answer::test(|w, g, scale, rate| moved(!g.is_finite(), w, rate * g * scale));
    });
    checks.kills("the quotient by the scale stored in f16", || {
        answer::test(|w, g, scale, rate| moved(!g.is_finite(), w, rate * F16.round(g / scale)));
    });
    checks.kills("no master copy: the weight stored in f16", || {
        answer::test(|w, g, scale, rate| F16.round(moved(!g.is_finite(), w, rate * g / scale)));
    });
    checks.kills("an infinite gradient not left out", || {
        answer::test(|w, g, scale, rate| moved(g.is_nan(), w, rate * g / scale));
    });
    checks.kills("infinity left out, but not what is no number", || {
        answer::test(|w, g, scale, rate| moved(g.is_infinite(), w, rate * g / scale));
    });
    checks.kills("the size of the gradient without its sign", || {
        answer::test(|w, g, scale, rate| moved(!g.is_finite(), w, rate * g.abs() / scale));
    });
    checks.finish()
}

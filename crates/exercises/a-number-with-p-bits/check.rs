mod answer;

use exercises::{Checks, close};
use vanishing::Format;

/// Whether it rounds so exactly.
fn is(x: f64, p: i32, expected: f64) -> Result<(), String> {
    close(answer::round(x, p), expected, 0.0).map_err(|why| format!("{x} to {p} bits: {why}"))
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    for (p, format) in [(11, Format::F16), (8, Format::Bf16), (24, Format::F32)] {
        checks.holds(&format!("with {p} bits it is {}, from 0.001 to 1000", format.name()), || {
            // Unrelated to the powers of two.
            let numbers = (0..200).map(|k| 0.001 * 1.0718_f64.powi(k));
            numbers.into_iter().try_for_each(|x| is(x, p, format.round(x)))
        });
    }
    checks.holds("the notes' step is lost with 8 and 11 bits, not with 24", || {
        let w = 0.25 - 0.01 * 0.004125;
        is(w, 8, 0.25)?;
        is(w, 11, 0.25)?;
        is(w, 24, Format::F32.round(w))
    });
    checks.holds("just below a power of two the gap is half of that above", || {
        let gap = 2_f64.powi(-13);
        is(0.25 - 0.9 * gap, 11, 0.25 - gap)?;
        is(0.25 + 0.9 * gap, 11, 0.25)
    });
    checks.holds("with 2 and with 3 bits", || {
        is(5.3, 2, 6.0)?;
        is(5.3, 3, 5.0)?;
        is(0.3, 3, 0.3125)
    });
    checks.holds("with 11 bits, above the largest number of f16 and below its smallest", || {
        is(100_001.0, 11, 100_032.0)?;
        is(1.55 * 2_f64.powi(-29), 11, 1587.0 * 2_f64.powi(-39))
    });
    checks.holds("a tie goes to the last bit 0, up or down", || {
        is(1.0 + 2_f64.powi(-11), 11, 1.0)?;
        is(1.0 + 3.0 * 2_f64.powi(-11), 11, 1.0 + 2_f64.powi(-9))
    });
    checks.holds("negative numbers are rounded as positive ones", || {
        is(-0.3, 8, Format::Bf16.round(-0.3))?;
        is(-1.0 - 2_f64.powi(-11), 11, -1.0)
    });
    checks.holds("0 and powers of two stay what they are", || {
        is(0.0, 8, 0.0)?;
        [-60, -2, 0, 3, 60].into_iter().try_for_each(|k| is(2_f64.powi(k), 8, 2_f64.powi(k)))
    });
    checks.finish()
}

mod answer;

use exercises::Checks;

/// Layer 2 and the layer that it is compared with.
fn compared(layer_2: f64, other: f64) -> &'static str {
    match layer_2 / other {
        quotient if quotient < 1e-3 => "vanishes",
        quotient if quotient > 1e3 => "explodes",
        _ => "fine",
    }
}

/// With what is said of 0 and of numbers that aren't finite.
fn careful(layer_2: f64, other: f64) -> &'static str {
    match layer_2 {
        0.0 => "vanishes",
        norm if !norm.is_finite() => "explodes",
        norm => compared(norm, other),
    }
}

fn without_a_quotient(delta: &[f64]) -> &'static str {
    match (delta[1], last(delta)) {
        (0.0, _) => "vanishes",
        (norm, last) if norm < 1e-3 * last => "vanishes",
        (norm, last) if norm > 1e3 * last || !norm.is_finite() => "explodes",
        _ => "fine",
    }
}

fn last(delta: &[f64]) -> f64 {
    delta[delta.len() - 1]
}

fn main() -> std::process::ExitCode {
    type Diagnose = fn(&[f64]) -> &'static str;
    let mut checks = Checks::new();
    checks.passes("layer 2 over the last", || {
        answer::test(|delta| careful(delta[1], last(delta)));
    });
    checks.passes("the same without a quotient", || answer::test(without_a_quotient));
    let wrong: [(&str, Diagnose); 8] = [
        ("layer 1, not layer 2", |delta| careful(delta[0], last(delta))),
        ("upside down", |delta| match careful(delta[1], last(delta)) {
            "vanishes" => "explodes",
            "explodes" => "vanishes",
            other => other,
        }),
        ("layer 2 by itself", |delta| careful(delta[1], 1.0)),
        ("layer 2 over layer 3 only", |delta| careful(delta[1], delta[2])),
        ("over the layer before the last", |delta| careful(delta[1], delta[delta.len() - 2])),
        ("0 over 0 is fine", |delta| match delta[1] {
            norm if norm.is_nan() => "explodes",
            norm => compared(norm, last(delta)),
        }),
        ("infinity over infinity is fine", |delta| match delta[1] {
            0.0 => "vanishes",
            norm if norm.is_nan() => "explodes",
            norm => compared(norm, last(delta)),
        }),
        ("NaN is fine", |delta| match delta[1] {
            0.0 => "vanishes",
            norm => compared(norm, last(delta)),
        }),
    ];
    for (what, diagnose) in wrong {
        checks.kills(what, || answer::test(diagnose));
    }
    checks.finish()
}

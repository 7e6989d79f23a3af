mod answer;

use exercises::Checks;
use vanishing::{Array2, Norm, Over};

type Backward = fn(&[f64], f64, f64, &[f64]) -> Vec<f64>;

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// With so much of the shift and of the stretch taken out, 1 of each being right, and
/// with something done to the variance first.
fn back(x: &[f64], g: Vec<f64>, out: [f64; 2], of: impl Fn(f64) -> f64) -> Vec<f64> {
    let mu = mean(x.iter().copied());
    let v = of(mean(x.iter().map(|x| (x - mu).powi(2))));
    let x_hat: Vec<f64> = x.iter().map(|x| (x - mu) / v.sqrt()).collect();
    let shift = out[0] * mean(g.iter().copied());
    let stretch = out[1] * mean(g.iter().zip(&x_hat).map(|(g, x)| g * x));
    g.iter().zip(&x_hat).map(|(g, x)| (g - shift - x * stretch) / v.sqrt()).collect()
}

fn times(gain: f64, da: &[f64]) -> Vec<f64> {
    da.iter().map(|da| gain * da).collect()
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the formula", || {
        answer::test(|x, gain, eps, da| back(x, times(gain, da), [1.0, 1.0], |v| v + eps));
    });
    checks.passes("the crate's", || {
        answer::test(|x, gain, eps, da| {
            let mut norm = Norm::new(Over::Batch, 1, eps).expect("an ε");
            norm.gain[0] = gain;
            let column = |v: &[f64]| Array2::from_shape_vec((v.len(), 1), v.to_vec()).expect("one");
            norm.backward(&column(x), &column(da)).1.iter().copied().collect()
        });
    });
    let wrong: [(&str, Backward); 7] = [
        ("mean and variance taken for constants", |x, gain, eps, da| {
            let g = times(gain, da);
            back(x, g, [0.0, 0.0], |v| v + eps)
        }),
        ("the mean of g is not taken out", |x, gain, eps, da| {
            let g = times(gain, da);
            back(x, g, [0.0, 1.0], |v| v + eps)
        }),
        ("the variance taken for a constant", |x, gain, eps, da| {
            let g = times(gain, da);
            back(x, g, [1.0, 0.0], |v| v + eps)
        }),
        ("γ is forgotten", |x, _, eps, da| back(x, da.to_vec(), [1.0, 1.0], |v| v + eps)),
        ("ε is forgotten", |x, gain, _, da| back(x, times(gain, da), [1.0, 1.0], |v| v)),
        ("the sum of g x̂ in place of its mean", |x, gain, eps, da| {
            back(x, times(gain, da), [1.0, x.len() as f64], |v| v + eps)
        }),
        ("the variance divided by B − 1", |x, gain, eps, da| {
            let unbiased = x.len() as f64 / (x.len() as f64 - 1.0);
            back(x, times(gain, da), [1.0, 1.0], |v| v * unbiased + eps)
        }),
    ];
    for (what, backward) in wrong {
        checks.kills(what, || answer::test(backward));
    }
    checks.finish()
}

mod answer;

use exercises::Checks;
use vanishing::Sgd;

type Step = fn(&mut [f64], &[f64], f64);

/// A step from what becomes of one weight.
macro_rules! step {
    ($w:ident, $g:ident, $alpha:ident => $new:expr) => {
        |weights, gradient, $alpha| {
            for ($w, &$g) in weights.iter_mut().zip(gradient) {
                let $w: &mut f64 = $w;
                *$w = $new;
            }
        }
    };
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the step of the crate", || {
        answer::test(step!(w, g, alpha => Sgd::new(alpha).expect("a rate").updated(*w, g)));
    });
    checks.passes("the same, rounded once", || {
        answer::test(step!(w, g, alpha => alpha.mul_add(-g, *w)));
    });
    let wrong: [(&str, Step); 7] = [
        ("without α, as in line 8 of the notes", step!(w, g, _alpha => *w - g)),
        ("up, not down", step!(w, g, alpha => *w + alpha * g)),
        ("always down, whatever the gradient's sign", step!(w, g, alpha => *w - alpha * g.abs())),
        ("by α, whatever the gradient's size", step!(w, g, alpha => *w - alpha * g.signum())),
        ("by a share of the weight", step!(w, g, alpha => *w - alpha * g * *w)),
        ("the first gradient for all weights", |weights, gradient, alpha| {
            weights.iter_mut().for_each(|w| *w -= alpha * gradient[0]);
        }),
        ("the last weight left out", |weights, gradient, alpha| {
            let last = weights.len() - 1;
            weights[..last].iter_mut().zip(gradient).for_each(|(w, g)| *w -= alpha * g);
        }),
    ];
    for (what, step) in wrong {
        checks.kills(what, || answer::test(step));
    }
    checks.finish()
}

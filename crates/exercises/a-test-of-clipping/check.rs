mod answer;

use exercises::Checks;

type Clip = fn(&mut [Vec<f64>], f64);

fn norm(gradient: &[Vec<f64>]) -> f64 {
    gradient.iter().flatten().map(|g| g * g).sum::<f64>().sqrt()
}

fn multiply(gradient: &mut [Vec<f64>], scale: f64) {
    gradient.iter_mut().flatten().for_each(|g| *g *= scale);
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the threshold over the norm, if that is below 1", || {
        answer::test(|gradient, threshold| {
            let norm = norm(gradient);
            multiply(gradient, if norm > threshold { threshold / norm } else { 1.0 });
        });
    });
    checks.passes("divided by the norm over the threshold, if that is above 1", || {
        answer::test(|gradient, threshold| {
            let excess = norm(gradient) / threshold;
            multiply(gradient, 1.0 / excess.max(1.0));
        });
    });
    let wrong: [(&str, Clip); 7] = [
        ("each layer by its own norm", |gradient, threshold| {
            for layer in gradient.chunks_mut(1) {
                multiply(layer, (threshold / norm(layer)).min(1.0));
            }
        }),
        ("each entry by itself", |gradient, threshold| {
            gradient.iter_mut().flatten().for_each(|g| *g = g.clamp(-threshold, threshold));
        }),
        ("a short gradient is made longer", |gradient, threshold| {
            multiply(gradient, threshold / norm(gradient));
        }),
        ("the square of the norm is compared with the threshold", |gradient, threshold| {
            let norm = norm(gradient);
            multiply(gradient, if norm * norm > threshold { threshold / norm } else { 1.0 });
        }),
        ("the threshold over the square of the norm", |gradient, threshold| {
            let norm = norm(gradient);
            multiply(gradient, if norm > threshold { threshold / (norm * norm) } else { 1.0 });
        }),
        ("the entries are added without their squares", |gradient, threshold| {
            let sum: f64 = gradient.iter().flatten().map(|g| g.abs()).sum();
            multiply(gradient, (threshold / sum).min(1.0));
        }),
        ("the last layer is left out", |gradient, threshold| {
            let scale = (threshold / norm(gradient)).min(1.0);
            let but_last = gradient.len() - 1;
            multiply(&mut gradient[..but_last], scale);
        }),
    ];
    for (what, clip) in wrong {
        checks.kills(what, || answer::test(clip));
    }
    checks.finish()
}

mod answer;

use exercises::{Checks, close};
use experiments::sigmoid_rate::{critical_weight_std, theory};

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.holds("V(0), where no z differs", || close(answer::variance(2.0, 0.5, 0.0), 1.25, 1e-6));
    for (weight_std, bias_std, q) in [(1.0, 0.0, 1.0), (1.0, 1.0, 0.3), (4.0, 0.5, 6.0)] {
        checks.holds(&format!("V({q}) for σ_w = {weight_std}, σ_b = {bias_std}"), || {
            let expected = theory(weight_std, bias_std).variance(q);
            close(answer::variance(weight_std, bias_std, q), expected, 1e-4)
        });
    }
    for (weight_std, bias_std) in [(1.0, 0.0), (1.0, 1.0)] {
        checks.holds(&format!("the rate for σ_w = {weight_std}, σ_b = {bias_std}"), || {
            let expected = theory(weight_std, bias_std).deep_limit().chi1.sqrt();
            close(answer::rate(weight_std, bias_std), expected, 1e-4)
        });
    }
    checks.holds("the rate where nothing is lost on average", || {
        let weight_std = critical_weight_std();
        close(answer::rate(weight_std, 0.0), 1.0, 1e-4)
    });
    checks.holds("tiny weights: a quarter of their standard deviation", || {
        let weight_std = 0.01;
        close(answer::rate(weight_std, 0.0) / weight_std, 0.25, 1e-4)
    });
    checks.holds("no weights: nothing is left", || close(answer::rate(0.0, 1.0), 0.0, 1e-12));
    checks.finish()
}

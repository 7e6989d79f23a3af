mod answer;

use exercises::{Checks, close};
use vanishing::{central_difference, sigmoid};

const NEAR: [f64; 6] = [-5.0, -1.3, 0.0, 0.4, 2.0, 6.0];

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.holds("with the target 1 the loss is −ln ŷ", || {
        NEAR.into_iter().try_for_each(|z| close(answer::loss(z, 1.0), -sigmoid(z).ln(), 1e-12))
    });
    checks.holds("with the target 0 the loss is −ln(1 − ŷ)", || {
        NEAR.into_iter().try_for_each(|z| close(answer::loss(z, 0.0), -sigmoid(-z).ln(), 1e-12))
    });
    checks.holds("far out, and wrong, the loss is the size of z", || {
        close(answer::loss(-800.0, 1.0), 800.0, 1e-9)?;
        close(answer::loss(800.0, 0.0), 800.0, 1e-9)
    });
    checks.holds("far out, and right, the loss is 0", || {
        close(answer::loss(800.0, 1.0), 0.0, 1e-9)?;
        close(answer::loss(-800.0, 0.0), 0.0, 1e-9)
    });
    for y in [1.0, 0.0] {
        checks.holds(&format!("the derivative is the central difference, target {y}"), || {
            let loss = |z: f64| -sigmoid(if y == 1.0 { z } else { -z }).ln();
            let measured = |z: f64| central_difference(loss, z, 1e-5);
            NEAR.into_iter().try_for_each(|z| close(answer::dloss_dz(z, y), measured(z), 1e-8))
        });
    }
    checks.holds("far out, and wrong, the derivative is 1 in size", || {
        close(answer::dloss_dz(-800.0, 1.0), -1.0, 1e-9)?;
        close(answer::dloss_dz(800.0, 0.0), 1.0, 1e-9)
    });
    checks.holds("far out, and right, it is 0", || {
        close(answer::dloss_dz(800.0, 1.0), 0.0, 1e-9)?;
        close(answer::dloss_dz(-800.0, 0.0), 0.0, 1e-9)
    });
    checks.finish()
}

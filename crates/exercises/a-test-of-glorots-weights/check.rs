mod answer;

use exercises::Checks;
use vanishing::{Array2, ChaCha8Rng, Init, SeedableRng};

type Draw = fn(usize, usize, &mut ChaCha8Rng) -> Array2<f64>;

/// Evenly between −bound and bound.
fn even(shape: (usize, usize), bound: f64, rng: &mut ChaCha8Rng) -> Array2<f64> {
    Init::Uniform.weights(shape.0, shape.1, rng) * ((shape.0 as f64).sqrt() * bound)
}

/// Glorot's.
fn glorot(n: usize, m: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
    even((n, m), (6.0 / (n + m) as f64).sqrt(), rng)
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the crate's", || answer::test(|n, m, rng| Init::Glorot.weights(n, m, rng)));
    checks.passes("as wide a uniform distribution", || answer::test(glorot));
    let wrong: [(&str, Draw); 8] = [
        ("the variance taken for the bound", |n, m, rng| even((n, m), 2.0 / (n + m) as f64, rng)),
        ("the standard deviation taken for the bound", |n, m, rng| {
            let variance = 2.0 / (n + m) as f64;
            even((n, m), variance.sqrt(), rng)
        }),
        ("the fan in alone, as if the fan out were the same", |n, m, rng| {
            let variance = 1.0 / n as f64;
            even((n, m), (3.0 * variance).sqrt(), rng)
        }),
        ("the shape the wrong way round", |n, m, rng| {
            let w = glorot(n, m, rng).into_raw_vec_and_offset().0;
            Array2::from_shape_vec((m, n), w).expect("as many weights")
        }),
        ("no weight below 0", |n, m, rng| glorot(n, m, rng).mapv(f64::abs)),
        ("a normal distribution of the right variance", |n, m, rng| {
            let (fan_in, both) = (n as f64, (n + m) as f64);
            Init::Normal.weights(n, m, rng) * (2.0 * fan_in / both).sqrt()
        }),
        ("every neuron with the same weights", |n, m, rng| {
            let w = glorot(n, m, rng);
            Array2::from_shape_fn((n, m), |(i, _)| w[[i, 0]])
        }),
        ("every layer with the same weights", |n, m, _| {
            let mut same = ChaCha8Rng::seed_from_u64(7);
            glorot(n, m, &mut same)
        }),
    ];
    for (what, draw) in wrong {
        checks.kills(what, || answer::test(draw));
    }
    checks.finish()
}

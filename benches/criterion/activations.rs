//! φ of a layer's neurons in place, and `δ ← δ φ′`: every activation, for 16, 1000 and 10,000 neurons; beside them a loop over the
//! system's `exp` and `tanh`.
//!
//! ```text
//! cargo bench -p benches --bench activations          all of them, in about a minute
//! cargo bench -p benches --bench activations -- tanh
//! ```

mod short;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use vanishing::{Activation, ChaCha8Rng, Init, SeedableRng};

const NEURONS: [usize; 3] = [16, 1000, 10_000];

/// Standard normal, as the z of a layer are.
fn normal(neurons: usize) -> Vec<f64> {
    let (z, _) = Init::Normal.weights(1, neurons, &mut ChaCha8Rng::seed_from_u64(1)).into_raw_vec_and_offset();
    z
}

/// `apply` overwrites its z, so each call gets a copy of them; the copy is made off the clock.
fn in_place(c: &mut Criterion, name: &str, apply: impl Fn(&mut [f64])) {
    let mut group = short::group(c, name);
    for neurons in NEURONS {
        let z = normal(neurons);
        group.throughput(Throughput::Elements(neurons as u64));
        group.bench_function(BenchmarkId::new("φ", neurons), |bencher| {
            bencher.iter_batched_ref(|| z.clone(), |z| apply(z), BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn values(c: &mut Criterion) {
    for activation in Activation::ALL {
        in_place(c, activation.name(), |z| activation.apply(z));
    }
    in_place(c, "the system's exp", |z| z.iter_mut().for_each(|z| *z = z.exp()));
    in_place(c, "the system's tanh", |z| z.iter_mut().for_each(|z| *z = z.tanh()));
    in_place(c, "a sigmoid with the system's exp", |z| z.iter_mut().for_each(|z| *z = 1.0 / (1.0 + (-*z).exp())));
}

fn slopes(c: &mut Criterion) {
    for activation in Activation::ALL {
        let mut group = short::group(c, activation.name());
        for neurons in NEURONS {
            let mut kept = normal(neurons);
            if !activation.keeps_z() {
                activation.apply(&mut kept);
            }
            let delta = vec![1.0; neurons];
            group.throughput(Throughput::Elements(neurons as u64));
            group.bench_function(BenchmarkId::new("δ φ′", neurons), |bencher| {
                let times_slope = |delta: &mut Vec<f64>| activation.times_slope(delta, &kept);
                bencher.iter_batched_ref(|| delta.clone(), times_slope, BatchSize::SmallInput);
            });
        }
        group.finish();
    }
}

criterion_group!(benches, values, slopes);
criterion_main!(benches);

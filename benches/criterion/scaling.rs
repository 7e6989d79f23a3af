//! How a step grows: with the number of layers, 30 wide, and with their width, 5 deep; ReLU and a batch of 32, as on page 11.
//!
//! ```text
//! cargo bench -p benches --bench scaling              both, in some ten seconds
//! cargo bench -p benches --bench scaling -- depth
//! ```

mod short;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use vanishing::{Activation, ChaCha8Rng, Init, Loss, Network, Optimiser, Pass, SeedableRng, Sgd};

const BATCH: usize = 32;

/// Steps of a network of `depth` layers with `width` neurons each.
fn steps(
    group: &mut criterion::BenchmarkGroup<criterion::measurement::WallTime>,
    id: usize,
    depth: usize,
    width: usize,
) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let widths = vec![width; depth + 1];
    let mut network = Network::random(&widths, Activation::Relu, Init::He, Loss::SquaredError, &mut rng)
        .expect("as many widths as layers, and one more");
    let (x, y) = (Init::Normal.weights(BATCH, width, &mut rng), Init::Normal.weights(BATCH, width, &mut rng));
    let mut pass = Pass::new(&network, BATCH);
    // So small that a thousand layers don't run away.
    let mut sgd = Sgd::new(1e-9).expect("a learning rate");
    group.bench_function(BenchmarkId::from_parameter(id), |bencher| {
        bencher.iter(|| {
            network.forward_into(x.view(), &mut pass);
            network.backward_into(y.view(), &mut pass);
            sgd.step(&mut network, &mut pass);
        });
    });
}

fn depth(c: &mut Criterion) {
    let mut group = short::group(c, "depth, 30 wide");
    for depth in [10, 30, 100, 300, 1000] {
        steps(&mut group, depth, depth, 30);
    }
    group.finish();
}

fn width(c: &mut Criterion) {
    let mut group = short::group(c, "width, 5 deep");
    for width in [8, 16, 32, 64, 128, 256, 512] {
        steps(&mut group, width, 5, width);
    }
    group.finish();
}

criterion_group!(benches, depth, width);
criterion_main!(benches);

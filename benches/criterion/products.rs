//! What one layer's step is made of, at the shapes of `peers/run.py`'s networks: `φ(x w + b)`, and the way back with and without
//! `δ wᵀ`. The difference of the last two is that product. The activation is the identity, so nothing but the products and the sum
//! over the batch is measured.
//!
//! ```text
//! cargo bench -p benches --bench products             all shapes, in about half a minute
//! cargo bench -p benches --bench products -- B64      those of a batch of 64
//! ```

mod short;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grid::Point;
use std::collections::BTreeSet;
use vanishing::{Activation, Array2, Blueprint, ChaCha8Rng, Gradient, Init, Loss, Pass, SeedableRng};

/// (batch, fan_in, fan_out) of every layer of the grid, each once.
fn shapes() -> BTreeSet<(usize, usize, usize)> {
    let points = grid::names().map(|name| Point::parse(name).expect("a point of the grid"));
    let shapes = points.flat_map(|point| {
        let layers = point.widths.windows(2).map(|widths| (point.batch, widths[0], widths[1])).collect::<Vec<_>>();
        layers.into_iter()
    });
    shapes.collect()
}

fn products(c: &mut Criterion) {
    for (batch, fan_in, fan_out) in shapes() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let blueprint = Blueprint::new(&[fan_in, fan_out], Activation::Identity, Init::Normal, Loss::SquaredError);
        let network = blueprint.build(&mut rng).expect("two widths");
        let layer = network.layers[1].dense();
        let mut pass = Pass::new(&network, batch);
        let x = Init::Normal.weights(batch, fan_in, &mut rng);
        let mut a = Array2::zeros((batch, fan_out));
        let mut delta = Init::Normal.weights(batch, fan_out, &mut rng);
        let mut dx = Array2::zeros((batch, fan_in));
        let Gradient::Dense(gradient) = &mut pass.gradient[1] else { unreachable!("the layer is dense") };

        let mut group = short::group(c, &format!("{fan_in} to {fan_out}, B{batch}"));
        let product = (batch * fan_in * fan_out) as u64;
        group.throughput(Throughput::Elements(product));
        group.bench_function("x w + b", |bencher| bencher.iter(|| layer.forward_into(x.view(), a.view_mut())));
        group.bench_function("xᵀ δ and Σ δ", |bencher| {
            bencher.iter(|| layer.backward_into(x.view(), a.view(), &mut delta, gradient, None));
        });
        group.throughput(Throughput::Elements(2 * product));
        group.bench_function("xᵀ δ, Σ δ and δ wᵀ", |bencher| {
            bencher.iter(|| layer.backward_into(x.view(), a.view(), &mut delta, gradient, Some(&mut dx)));
        });
        group.finish();
    }
}

criterion_group!(benches, products);
criterion_main!(benches);

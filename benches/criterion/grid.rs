//! One training step of each network that `peers/run.py` compares, with and without the size of each layer's gradient, on one
//! thread and on two.
//!
//! ```text
//! cargo bench -p benches --bench grid                 all of them, in about a minute
//! cargo bench -p benches --bench grid -- 784-128      those of this name
//! ```

mod short;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use grid::{Point, Training};
use peer_vanishing::Ours;
use rayon::ThreadPoolBuilder;

fn step(c: &mut Criterion) {
    for name in grid::names() {
        let point = Point::parse(name).expect("a point of the grid");
        let mut group = short::group(c, name);
        for (threads, on) in [(1, "1 thread"), (2, "2 threads")] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            for (variant, with_norms) in [("step", false), ("with gradient norms", true)] {
                group.bench_function(BenchmarkId::new(variant, on), |bencher| {
                    // As in any program: the weights are made and used by the threads of the same pool.
                    pool.install(|| {
                        let mut ours = Ours::new(&point, with_norms);
                        bencher.iter(|| ours.step());
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, step);
criterion_main!(benches);

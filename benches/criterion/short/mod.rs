//! What all benches share: they are short.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use std::time::Duration;

/// A group whose every bench takes about half a second.
pub fn group<'a>(c: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(name);
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(300)).sample_size(10);
    // Each sample the same number of times; the other mode takes ten times as long where one step fills a sample.
    group.sampling_mode(SamplingMode::Flat);
    group
}

mod answer;

use exercises::Checks;
use vanishing::{Array2, ndarray::Axis, norm};

/// A column a neuron: its mean over the examples.
fn mean(delta: &Array2<f64>) -> Vec<f64> {
    delta.sum_axis(Axis(0)).iter().map(|sum| sum / delta.nrows() as f64).collect()
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the norm of the mean", || answer::test(|delta| norm(&mean(delta))));
    checks.passes("the norm of the sum, over the number of examples", || {
        answer::test(|delta| norm(&delta.sum_axis(Axis(0))) / delta.nrows() as f64);
    });
    checks.kills("the norm of each example first, then the mean", || {
        answer::test(|delta| {
            let norms = delta.rows().into_iter().map(|row| norm(&row));
            norms.sum::<f64>() / delta.nrows() as f64
        });
    });
    checks.kills("the norm of the sum", || answer::test(|delta| norm(&delta.sum_axis(Axis(0)))));
    checks.kills("the norm of all the numbers at once", || answer::test(norm));
    checks.kills("the first example only", || answer::test(|delta| norm(&delta.row(0))));
    checks.kills("the square of the norm", || answer::test(|delta| norm(&mean(delta)).powi(2)));
    checks.kills("the sum of the sizes, not the root of the squares", || {
        answer::test(|delta| mean(delta).iter().map(|mean| mean.abs()).sum());
    });
    checks.kills("the root mean square over the neurons", || {
        answer::test(|delta| norm(&mean(delta)) / (delta.ncols() as f64).sqrt());
    });
    checks.finish()
}

mod answer;

use exercises::Checks;
use vanishing::{Activation::Sigmoid, Array1, Array2, Dense, sigmoid};

type Layer = fn(&Array2<f64>, &Array2<f64>, &Array1<f64>) -> Array2<f64>;

/// The crate's own layer.
fn dense(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
    let layer = Dense::new(w.clone(), b.clone(), Sigmoid).expect("as many biases as columns");
    let mut a = Array2::zeros((x.nrows(), w.ncols()));
    layer.forward_into(x.view(), a.view_mut());
    a
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the layer of the crate", || answer::test(dense));
    checks.passes("σ(x w + b)", || answer::test(|x, w, b| (x.dot(w) + b).mapv(sigmoid)));
    let wrong: [(&str, Layer); 7] = [
        ("w transposed: from j to i", |x, w, b| (x.dot(&w.t()) + b).mapv(sigmoid)),
        ("the bias forgotten", |x, w, _| x.dot(w).mapv(sigmoid)),
        ("the bias added behind σ", |x, w, b| x.dot(w).mapv(sigmoid) + b),
        ("one bias for all neurons", |x, w, b| (x.dot(w) + b[0]).mapv(sigmoid)),
        ("no σ", |x, w, b| x.dot(w) + b),
        ("the mean over the inputs", |x, w, b| (x.dot(w) / x.ncols() as f64 + b).mapv(sigmoid)),
        ("the first example for all of the batch", |x, w, b| {
            let a = (x.dot(w) + b).mapv(sigmoid);
            a.row(0).broadcast(a.dim()).expect("a row for each example").to_owned()
        }),
    ];
    for (what, layer) in wrong {
        checks.kills(what, || answer::test(layer));
    }
    checks.finish()
}

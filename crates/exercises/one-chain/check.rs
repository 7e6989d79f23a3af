mod answer;

use exercises::Checks;
use vanishing::{Activation::Identity, Dense, Init};
use vanishing::{Array1, Array2, ChaCha8Rng, SeedableRng, array};

/// What the crate's layer gives, and whether the answer has the same bits.
fn like_the_crate(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Result<(), String> {
    let layer = Dense::new(w.clone(), b.clone(), Identity).map_err(|error| error.to_string())?;
    let (found, expected) = (answer::product(x, w, b), layer.forward(x));
    if found.dim() != expected.dim() {
        return Err(format!("the shape is {:?}, expected {:?}", found.dim(), expected.dim()));
    }
    let pairs = found.iter().zip(&expected);
    let differ = |(found, expected): &(&f64, &f64)| found.to_bits() != expected.to_bits();
    match pairs.filter(differ).count() {
        0 => Ok(()),
        other => Err(format!("{other} of {} entries have other bits", found.len())),
    }
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    let mut random = |batch: usize, n: usize, m: usize| {
        let b = Init::Normal.weights(1, m, rng).row(0).to_owned();
        (Init::Normal.weights(batch, n, rng), Init::Normal.weights(n, m, rng), b)
    };
    checks.holds("a sum as on paper: small whole numbers", || {
        let w = array![[1.0, 0.0, 2.0], [3.0, -1.0, 1.0]];
        like_the_crate(&array![[1.0, 2.0], [-1.0, 4.0]], &w, &array![0.5, 1.0, -2.0])
    });
    let (two, three) = (array![[1.0], [1.0]], array![[1.0], [1.0], [1.0]]);
    let chains = [
        ("it starts at the bias: 1 + 1e17 - 1e17", array![[1e17, -1e17]], two, 1.0),
        ("from the first k to the last", array![[1e17, -1e17, 1.0]], three, 0.0),
        ("one rounding in a link", array![[0.1]], array![[0.1]], -(0.1 * 0.1)),
    ];
    for (what, x, w, b) in chains {
        checks.holds(what, || like_the_crate(&x, &w, &array![b]));
    }
    for (batch, n, m) in [(1, 200, 7), (13, 50, 40), (64, 3, 5)] {
        let (x, w, b) = random(batch, n, m);
        let what = format!("a batch of {batch}, {n} inputs, {m} neurons");
        checks.holds(&what, || like_the_crate(&x, &w, &b));
    }
    checks.finish()
}

use vanishing::{Array1, Array2};

/// x w + b, each entry one chain of fused multiply-adds, to the bit.
pub fn product(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
    todo!("{:?} times {:?}, plus {}", x.dim(), w.dim(), b.len())
}

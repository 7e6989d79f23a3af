use vanishing::{Array1, Array2};

/// x w + b, each entry one chain of fused multiply-adds, to the bit.
pub fn product(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
    Array2::from_shape_fn((x.nrows(), w.ncols()), |(i, j)| {
        let mut sum = b[j];
        for k in 0..w.nrows() {
            sum = x[[i, k]].mul_add(w[[k, j]], sum);
        }
        sum
    })
}

use vanishing::{Array1, Array2, array, sigmoid};

/// From a batch x, with w and b, to the outputs a.
pub type Layer = fn(&Array2<f64>, &Array2<f64>, &Array1<f64>) -> Array2<f64>;

/// Panics if `layer` is not σ(x w + b).
pub fn test(layer: Layer) {
    let x = array![[0.7, -0.4], [-1.1, 0.2]];
    let w = array![[0.5, -0.3], [0.9, 0.8]];
    let b = array![0.3, -0.2];
    let a = layer(&x, &w, &b);
    for example in 0..2 {
        for j in 0..2 {
            let from = |i: usize| x[[example, i]] * w[[i, j]];
            let expected = sigmoid(from(0) + from(1) + b[j]);
            let found = a[[example, j]];
            assert!((found - expected).abs() < 1e-9, "neuron {j}: {found}");
        }
    }
}

use vanishing::{Array1, Array2, array, sigmoid};

/// From a batch x, with w and b, to the outputs a.
pub type Layer = fn(&Array2<f64>, &Array2<f64>, &Array1<f64>) -> Array2<f64>;

/// Panics if `layer` is not σ(x w + b).
pub fn test(layer: Layer) {
    let x = array![[1.0, 1.0]];
    let w = array![[0.5, 0.5], [0.5, 0.5]];
    let b = array![0.0, 0.0];
    let a = layer(&x, &w, &b);
    assert!((a[[0, 0]] - sigmoid(1.0)).abs() < 1e-9);
}

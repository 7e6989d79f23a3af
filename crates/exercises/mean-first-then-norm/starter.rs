use vanishing::{Array2, array};

/// Panics if `speed` is not Nielsen's. It takes the δ of a layer, a row for each
/// example, as if the loss were that of this example alone.
pub fn test(speed: fn(&Array2<f64>) -> f64) {
    let delta = array![[1.0, 0.0]];
    assert!((speed(&delta) - 1.0).abs() < 1e-9);
}

use vanishing::{Array2, array};

/// Panics if `speed` is not Nielsen's. It takes the δ of a layer, a row for each
/// example, as if the loss were that of this example alone.
pub fn test(speed: fn(&Array2<f64>) -> f64) {
    let is = |delta: Array2<f64>, expected: f64| {
        let found = speed(&delta);
        assert!((found - expected).abs() < 1e-9, "{delta}: found {found}");
    };
    // One example: the length of its row.
    is(array![[3.0, -4.0]], 5.0);
    // Two that agree by one neuron and cancel by the other.
    is(array![[3.0, 4.0], [3.0, -4.0]], 3.0);
    // Two that cancel altogether.
    is(array![[3.0, 4.0], [-3.0, -4.0]], 0.0);
    // More neurons, not more speed.
    is(array![[0.3, 0.4, 0.0, 0.0], [0.3, 0.4, 0.0, 0.0]], 0.5);
}

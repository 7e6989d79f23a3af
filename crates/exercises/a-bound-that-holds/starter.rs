use vanishing::{Array2, array};

/// Panics if `bound(u, gamma, steps)` is not the bound of the page.
pub fn test(bound: fn(&Array2<f64>, f64, i32) -> f64) {
    let u = array![[0.9, 0.0], [0.0, 0.5]];
    let expected = 0.9;
    assert!((bound(&u, 1.0, 1) - expected).abs() < 1e-9);
}

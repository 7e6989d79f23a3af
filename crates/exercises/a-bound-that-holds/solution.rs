use vanishing::{Array2, array};

/// Panics if `bound(u, gamma, steps)` is not the bound of the page.
pub fn test(bound: fn(&Array2<f64>, f64, i32) -> f64) {
    let page = array![[1.5, 1.5], [-1.0, -1.0]];
    let stretched = array![[0.0, 3.0], [0.5, 0.0]];
    for (u, largest) in [(page, 6.5_f64.sqrt()), (stretched, 3.0)] {
        for (gamma, steps) in [(1.0, 1), (0.25, 1), (0.25, 5)] {
            let expected = (gamma * largest).powi(steps);
            let share = bound(&u, gamma, steps) / expected;
            assert!((share - 1.0).abs() < 1e-9, "{share} of {expected}");
        }
    }
}

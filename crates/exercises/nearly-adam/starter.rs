/// Panics if `steps` is not Adam. It is given gradients of one weight, one
/// after the other, and gives the weight's steps over α.
pub fn test(steps: fn(&[f64]) -> Vec<f64>) {
    let found = steps(&[1.0]);
    assert!((found[0] + 1.0).abs() < 0.1, "{found:?}");
}

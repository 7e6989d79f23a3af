/// Panics if `step` does not take α times the gradient from each weight.
pub fn test(step: fn(&mut [f64], &[f64], f64)) {
    let before = [0.25, -0.6, 0.5];
    let gradient = [1.25, -3.0, 0.4];
    let alpha = 0.01;
    let mut w = before;
    step(&mut w, &gradient, alpha);
    for k in 0..3 {
        let expected = before[k] - alpha * gradient[k];
        assert!((w[k] - expected).abs() < 1e-12, "weight {k}: {}", w[k]);
    }
}

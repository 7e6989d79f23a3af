/// Panics if `steps` is not Adam. It is given gradients of one weight, one
/// after the other, and gives the weight's steps over α.
pub fn test(steps: fn(&[f64]) -> Vec<f64>) {
    let lists: [(&[f64], &[f64]); 3] = [
        (&[3.0], &[-1.0]),
        (&[1e-8], &[-0.5]),
        // m = 0.9 × 0.1 − 0.1 and m̂ = m/0.19, while v̂ is 1.
        (&[1.0, -1.0], &[-1.0, 0.01 / 0.19]),
    ];
    for (gradients, expected) in lists {
        let found = steps(gradients);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
        }
    }
}

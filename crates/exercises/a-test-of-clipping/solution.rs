fn same(gradient: &[Vec<f64>], expected: &[f64]) -> bool {
    let mut pairs = gradient.iter().flatten().zip(expected);
    pairs.all(|(g, expected)| (g - expected).abs() < 1e-12)
}

/// Panics if `clip` doesn't clip a gradient, a list a layer, to a norm.
pub fn test(clip: fn(&mut [Vec<f64>], f64)) {
    let gradient = [vec![3.0, 0.0], vec![0.0, -4.0]];
    for (threshold, scale) in [(1.0, 0.2), (2.5, 0.5), (5.5, 1.0), (100.0, 1.0)] {
        let mut clipped = gradient.clone();
        clip(&mut clipped, threshold);
        let expected = [3.0, 0.0, 0.0, -4.0].map(|g| g * scale);
        assert!(same(&clipped, &expected), "at {threshold}: {clipped:?}");
    }
}

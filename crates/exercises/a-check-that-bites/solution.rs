use vanishing::central_difference;

/// Panics if `slope` is not the derivative of `f`.
pub fn test(f: fn(f64) -> f64, slope: fn(f64) -> f64) {
    for z in [-4.0, -0.9, 0.0, 1.3, 5.0] {
        let expected = central_difference(f, z, 1e-5);
        assert!((slope(z) - expected).abs() < 1e-7, "at z = {z}");
    }
}

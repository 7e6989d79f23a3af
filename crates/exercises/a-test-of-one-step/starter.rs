/// Panics if `step` does not take α times the gradient from each weight.
pub fn test(step: fn(&mut [f64], &[f64], f64)) {
    let mut w = [1.0];
    step(&mut w, &[1.0], 1.0);
    assert_eq!(w, [0.0]);
}

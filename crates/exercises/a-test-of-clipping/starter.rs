/// Panics if `clip` doesn't clip a gradient, a list a layer, to a norm.
pub fn test(clip: fn(&mut [Vec<f64>], f64)) {
    let mut gradient = [vec![30.0, 40.0]];
    clip(&mut gradient, 1.0);
    let square: f64 = gradient.iter().flatten().map(|g| g * g).sum();
    assert!(square.sqrt() <= 1.0 + 1e-9, "the norm is {}", square.sqrt());
}

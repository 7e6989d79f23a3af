/// Panics if a diagnosis is wrong. It is given the norms of δ, layer 1 first.
pub fn test(diagnose: fn(&[f64]) -> &'static str) {
    assert_eq!(diagnose(&[1e-9, 1e-9, 1e-5, 0.1, 1.0]), "vanishes");
}

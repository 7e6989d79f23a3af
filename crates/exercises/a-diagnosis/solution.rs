/// Panics if a diagnosis is wrong. It is given the norms of δ, layer 1 first.
pub fn test(diagnose: fn(&[f64]) -> &'static str) {
    let fine: [&[f64]; 4] = [
        &[1e-9, 1.0, 1.0, 1.0, 1.0],
        &[1e-9, 1e-9, 1e-9, 1e-9, 1e-9],
        &[1e9, 1e9, 1e9, 1e9, 1e9],
        &[1.0, 1.0, 1.0, 1e-9, 1.0],
    ];
    for delta in fine {
        assert_eq!(diagnose(delta), "fine", "{delta:?}");
    }
    for small in [1e-4, 0.0] {
        let delta = [1.0, small, 0.01, 0.1, 1.0];
        assert_eq!(diagnose(&delta), "vanishes", "{delta:?}");
    }
    assert_eq!(diagnose(&[0.0; 5]), "vanishes");
    assert_eq!(diagnose(&[f64::INFINITY; 5]), "explodes");
    for large in [1e4, f64::INFINITY, f64::NAN] {
        let delta = [1.0, large, 100.0, 10.0, 1.0];
        assert_eq!(diagnose(&delta), "explodes", "{delta:?}");
    }
}

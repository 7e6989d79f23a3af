use vanishing::{Array2, ChaCha8Rng, SeedableRng};

/// How weights are drawn: fan in, fan out, and where chance comes from.
type Draw = fn(usize, usize, &mut ChaCha8Rng) -> Array2<f64>;

/// Panics if `draw` doesn't draw by Glorot's rule.
pub fn test(draw: Draw) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let w = draw(300, 100, &mut rng);
    assert_eq!(w.dim(), (300, 100));
    let bound = (6.0_f64 / 400.0).sqrt();
    assert!(w.iter().all(|w| w.abs() <= bound), "a weight is too large");
    let mean = w.mean().unwrap();
    assert!(mean.abs() < 0.003, "the mean is {mean}");
    let ratio = (&w * &w).mean().unwrap() * 400.0 / 2.0;
    assert!((ratio - 1.0).abs() < 0.05, "{ratio} of the variance");
    assert_ne!(w.column(0), w.column(1));
    assert_ne!(w, draw(300, 100, &mut rng));
}

use vanishing::{Array2, ChaCha8Rng, SeedableRng};

/// How weights are drawn: fan in, fan out, and where chance comes from.
type Draw = fn(usize, usize, &mut ChaCha8Rng) -> Array2<f64>;

/// Panics if `draw` doesn't draw by Glorot's rule.
pub fn test(draw: Draw) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let w = draw(20, 20, &mut rng);
    let bound = (6.0_f64 / 40.0).sqrt();
    assert!(w.iter().all(|w| w.abs() <= bound), "a weight is too large");
}

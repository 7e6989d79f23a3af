/// Panics if `step` is wrong. It is given a weight of the master copy, its gradient
/// as the way back stored it, the scale that is in this gradient, and the learning
/// rate. It gives the new weight of the master copy.
pub fn test(step: fn(f64, f64, f64, f64) -> f64) {
    assert_eq!(step(1.0, 8.0, 4.0, 0.5), 0.0);
}

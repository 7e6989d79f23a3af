/// Panics if `step` is wrong. It is given a weight of the master copy, its gradient
/// as the way back stored it, the scale that is in this gradient, and the learning
/// rate. It gives the new weight of the master copy.
pub fn test(step: fn(f64, f64, f64, f64) -> f64) {
    let moves = |w: f64, gradient: f64, scale: f64, rate: f64, by: f64| {
        let moved = w - step(w, gradient, scale, rate);
        // One more bit may be lost in f32, and none of the step's own.
        let tolerance = 0.001 * by.abs() + w.abs() * 2_f64.powi(-23);
        assert!((moved - by).abs() <= tolerance, "moved by {moved}, not {by}");
    };
    moves(1.0, 8.0, 4.0, 0.5, 1.0);
    moves(1.0, -8.0, 4.0, 0.5, -1.0);
    // Far too small for a weight in f16.
    moves(1.0, 0.125, 1.0, 0.0001, 0.0000125);
    // Divided by its scale in f16 it would be 0; the rate makes it large again.
    moves(0.0, 0.0009765625, 65536.0, 4096.0, 2_f64.powi(-14));
    for lost in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(step(0.75, lost, 1024.0, 0.1), 0.75, "a step from {lost}");
    }
}

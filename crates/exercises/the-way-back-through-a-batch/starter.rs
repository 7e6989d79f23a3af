/// The way back: x, γ, ε and ∂L/∂a, to ∂L/∂x.
type Backward = fn(&[f64], f64, f64, &[f64]) -> Vec<f64>;

/// Panics if `backward` is not the way back through a batch norm.
pub fn test(backward: Backward) {
    let x = [0.5, -1.0, 2.0, 0.3];
    let dx = backward(&x, 1.0, 0.0, &[1.0; 4]);
    assert!(dx.iter().all(|dx| dx.abs() < 1e-9), "a shift has a gradient: {dx:?}");
}

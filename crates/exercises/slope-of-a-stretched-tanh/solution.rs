/// The slope of `tall * tanh(steep * z)` by z, where it gives `a`.
pub fn slope(a: f64, tall: f64, steep: f64) -> f64 {
    tall * steep * (1.0 - (a / tall).powi(2))
}

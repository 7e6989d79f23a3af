/// ∂L/∂x, from ∂L/∂a. Forward it was a = gain x / √(mean of x² + epsilon).
pub fn backward(x: &[f64], gain: f64, epsilon: f64, da: &[f64]) -> Vec<f64> {
    todo!("from {da:?} back to {x:?}, with γ = {gain}, ε = {epsilon}")
}

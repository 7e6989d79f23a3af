/// ∂L/∂x, from ∂L/∂a. Forward it was a = gain x / √(mean of x² + epsilon).
pub fn backward(x: &[f64], gain: f64, epsilon: f64, da: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let mean_square = x.iter().map(|x| x * x).sum::<f64>() / n;
    let scale = 1.0 / (mean_square + epsilon).sqrt();
    let x_hat: Vec<f64> = x.iter().map(|x| x * scale).collect();
    let g: Vec<f64> = da.iter().map(|da| gain * da).collect();
    let stretch = g.iter().zip(&x_hat).map(|(g, x)| g * x).sum::<f64>() / n;
    let dx = g.iter().zip(&x_hat).map(|(g, x)| scale * (g - x * stretch));
    dx.collect()
}

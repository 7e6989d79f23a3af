use vanishing::exp;

/// The derivatives of one example's loss by its outputs ŷ. The image shows `digit`.
pub fn gradient(y_hat: &[f64], digit: usize) -> Vec<f64> {
    let top = y_hat.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = y_hat.iter().map(|y| exp(y - top)).collect();
    let sum: f64 = powers.iter().sum();
    let mut gradient: Vec<f64> = powers.iter().map(|power| power / sum).collect();
    gradient[digit] -= 1.0;
    gradient
}

/// What is left of ‖δ‖ in a typical ReLU network of these widths, by the law.
pub fn typical(widths: &[usize]) -> f64 {
    let beta: f64 = widths.iter().map(|&n| 1.0 / n as f64).sum();
    vanishing::exp(-1.25 * beta)
}

/// So many neurons in so many layers, none of them empty, such that `typical`
/// is as large as can be.
pub fn arrange(neurons: usize, layers: usize) -> Vec<usize> {
    let (each, left) = (neurons / layers, neurons % layers);
    (0..layers).map(|l| each + usize::from(l < left)).collect()
}

/// What is left of ‖δ‖ in a typical ReLU network of these widths, by the law.
pub fn typical(widths: &[usize]) -> f64 {
    todo!("from {} widths", widths.len())
}

/// So many neurons in so many layers, none of them empty, such that `typical`
/// is as large as can be.
pub fn arrange(neurons: usize, layers: usize) -> Vec<usize> {
    todo!("{neurons} neurons in {layers} layers")
}

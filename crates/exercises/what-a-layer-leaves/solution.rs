use vanishing::Pass;

/// What a layer leaves of the mean square of δ on the way back, from the last
/// layer to the first: the geometric mean over the layers that it goes through.
pub fn left_by_a_layer(pass: &Pass) -> f64 {
    let mean_square = |l: usize| {
        let delta = &pass.delta[l];
        delta.iter().map(|delta| delta * delta).sum::<f64>() / delta.len() as f64
    };
    let last = pass.delta.depth();
    (mean_square(1) / mean_square(last)).powf(1.0 / (last - 1) as f64)
}

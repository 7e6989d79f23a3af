use vanishing::Pass;

/// What a layer leaves of the mean square of δ on the way back, from the last
/// layer to the first: the geometric mean over the layers that it goes through.
pub fn left_by_a_layer(pass: &Pass) -> f64 {
    todo!("from the δ of {} layers", pass.delta.depth())
}

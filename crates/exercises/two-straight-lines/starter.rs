/// The variance of the weights of a layer with `fan_in` inputs, if the activation
/// has the slope `left` below 0 and the slope `right` above.
pub fn weight_variance(fan_in: usize, left: f64, right: f64) -> f64 {
    todo!("the variance for {fan_in} inputs and the slopes {left} and {right}")
}

/// The number with p significant bits that is nearest to x.
pub fn round(x: f64, p: i32) -> f64 {
    todo!("round {x} to {p} bits")
}

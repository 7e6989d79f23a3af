/// The slope of softplus, from its output a = ln(1 + e^z).
pub fn softplus_slope(a: f64) -> f64 {
    todo!("where the output is {a}")
}

/// The slope of softsign, from its output a = z / (1 + |z|).
pub fn softsign_slope(a: f64) -> f64 {
    todo!("where the output is {a}")
}

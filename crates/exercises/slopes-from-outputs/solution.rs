use vanishing::exp_m1;

/// The slope of softplus, from its output a = ln(1 + e^z).
pub fn softplus_slope(a: f64) -> f64 {
    -exp_m1(-a)
}

/// The slope of softsign, from its output a = z / (1 + |z|).
pub fn softsign_slope(a: f64) -> f64 {
    (1.0 - a.abs()).powi(2)
}

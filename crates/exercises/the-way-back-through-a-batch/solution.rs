use vanishing::central_difference;

/// The way back: x, γ, ε and ∂L/∂a, to ∂L/∂x.
type Backward = fn(&[f64], f64, f64, &[f64]) -> Vec<f64>;

/// Panics if `backward` is not the way back through a batch norm.
pub fn test(backward: Backward) {
    let (x, gain, epsilon) = ([0.5, -1.0, 2.0, 0.3, 3.1], -1.7, 0.4);
    let da = [0.9, 0.2, -0.6, 1.3, 0.5];
    let loss = |x: [f64; 5]| {
        let mean = x.iter().sum::<f64>() / 5.0;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 5.0;
        let a = x.map(|x| gain * (x - mean) / (variance + epsilon).sqrt());
        a.iter().zip(da).map(|(a, da)| a * da).sum()
    };
    let dx = backward(&x, gain, epsilon, &da);
    for k in 0..5 {
        let moved = |x_k: f64| {
            let mut x = x;
            x[k] = x_k;
            loss(x)
        };
        let expected = central_difference(moved, x[k], 1e-5);
        assert!((dx[k] - expected).abs() < 1e-7, "by x[{k}]");
    }
}

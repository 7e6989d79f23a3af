use vanishing::{Activation::Sigmoid, Chain};

/// Panics if `gradient` is wrong about a chain of sigmoids.
pub fn test(gradient: fn(&Chain, f64, f64) -> Vec<f64>) {
    let chain = Chain::uniform(1, 1.0, 0.0, Sigmoid);
    let (x, dloss_da) = (0.5, 1.0);
    let a = chain.forward(x);
    let expected = dloss_da * a[1] * (1.0 - a[1]) * x;
    let found = gradient(&chain, x, dloss_da);
    assert!((found[0] - expected).abs() < 1e-9);
}

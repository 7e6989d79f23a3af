use vanishing::{Activation::Sigmoid, Chain, central_difference};

/// Panics if `gradient` is wrong about a chain of sigmoids.
pub fn test(gradient: fn(&Chain, f64, f64) -> Vec<f64>) {
    let mut chain = Chain::uniform(3, 0.0, 0.0, Sigmoid);
    for (l, w, b) in [(1, 1.5, 0.2), (2, -2.0, 0.7), (3, 0.8, -0.4)] {
        (chain.w[l], chain.b[l]) = (w, b);
    }
    let (x, dloss_da) = (0.6, 25.0);
    let found = gradient(&chain, x, dloss_da);
    for l in 1..=3 {
        let loss = |w: f64| {
            let mut moved = chain.clone();
            moved.w[l] = w;
            dloss_da * moved.forward(x)[3]
        };
        let expected = central_difference(loss, chain.w[l], 1e-5);
        let found = found[l - 1];
        assert!((found - expected).abs() < 1e-7, "layer {l}: {found}");
    }
}

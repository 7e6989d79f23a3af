use vanishing::{Activation::Sigmoid, Array2, Dense, DenseGradient, array};

type Backward = fn(&Dense, &Array2<f64>, &Array2<f64>, &Array2<f64>) -> Gradients;
type Gradients = (DenseGradient, Array2<f64>);

/// Panics if `backward` is wrong. It takes a layer, x, a and ∂L/∂a, and gives
/// ∂L/∂w and ∂L/∂b in one, and ∂L/∂x.
pub fn test(backward: Backward) {
    let layer = Dense::new(array![[0.5]], array![0.1], Sigmoid).unwrap();
    let (x, da) = (array![[1.0]], array![[1.0]]);
    let a = layer.forward(&x);
    let (gradient, dx) = backward(&layer, &x, &a, &da);
    let delta = a[[0, 0]] * (1.0 - a[[0, 0]]);
    assert!((gradient.db[0] - delta).abs() < 1e-9, "by b");
    assert!((gradient.dw[[0, 0]] - delta).abs() < 1e-9, "by w");
    assert!(dx[[0, 0]] > 0.0, "by x");
}

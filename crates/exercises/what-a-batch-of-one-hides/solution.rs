use vanishing::{Activation::Sigmoid, Array2, Dense, DenseGradient};
use vanishing::{array, central_difference};

type Backward = fn(&Dense, &Array2<f64>, &Array2<f64>, &Array2<f64>) -> Gradients;
type Gradients = (DenseGradient, Array2<f64>);

/// Panics if `backward` is wrong. It takes a layer, x, a and ∂L/∂a, and gives
/// ∂L/∂w and ∂L/∂b in one, and ∂L/∂x.
pub fn test(backward: Backward) {
    let w = array![[0.5, -1.0], [2.0, 0.3]];
    let layer = Dense::new(w, array![0.1, -0.4], Sigmoid).unwrap();
    let x = array![[1.0, -0.5], [0.2, 2.0], [0.7, 0.0]];
    let da = array![[1.0, -2.0], [0.5, 3.0], [-1.0, 0.4]];
    let (gradient, dx) = backward(&layer, &x, &layer.forward(&x), &da);
    // A loss whose derivative by a is da.
    let loss = |layer: &Dense, x: &Array2<f64>| (layer.forward(x) * &da).sum();
    let close = |found: f64, moved: &dyn Fn(&mut Dense, &mut Array2<f64>, f64)| {
        let by = |h: f64| {
            let (mut layer, mut x) = (layer.clone(), x.clone());
            moved(&mut layer, &mut x, h);
            loss(&layer, &x)
        };
        assert!((found - central_difference(by, 0.0, 1e-5)).abs() < 1e-8);
    };
    for ((i, j), &dw) in gradient.dw.indexed_iter() {
        close(dw, &|layer, _, h| layer.w[[i, j]] += h);
    }
    for (j, &db) in gradient.db.indexed_iter() {
        close(db, &|layer, _, h| layer.b[j] += h);
    }
    for ((s, i), &dx) in dx.indexed_iter() {
        close(dx, &|_, x, h| x[[s, i]] += h);
    }
}

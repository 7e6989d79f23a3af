//! Every gradient of random networks against central differences in 42 digits.
//!
//! In f64 a central difference of a deep sigmoid network is mostly rounding: the loss is near 1, the gradient near 1e-7,
//! so at best four digits of the quotient are true. Here the loss is computed a second time, by another program with
//! nothing but loops over scalars, in 42 decimal digits; with h = 1e-14 its central difference is good to 28 of them.

use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig};
use proptest::prelude::*;
use vanishing::{Activation, Array2, ChaCha8Rng, Init, Loss, Network, SeedableRng};

type Real = FBig<HalfEven>;

/// 42 decimal digits.
const BITS: usize = 140;

fn real(value: f64) -> Real {
    Real::try_from(value).expect("a finite number").with_precision(BITS).value()
}

fn exp(x: &Real) -> Real {
    Context::<HalfEven>::new(BITS).exp(x.repr(), None).expect("a finite exponential").value()
}

fn activate(activation: Activation, z: Real) -> Real {
    let one = real(1.0);
    match activation {
        Activation::Identity => z,
        Activation::Sigmoid => &one / (&one + exp(&-z)),
        Activation::Tanh => real(2.0) / (&one + exp(&(real(-2.0) * z))) - one,
        Activation::Relu => z.max(real(0.0)),
    }
}

/// The loss of one batch, with the weight or bias `moved` (layer, row or bias, column) changed by `h`.
fn loss(network: &Network, x: &Array2<f64>, y: &Array2<f64>, moved: (usize, Option<usize>, usize), h: &Real) -> Real {
    let mut total = real(0.0);
    for (x, y) in x.rows().into_iter().zip(y.rows()) {
        let mut a: Vec<Real> = x.iter().map(|&x| real(x)).collect();
        for (l, layer) in (1..).zip(&network.layers) {
            let neuron = |j: usize| {
                let mut z = real(layer.b[j]);
                if moved == (l, None, j) {
                    z += h;
                }
                for (i, a) in a.iter().enumerate() {
                    let mut w = real(layer.w[[i, j]]);
                    if moved == (l, Some(i), j) {
                        w += h;
                    }
                    z += w * a;
                }
                activate(layer.activation, z)
            };
            a = (0..layer.fan_out()).map(neuron).collect();
        }
        total += match network.loss {
            Loss::SquaredError => a.iter().zip(y).fold(real(0.0), |sum, (a, &y)| {
                let error = a - real(y);
                sum + &error * &error / real(2.0)
            }),
            Loss::SoftmaxCrossEntropy => {
                let sum = a.iter().fold(real(0.0), |sum, logit| sum + exp(logit));
                let right = a.iter().zip(y).fold(real(0.0), |sum, (logit, &y)| sum + logit * real(y));
                Context::<HalfEven>::new(BITS).ln(sum.repr(), None).expect("a positive sum").value() - right
            }
        };
    }
    total / real(x.nrows() as f64)
}

/// Compares every parameter; gives how many there were.
fn check(network: &Network, x: &Array2<f64>, y: &Array2<f64>) -> usize {
    let pass = network.gradient(x, y);
    let h = real(1e-14);
    let mut compared = 0;
    let mut compare = |moved, backward: f64| {
        let rise = loss(network, x, y, moved, &h) - loss(network, x, y, moved, &-&h);
        let measured = (rise / (real(2.0) * &h)).to_f64().value();
        // Relative to the parameter's own gradient. Only where the contributions of a batch cancel to less than a
        // hundred-millionth of the layer's largest gradient does f64 itself lose the digits that are asked for here.
        let largest =
            pass.gradient[moved.0].dw.iter().chain(&pass.gradient[moved.0].db).fold(0.0_f64, |m, g| m.max(g.abs()));
        let scale = measured.abs().max(1e-8 * largest);
        // 42 digits of a loss near 1, divided by h = 1e-14, leave 1e-28, as does h² f‴; a softmax of one class has exactly 0.
        assert!(
            (backward - measured).abs() <= 1e-7 * scale + 1e-26,
            "{moved:?}: backward says {backward:e}, the central difference {measured:e}"
        );
        compared += 1;
    };
    for l in 1..=network.depth() {
        for ((i, j), &dw) in pass.gradient[l].dw.indexed_iter() {
            compare((l, Some(i), j), dw);
        }
        for (j, &db) in pass.gradient[l].db.indexed_iter() {
            compare((l, None, j), db);
        }
    }
    compared
}

/// A network with biases too, inputs and targets.
fn example(
    widths: &[usize],
    batch: usize,
    activation: Activation,
    loss: Loss,
    seed: u64,
) -> (Network, Array2<f64>, Array2<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut network = Network::random(widths, activation, Init::He, loss, &mut rng).expect("the widths are not empty");
    for layer in network.layers.iter_mut() {
        let b = Init::Normal.weights(1, layer.fan_out(), &mut rng);
        layer.b.assign(&b.row(0));
    }
    let outputs = widths[widths.len() - 1];
    let x = Init::Normal
        .weights(1, batch * widths[0], &mut rng)
        .into_shape_with_order((batch, widths[0]))
        .expect("as many");
    let y = Array2::from_shape_fn((batch, outputs), |(row, column)| f64::from(u8::from(row % outputs == column)));
    (network, x, y)
}

#[test]
fn one_to_ten_layers_of_each_activation() {
    for activation in Activation::ALL {
        for depth in 1..=10 {
            let mut widths = vec![3; depth + 1];
            widths[depth] = 2;
            for loss in [Loss::SquaredError, Loss::SoftmaxCrossEntropy] {
                let (network, x, y) = example(&widths, 2, activation, loss, depth as u64);
                assert_eq!(check(&network, &x, &y), 12 * (depth - 1) + 8);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_widths_and_any_batch(
        widths in prop::collection::vec(1_usize..5, 2..8),
        batch in 1_usize..4,
        activation in prop::sample::select(Activation::ALL.to_vec()),
        loss in prop::sample::select(vec![Loss::SquaredError, Loss::SoftmaxCrossEntropy]),
        seed in any::<u64>(),
    ) {
        let (network, x, y) = example(&widths, batch, activation, loss, seed);
        check(&network, &x, &y);
    }
}

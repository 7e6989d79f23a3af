//! Every gradient of random networks against central differences in 42 digits.
//!
//! In f64 a central difference of a deep sigmoid network is mostly rounding: the loss is near 1, the gradient near 1e-7,
//! so at best four digits of the quotient are true. Here the loss is computed a second time, by another program with
//! nothing but loops over scalars, in 42 decimal digits; with h = 1e-14 its central difference is good to 28 of them.

mod real;

use dashu_float::Context;
use dashu_float::round::mode::HalfEven;
use proptest::prelude::*;
use rayon::prelude::*;
use real::{BITS, Real, activate, exp, real, sigmoid, sqrt};
use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Gradient, Init, Layer, Layers, Loss, Network, Norm, Over, Pass,
    Residual, SeedableRng,
};

fn ln(x: &Real) -> Real {
    Context::<HalfEven>::new(BITS).ln(x.repr(), None).expect("a positive number").value()
}

/// Hands out the parameters in the order in which they are met, one of them changed by h.
struct Parameters<'a> {
    met: usize,
    moved: usize,
    h: &'a Real,
}

impl Parameters<'_> {
    fn next(&mut self, value: f64) -> Real {
        self.met += 1;
        if self.met == self.moved + 1 { real(value) + self.h } else { real(value) }
    }
}

type Rows = Vec<Vec<Real>>;

/// A batch through a row of layers, with loops over scalars.
fn through(layers: &Layers<Layer>, mut a: Rows, parameters: &mut Parameters) -> Rows {
    for layer in layers {
        a = match layer {
            Layer::Dense(dense) => {
                let w: Vec<Vec<Real>> =
                    dense.w.rows().into_iter().map(|row| row.iter().map(|&w| parameters.next(w)).collect()).collect();
                let b: Vec<Real> = dense.b.iter().map(|&b| parameters.next(b)).collect();
                let neuron = |x: &[Real], j: usize| {
                    let z = x.iter().zip(&w).fold(b[j].clone(), |z, (x, w)| z + x * &w[j]);
                    activate(dense.activation, z)
                };
                a.iter().map(|x| (0..b.len()).map(|j| neuron(x, j)).collect()).collect()
            }
            Layer::Activate(activation) => {
                a.into_iter().map(|x| x.into_iter().map(|z| activate(*activation, z)).collect()).collect()
            }
            Layer::Norm(norm) => {
                let gain: Vec<Real> = norm.gain.iter().map(|&gain| parameters.next(gain)).collect();
                let shift: Vec<Real> = norm.shift.iter().map(|&shift| parameters.next(shift)).collect();
                let normal = match norm.over {
                    Over::Layer => a.iter().map(|row| normalised(row, norm.epsilon)).collect(),
                    Over::Batch => transposed(
                        transposed(a).iter().map(|column| normalised(column, norm.epsilon)).collect::<Rows>(),
                    ),
                };
                let scale = |row: Vec<Real>| {
                    row.iter().zip(&gain).zip(&shift).map(|((x, gain), shift)| x * gain + shift).collect()
                };
                normal.into_iter().map(scale).collect()
            }
            Layer::Residual(residual) => {
                let scale = if residual.learn_scale { parameters.next(residual.scale) } else { real(residual.scale) };
                let branch = through(&residual.branch, a.clone(), parameters);
                let add = |(x, branch): (Vec<Real>, Vec<Real>)| {
                    x.iter().zip(&branch).map(|(x, branch)| x + &scale * branch).collect()
                };
                a.into_iter().zip(branch).map(add).collect()
            }
        };
    }
    a
}

fn transposed(rows: Rows) -> Rows {
    (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j].clone()).collect()).collect()
}

fn normalised(values: &[Real], epsilon: f64) -> Vec<Real> {
    let count = real(values.len() as f64);
    let mean = values.iter().fold(real(0.0), |sum, x| sum + x) / &count;
    let variance = values.iter().fold(real(0.0), |sum, x| sum + (x - &mean) * (x - &mean)) / &count;
    let deviation = sqrt(&(variance + real(epsilon)));
    values.iter().map(|x| (x - &mean) / &deviation).collect()
}

/// The loss of one batch, with the parameter number `moved` changed by `h`.
fn loss(network: &Network, x: &Array2<f64>, y: &Array2<f64>, moved: usize, h: &Real) -> Real {
    let rows: Rows = x.rows().into_iter().map(|x| x.iter().map(|&x| real(x)).collect()).collect();
    let outputs = through(&network.layers, rows, &mut Parameters { met: 0, moved, h });
    let mut total = real(0.0);
    for (a, y) in outputs.iter().zip(y.rows()) {
        let pairs = || a.iter().zip(y).map(|(a, &y)| (a, real(y)));
        total += match network.loss {
            Loss::SquaredError => pairs().fold(real(0.0), |sum, (a, y)| {
                let error = a - y;
                sum + &error * &error / real(2.0)
            }),
            Loss::SoftmaxCrossEntropy => {
                let sum = a.iter().fold(real(0.0), |sum, logit| sum + exp(logit));
                ln(&sum) - pairs().fold(real(0.0), |sum, (logit, y)| sum + logit * y)
            }
            Loss::BinaryCrossEntropy => pairs().fold(real(0.0), |sum, (logit, y)| {
                let right = sigmoid(logit);
                let wrong = real(1.0) - &right;
                sum - &y * ln(&right) - (real(1.0) - &y) * ln(&wrong)
            }),
        };
    }
    total / real(x.nrows() as f64)
}

/// Compares every parameter; gives how many there were.
///
/// `rounding` is how much of the largest δ on the way back may be left as rounding: 0 for plain layers, whose backward pass only multiplies
/// and adds along the paths. A norm subtracts means, so behind it a gradient can be 0, or near it, of which f64 leaves an ε times
/// what was subtracted.
fn check(network: &Network, x: &Array2<f64>, y: &Array2<f64>, rounding: f64) -> usize {
    let mut pass = network.gradient(x, y);
    let mut gradients: Vec<Vec<f64>> = vec![];
    network.clone().visit(&mut pass, &mut |_, part| gradients.push(part.to_vec()));
    let h = real(1e-14);
    // Relative to the parameter's own gradient. Only where the contributions of a batch, or of the paths through a network,
    // cancel to less than a hundred-millionth of the largest gradient nearby does f64 itself lose the digits that are asked for.
    let largest_of = |part: &[f64]| part.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    let floor = rounding * largest_delta(&pass);
    let mut compared = 0;
    for (at, part) in gradients.iter().enumerate() {
        let nearby = gradients[at.saturating_sub(1)..(at + 2).min(gradients.len())].iter();
        let largest = nearby.map(|part| largest_of(part)).fold(0.0, f64::max);
        for &backward in part {
            let rise = loss(network, x, y, compared, &h) - loss(network, x, y, compared, &-&h);
            let measured = (rise / (real(2.0) * &h)).to_f64().value();
            let scale = measured.abs().max(1e-8 * largest);
            // 42 digits of a loss near 1, divided by h = 1e-14, leave 1e-28, as does h² f‴; a softmax of one class has exactly 0.
            assert!(
                (backward - measured).abs() <= 1e-7 * scale + floor + 1e-26,
                "parameter {compared}: backward says {backward:e}, the central difference {measured:e}"
            );
            compared += 1;
        }
    }
    compared
}

/// The largest |δ| of a pass, in the branches of residual layers too.
fn largest_delta(pass: &Pass) -> f64 {
    let here = pass.delta.iter().flatten().fold(0.0_f64, |m, delta| m.max(delta.abs()));
    pass.gradient.iter().fold(here, |m, gradient| match gradient {
        Gradient::Residual(kept) => m.max(largest_delta(&kept.branch)),
        _ => m,
    })
}

/// Inputs and targets for a network, whose biases, gains and shifts are made anything but 0 and 1 first.
fn example(mut network: Network, batch: usize, rng: &mut ChaCha8Rng) -> (Network, Array2<f64>, Array2<f64>) {
    let mut pass = Pass::new(&network, batch);
    let (inputs, outputs) = (pass.a[0].ncols(), pass.output().ncols());
    let mut normal = |rows: usize, columns: usize| {
        Init::Normal.weights(1, rows * columns, rng).into_shape_with_order((rows, columns)).expect("as many")
    };
    network.visit(&mut pass, &mut |parameters, _| {
        let noise = normal(1, parameters.len());
        parameters.iter_mut().zip(&noise).for_each(|(parameter, noise)| *parameter += 0.3 * noise);
    });
    let x = normal(batch, inputs);
    let y = Array2::from_shape_fn((batch, outputs), |(row, column)| f64::from(u8::from(row % outputs == column)));
    (network, x, y)
}

#[test]
fn one_to_ten_layers_of_each_activation() {
    Activation::ALL.into_par_iter().for_each(|activation| {
        for depth in 1..=10 {
            // Each loss in its turn; the random networks below mix them.
            let loss = Loss::ALL[depth % 3];
            let mut rng = ChaCha8Rng::seed_from_u64(depth as u64);
            let widths = Blueprint::widths(3, 3, 2, depth);
            let network = Network::random(&widths, activation, Init::He, loss, &mut rng).expect("no width is 0");
            let (network, x, y) = example(network, 2, &mut rng);
            assert_eq!(check(&network, &x, &y, 0.0), 12 * (depth - 1) + 8);
        }
    });
}

/// What a random layer is made of. All keep the width, so that any row of them is a network, or a branch.
#[derive(Clone, Debug)]
enum Plan {
    Dense(Activation),
    Norm(Over),
    Activate(Activation),
    Residual { scale: f64, learned: bool, branch: Vec<Plan> },
}

impl Plan {
    fn layer(&self, width: usize, rng: &mut ChaCha8Rng) -> Layer {
        match self {
            Self::Dense(activation) => {
                let w = Init::He.weights(width, width, rng);
                vanishing::Dense::new(w, vanishing::Array1::zeros(width), *activation).expect("it fits").into()
            }
            Self::Norm(over) => Norm::new(*over, width, 0.1).expect("0.1 is an epsilon").into(),
            Self::Activate(activation) => Layer::Activate(*activation),
            Self::Residual { scale, learned, branch } => {
                let branch = branch.iter().map(|plan| plan.layer(width, rng)).collect();
                let residual = Residual::new::<Layer>(branch, *scale).expect("every layer keeps the width");
                if *learned { residual.with_learned_scale().into() } else { residual.into() }
            }
        }
    }
}

fn activation() -> impl Strategy<Value = Activation> {
    prop::sample::select(Activation::ALL.to_vec())
}

/// Layers of every kind, residual ones inside residual ones included.
fn plan() -> impl Strategy<Value = Plan> {
    let leaf = prop_oneof![
        activation().prop_map(Plan::Dense),
        prop::sample::select(vec![Over::Batch, Over::Layer]).prop_map(Plan::Norm),
        activation().prop_map(Plan::Activate),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        // A branch needs a layer that says how wide it is.
        let dense = activation().prop_map(Plan::Dense);
        let branch = (dense, prop::collection::vec(inner, 0..3)).prop_map(|(first, mut rest)| {
            rest.insert(0, first);
            rest
        });
        (-1.5..1.5_f64, any::<bool>(), branch).prop_map(|(scale, learned, branch)| Plan::Residual {
            scale,
            learned,
            branch,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_widths_and_any_batch(
        widths in prop::collection::vec(1_usize..5, 2..8),
        batch in 1_usize..4,
        activation in activation(),
        loss in prop::sample::select(Loss::ALL.to_vec()),
        seed in any::<u64>(),
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let network = Network::random(&widths, activation, Init::He, loss, &mut rng).expect("no width is 0");
        let (network, x, y) = example(network, batch, &mut rng);
        check(&network, &x, &y, 0.0);
    }

    #[test]
    fn any_layers_in_any_order(
        plans in prop::collection::vec(plan(), 1..5),
        width in 2_usize..4,
        batch in 1_usize..4,
        loss in prop::sample::select(Loss::ALL.to_vec()),
        seed in any::<u64>(),
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // The last layer is linear, since a loss on logits needs them spread.
        let plans = [Plan::Dense(Activation::Tanh)].into_iter().chain(plans).chain([Plan::Dense(Activation::Identity)]);
        let layers = plans.map(|plan| plan.layer(width, &mut rng)).collect();
        let network = Network::from_layers::<Layer>(layers, loss).expect("every layer keeps the width");
        let (network, x, y) = example(network, batch, &mut rng);
        check(&network, &x, &y, 1e-13);
    }
}

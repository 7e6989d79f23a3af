//! Every gradient of random recurrent cells against central differences in 42 digits: of the parameters, of the inputs, and of the
//! state at the start.
//!
//! As in `central_differences.rs` the loss is computed by a second program, with loops over scalars. It is a random weighted sum
//! of all states, `L = Σ_t Σ weight ⊙ state_t`, so every step is told something directly and the rest through the steps after it.

mod real;

use proptest::prelude::*;
use rayon::prelude::*;
use real::{Real, activate, real, sigmoid};
use vanishing::{
    Activation, Array2, Cell, ChaCha8Rng, Gru, Init, Lstm, RecurrentWeights, Rnn, SeedableRng, back_through_time,
    unroll,
};

type Row = Vec<Real>;

/// Numbers, one of which is moved by h: those of the cell in the order of its visit, then the inputs, then the first state.
struct Numbers<'a> {
    met: usize,
    moved: usize,
    h: &'a Real,
}

impl Numbers<'_> {
    fn next(&mut self, value: f64) -> Real {
        self.met += 1;
        if self.met == self.moved + 1 { real(value) + self.h } else { real(value) }
    }

    fn rows(&mut self, values: &Array2<f64>) -> Vec<Row> {
        values.rows().into_iter().map(|row| row.iter().map(|&value| self.next(value)).collect()).collect()
    }
}

/// w, u and b.
struct Sum {
    w: Vec<Row>,
    u: Vec<Row>,
    b: Row,
}

impl Sum {
    fn new(weights: &RecurrentWeights, numbers: &mut Numbers) -> Self {
        let (w, u) = (numbers.rows(&weights.w), numbers.rows(&weights.u));
        Self { w, u, b: weights.b.iter().map(|&b| numbers.next(b)).collect() }
    }

    fn z(&self, x: &[Real], h: &[Real], j: usize) -> Real {
        let terms = x.iter().zip(&self.w).chain(h.iter().zip(&self.u));
        terms.fold(self.b[j].clone(), |z, (a, w)| z + a * &w[j])
    }
}

/// A cell as the second program sees it: its numbers, and one step of one example.
trait Scalars: Cell + Clone + Sync {
    type Scalar;
    fn scalars(&self, numbers: &mut Numbers) -> Self::Scalar;
    fn scalar_step(&self, scalars: &Self::Scalar, x: &[Real], state: &[Real]) -> Row;
}

fn tanh(z: Real) -> Real {
    activate(Activation::Tanh, z)
}

impl Scalars for Rnn {
    type Scalar = Sum;

    fn scalars(&self, numbers: &mut Numbers) -> Sum {
        Sum::new(&self.weights, numbers)
    }

    fn scalar_step(&self, sum: &Sum, x: &[Real], h: &[Real]) -> Row {
        (0..h.len()).map(|j| activate(self.activation, sum.z(x, h, j))).collect()
    }
}

impl Scalars for Lstm {
    type Scalar = Sum;

    fn scalars(&self, numbers: &mut Numbers) -> Sum {
        Sum::new(&self.weights, numbers)
    }

    fn scalar_step(&self, sum: &Sum, x: &[Real], state: &[Real]) -> Row {
        let n = state.len() / 2;
        let (h, c) = state.split_at(n);
        let (mut h_new, mut c_new) = (vec![], vec![]);
        for j in 0..n {
            let [i, f, o] = [j, n + j, 2 * n + j].map(|at| sigmoid(&sum.z(x, h, at)));
            let g = tanh(sum.z(x, h, 3 * n + j));
            let c = f * &c[j] + i * g;
            h_new.push(o * tanh(c.clone()));
            c_new.push(c);
        }
        h_new.extend(c_new);
        h_new
    }
}

impl Scalars for Gru {
    type Scalar = (Sum, Sum);

    fn scalars(&self, numbers: &mut Numbers) -> (Sum, Sum) {
        (Sum::new(&self.gates, numbers), Sum::new(&self.candidate, numbers))
    }

    fn scalar_step(&self, (gates, candidate): &(Sum, Sum), x: &[Real], h: &[Real]) -> Row {
        let n = h.len();
        let reset: Row = (0..n).map(|j| sigmoid(&gates.z(x, h, j)) * &h[j]).collect();
        let new = |j: usize| {
            let keep = sigmoid(&gates.z(x, h, n + j));
            &keep * &h[j] + (real(1.0) - &keep) * tanh(candidate.z(x, &reset, j))
        };
        (0..n).map(new).collect()
    }
}

/// A sequence: the inputs of each step, the state at the start, and the weight of each state in the loss.
struct Example {
    xs: Vec<Array2<f64>>,
    state: Array2<f64>,
    weights: Vec<Array2<f64>>,
}

impl Example {
    fn random(cell: &impl Cell, steps: usize, batch: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut normal = |columns: usize| {
            Init::Normal.weights(1, batch * columns, rng).into_shape_with_order((batch, columns)).expect("as many")
        };
        Self {
            xs: (0..steps).map(|_| normal(cell.inputs())).collect(),
            state: normal(cell.state_width()),
            weights: (0..steps).map(|_| normal(cell.state_width())).collect(),
        }
    }

    /// The loss, with the number `moved` changed by `h`.
    fn loss<C: Scalars>(&self, cell: &C, moved: usize, h: &Real) -> Real {
        let numbers = &mut Numbers { met: 0, moved, h };
        let scalars = cell.scalars(numbers);
        let xs: Vec<Vec<Row>> = self.xs.iter().map(|x| numbers.rows(x)).collect();
        let mut states = numbers.rows(&self.state);
        let mut loss = real(0.0);
        for (x, weights) in xs.iter().zip(&self.weights) {
            for ((x, state), weights) in x.iter().zip(&mut states).zip(weights.rows()) {
                *state = cell.scalar_step(&scalars, x, state);
                loss += state.iter().zip(weights).fold(real(0.0), |sum, (state, &weight)| sum + state * real(weight));
            }
        }
        loss
    }
}

/// Compares the gradient of every parameter, every input and the first state; gives how many numbers that were.
fn check<C: Scalars>(cell: &C, example: &Example) -> usize
where
    C::Kept: Send,
{
    let unrolled = unroll(cell, &example.xs, &example.state);
    let mut gradient = cell.zero_gradient();
    let (dxs, dstate) = back_through_time(cell, &example.xs, &unrolled, &example.weights, &mut gradient);
    let mut backward = vec![];
    cell.clone().visit(&mut gradient, &mut |_, part| backward.extend_from_slice(part));
    dxs.iter().chain([&dstate]).for_each(|part| backward.extend(part.iter()));
    let largest = backward.iter().fold(0.0_f64, |largest, gradient| largest.max(gradient.abs()));
    let h = real(1e-14);
    backward.par_iter().enumerate().for_each(|(moved, &backward)| {
        let rise = example.loss(cell, moved, &h) - example.loss(cell, moved, &-&h);
        let measured = (rise / (real(2.0) * &h)).to_f64().value();
        // Relative to this number's own gradient; only where the terms of a sum cancel to less than a hundred-millionth of the
        // largest gradient does f64 itself lose the digits that are asked for.
        let scale = measured.abs().max(1e-8 * largest);
        assert!(
            (backward - measured).abs() <= 1e-7 * scale + 1e-26,
            "number {moved}: backward says {backward:e}, the central difference {measured:e}"
        );
    });
    backward.len()
}

/// Biases other than 0, which is what they start at.
fn with_biases<C: Cell>(mut cell: C, rng: &mut ChaCha8Rng) -> C {
    let mut gradient = cell.zero_gradient();
    cell.visit(&mut gradient, &mut |part, _| {
        let noise = Init::Normal.weights(1, part.len(), rng);
        part.iter_mut().zip(&noise).for_each(|(number, noise)| *number += 0.3 * noise);
    });
    cell
}

/// One cell of each kind through the same number of steps.
fn check_all(inputs: usize, width: usize, steps: usize, batch: usize, activation: Activation, seed: u64) {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let rnn = with_biases(Rnn::random(inputs, width, activation, Init::Normal, rng), rng);
    let lstm = with_biases(Lstm::random(inputs, width, Init::Normal, 1.0, rng), rng);
    let gru = with_biases(Gru::random(inputs, width, Init::Normal, 1.0, rng), rng);
    // The inputs of all steps, and the parameters of one block of columns.
    let (data, block) = (batch * steps * inputs, width * (inputs + width + 1));
    assert_eq!(check(&rnn, &Example::random(&rnn, steps, batch, rng)), data + batch * width + block);
    assert_eq!(check(&lstm, &Example::random(&lstm, steps, batch, rng)), data + batch * 2 * width + 4 * block);
    assert_eq!(check(&gru, &Example::random(&gru, steps, batch, rng)), data + batch * width + 3 * block);
}

#[test]
fn one_to_eight_steps() {
    for steps in 1..=8 {
        check_all(2, 2, steps, 1 + steps % 2, Activation::Tanh, steps as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn any_width_any_batch_any_length(
        inputs in 1_usize..4,
        width in 1_usize..4,
        steps in 1_usize..=8,
        batch in 1_usize..4,
        activation in prop::sample::select(Activation::ALL.to_vec()),
        seed in any::<u64>(),
    ) {
        check_all(inputs, width, steps, batch, activation, seed);
    }
}

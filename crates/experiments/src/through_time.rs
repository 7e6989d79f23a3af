//! The same layer at every step: how much of a change of the first state is left in the last, `‖∂state_t/∂state_0‖`.
//!
//! The norm is the largest singular value of the product of all step Jacobians. Pascanu, Mikolov and Bengio 2013, equation 5, have
//! this product for the plain network.

use crate::Table;
use crate::small_cells::forget_power;
use rayon::prelude::*;
use vanishing::{
    Activation, Array2, Cell, ChaCha8Rng, Gru, Init, Jacobian, Lstm, RecurrentWeights, Rnn, SeedableRng, chrono_bias,
    jacobian_norms, ndarray::Axis, spectral_norm,
};

/// Which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `h ← φ(x w + h u + b)`.
    Rnn,
    /// With the state (h, c).
    Lstm,
    /// With one state and a gate that keeps it.
    Gru,
}

/// One cell, random inputs, and its Jacobian over time.
#[derive(Clone, Debug, PartialEq)]
pub struct ThroughTime {
    /// Which cell.
    pub cell: Kind,
    /// φ of the RNN; the gated cells have σ and tanh.
    pub activation: Activation,
    /// n, the width of h.
    pub width: usize,
    /// T.
    pub steps: usize,
    /// The largest singular value of each n × n block of the weights from state to state.
    pub spectral_norm: f64,
    /// Whether all singular values of a block are that large; otherwise it is normal, scaled.
    pub orthogonal: bool,
    /// The bias of the LSTM's forget gate, or of the GRU's gate k.
    pub forget_bias: f64,
    /// The standard deviation of the inputs, ten a step.
    pub input_std: f64,
    /// Of the weights and the inputs.
    pub seed: u64,
}

impl Default for ThroughTime {
    fn default() -> Self {
        Self {
            cell: Kind::Rnn,
            activation: Activation::Tanh,
            width: 32,
            steps: 100,
            spectral_norm: 0.95,
            orthogonal: false,
            forget_bias: 1.0,
            input_std: 1.0,
            seed: 1,
        }
    }
}

/// Values of one input.
const INPUTS: usize = 10;

impl ThroughTime {
    /// `step, jacobian_norm`: `‖∂state_t/∂state_0‖` for t = 0 to T, from a state of zeros.
    ///
    /// # Panics
    ///
    /// If the width is 0.
    pub fn run(&self) -> Table {
        let mut table = Table::new(["step", "jacobian_norm"]);
        for (step, norm) in self.norms().into_iter().enumerate() {
            table.push(vec![step.into(), norm.into()]);
        }
        table
    }

    fn norms(&self) -> Vec<f64> {
        let rng = &mut ChaCha8Rng::seed_from_u64(self.seed);
        let init = if self.orthogonal { Init::Orthogonal } else { Init::Normal };
        match self.cell {
            Kind::Rnn => {
                let mut cell = Rnn::random(INPUTS, self.width, self.activation, init, rng);
                self.rescale(&mut cell.weights);
                self.through(&cell, rng)
            }
            Kind::Lstm => {
                let (cell, xs) = self.lstm(rng);
                jacobian_norms(&cell, &xs, &Array2::zeros((1, cell.state_width())))
            }
            Kind::Gru => {
                let mut cell = Gru::random(INPUTS, self.width, init, self.forget_bias, rng);
                self.rescale(&mut cell.gates);
                self.rescale(&mut cell.candidate);
                self.through(&cell, rng)
            }
        }
    }

    fn through(&self, cell: &impl Cell, rng: &mut ChaCha8Rng) -> Vec<f64> {
        jacobian_norms(cell, &self.inputs(rng), &Array2::zeros((1, cell.state_width())))
    }

    fn inputs(&self, rng: &mut ChaCha8Rng) -> Vec<Array2<f64>> {
        // A fan-in of 1 gives variance 1.
        (0..self.steps).map(|_| Init::Normal.weights(1, INPUTS, rng) * self.input_std).collect()
    }

    fn lstm(&self, rng: &mut ChaCha8Rng) -> (Lstm, Vec<Array2<f64>>) {
        let init = if self.orthogonal { Init::Orthogonal } else { Init::Normal };
        let mut cell = Lstm::random(INPUTS, self.width, init, self.forget_bias, rng);
        self.rescale(&mut cell.weights);
        let xs = self.inputs(rng);
        (cell, xs)
    }

    /// Gives every block of the state's weights its largest singular value.
    fn rescale(&self, weights: &mut RecurrentWeights) {
        for mut block in weights.u.axis_chunks_iter_mut(Axis(1), self.width) {
            block *= self.spectral_norm / spectral_norm(block.view());
        }
    }

    /// For an LSTM, whatever `cell` says: `step, jacobian_norm, cell_norm, direct`. `cell_norm` is `‖∂c_t/∂c_0‖`, over all paths,
    /// and `direct` is the largest entry of `Π f`, the path from c to c that goes through nothing but the forget gates.
    ///
    /// # Panics
    ///
    /// If the width is 0.
    pub fn lstm_paths(&self) -> Table {
        let (cell, xs) = self.lstm(&mut ChaCha8Rng::seed_from_u64(self.seed));
        let n = self.width;
        let mut jacobian = Jacobian::start(2 * n);
        let mut state = Array2::zeros((1, 2 * n));
        let mut direct = Array2::ones((1, n));
        let mut table = Table::new(["step", "jacobian_norm", "cell_norm", "direct"]);
        let mut push = |step: usize, jacobian: &Jacobian, direct: &Array2<f64>| {
            let direct = direct.iter().copied().fold(0.0, f64::max);
            let cell_norm = jacobian.part_norm(n..2 * n, n..2 * n);
            table.push(vec![step.into(), jacobian.norm().into(), cell_norm.into(), direct.into()]);
        };
        push(0, &jacobian, &direct);
        for (before, x) in xs.iter().enumerate() {
            let (_, kept) = cell.step(x.view(), state.view());
            direct *= &kept.f;
            state = jacobian.step(&cell, x, &state);
            push(before + 1, &jacobian, &direct);
        }
        table
    }
}

/// Columns beside the step, each the `jacobian_norm` of one run; the runs go in parallel.
fn side_by_side(steps: usize, runs: &[(&str, ThroughTime)]) -> Table {
    let columns: Vec<_> = runs.par_iter().map(|(_, run)| ThroughTime { steps, ..run.clone() }.norms()).collect();
    let mut table = Table::new(["step"].into_iter().chain(runs.iter().map(|(name, _)| *name)));
    for step in 0..=steps {
        table.push([step.into()].into_iter().chain(columns.iter().map(|norms| norms[step].into())).collect());
    }
    table
}

/// Plain networks: `step`, then tanh with the largest singular value 0.9, 2 and 4 of the recurrent weights, tanh with orthogonal
/// ones, and a linear network with orthogonal ones.
pub fn plain(steps: usize) -> Table {
    let tanh = |spectral_norm, orthogonal| ThroughTime { spectral_norm, orthogonal, ..ThroughTime::default() };
    let linear = ThroughTime { activation: Activation::Identity, ..tanh(1.0, true) };
    side_by_side(
        steps,
        &[
            ("sigma_0_9", tanh(0.9, false)),
            ("sigma_2", tanh(2.0, false)),
            ("sigma_4", tanh(4.0, false)),
            ("orthogonal_tanh", tanh(1.0, true)),
            ("orthogonal_linear", linear),
        ],
    )
}

/// Gated cells beside the plain one, all with recurrent weights of the largest singular value 1: `step, rnn`, LSTMs with the
/// forget bias 0, 1 and ln(T − 1), and a GRU with the bias ln(T − 1). Then `rest_0`, `rest_1` and `rest_chrono`: what the forget
/// gates would leave of c if they rested at their biases, `σ(bias)^t`.
pub fn gated(steps: usize) -> Table {
    let run = |cell, forget_bias| ThroughTime { cell, forget_bias, spectral_norm: 1.0, ..ThroughTime::default() };
    let chrono = chrono_bias(steps as f64);
    let measured = side_by_side(
        steps,
        &[
            ("rnn", run(Kind::Rnn, 0.0)),
            ("lstm_0", run(Kind::Lstm, 0.0)),
            ("lstm_1", run(Kind::Lstm, 1.0)),
            ("lstm_chrono", run(Kind::Lstm, chrono)),
            ("gru_chrono", run(Kind::Gru, chrono)),
        ],
    );
    let columns = measured.columns().iter().map(String::as_str);
    let mut table = Table::new(columns.chain(["rest_0", "rest_1", "rest_chrono"]));
    for (t, row) in (0..).zip(measured.rows()) {
        let rest = [0.0, 1.0, chrono].map(|bias| forget_power(bias, t).into());
        table.push([row.as_slice(), &rest].concat());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use vanishing::sigmoid;

    #[test]
    fn the_norm_stays_below_the_bound_of_pascanu() {
        for seed in 0..20 {
            let norms = ThroughTime { width: 8, seed, ..ThroughTime::default() }.run().numbers("jacobian_norm");
            for (t, norm) in norms.into_iter().enumerate().skip(1) {
                assert!(norm <= 0.95_f64.powi(t as i32), "seed {seed}, step {t}: {norm}");
            }
        }
    }

    #[test]
    fn a_linear_orthogonal_network_keeps_the_norm() {
        let run = ThroughTime {
            activation: Activation::Identity,
            spectral_norm: 1.0,
            orthogonal: true,
            ..ThroughTime::default()
        };
        for norm in run.run().numbers("jacobian_norm") {
            // A hundred products of matrices that are orthogonal to 1e-15.
            assert_relative_eq!(norm, 1.0, epsilon = 1e-12);
        }
    }

    #[test]
    fn without_weights_only_the_forget_gate_is_left() {
        let run = ThroughTime { spectral_norm: 0.0, input_std: 0.0, width: 3, ..ThroughTime::default() };
        let table = run.lstm_paths();
        for column in ["cell_norm", "direct"] {
            assert_relative_eq!(
                table.numbers(column)[100],
                sigmoid(1.0).powi(100),
                epsilon = 0.0,
                max_relative = 1e-12
            );
        }
    }

    #[test]
    fn gates_keep_what_a_plain_network_loses() {
        let table = gated(100);
        let last = |column: &str| table.numbers(column)[100];
        assert!(last("lstm_chrono") > 1e3 * last("lstm_1"));
        assert!(last("lstm_1") > 1e3 * last("lstm_0"));
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_the_pages_say_of_one_seed_holds_for_six() {
        (1..=6).into_par_iter().for_each(|seed| {
            let last = |run: ThroughTime| ThroughTime { seed, ..run }.norms()[100];
            let tanh = |spectral_norm| last(ThroughTime { spectral_norm, ..ThroughTime::default() });
            assert!(tanh(0.9) < 1e-40 && tanh(2.0) < 1e-10 && tanh(4.0) > 1.0, "seed {seed}");
            let gate =
                |cell, forget_bias| ThroughTime { cell, forget_bias, spectral_norm: 1.0, ..ThroughTime::default() };
            let ln_99 = chrono_bias(100.0);
            let [none, one, chrono] = [0.0, 1.0, ln_99].map(|bias| last(gate(Kind::Lstm, bias)));
            assert!(
                none < 1e-20 && one < 1e-8 && one > 1e6 * none && chrono > 1.0,
                "seed {seed}: {none} {one} {chrono}"
            );
            let gru = last(gate(Kind::Gru, ln_99));
            assert!(gru > 0.1 && gru < 1.0, "seed {seed}: {gru}");
            let paths = ThroughTime { seed, ..gate(Kind::Lstm, 0.0) }.lstm_paths();
            assert!(paths.numbers("cell_norm")[100] > 1e3 * paths.numbers("direct")[100], "seed {seed}");
        });
    }

    #[test]
    fn plain_networks_vanish_up_to_a_singular_value_of_2_and_explode_at_4() {
        let table = plain(50);
        let last = |column: &str| table.numbers(column)[50];
        assert!(last("sigma_0_9") < 0.9_f64.powi(50));
        assert!(last("sigma_2") < 1.0 && last("orthogonal_tanh") < 1.0);
        assert!(last("sigma_4") > 1.0);
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_same_table_whatever_the_number_of_threads() {
        let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
        assert_eq!(threads(1).install(|| plain(5)), threads(3).install(|| plain(5)));
    }
}

//! A task for a memory: the sign of the first input, asked for at the end of a sequence of noise.

use crate::Table;
use rayon::prelude::*;
use vanishing::{
    Array2, Cell, ChaCha8Rng, Init, Lstm, RecurrentGradient, SeedableRng, back_through_time, chrono_bias, norm, unroll,
};

/// The width of h of the cell.
const WIDTH: usize = 16;
/// Sequences in a batch.
const BATCH: usize = 16;

/// The task and how long it is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// T, the length of a sequence. The first input is 1 or −1, the others are normal noise of standard deviation 0.1.
    pub steps: usize,
    /// Descents, each on 16 new sequences.
    pub updates: usize,
    /// α.
    pub learning_rate: f64,
    /// θ of the clipping.
    pub threshold: f64,
    /// Of the weights and the sequences.
    pub seed: u64,
}

impl Default for Memory {
    fn default() -> Self {
        Self { steps: 30, updates: 100, learning_rate: 0.1, threshold: 1.0, seed: 1 }
    }
}

impl Memory {
    /// `update`, then the loss of LSTMs with the forget bias 0, 1 and ln(T − 1): a mean over the last ten batches, every ten
    /// updates. They start from the same weights and see the same sequences.
    ///
    /// The first value of h should be half the first input at the end: `L = ½(h_T − x_1/2)²`. Always 0 has a loss of 1/8.
    pub fn run(&self) -> Table {
        let biases = [("bias_0", 0.0), ("bias_1", 1.0), ("bias_chrono", chrono_bias(self.steps as f64))];
        let losses: Vec<_> = biases.par_iter().map(|&(_, bias)| self.train(bias)).collect();
        let mut table = Table::new(["update"].into_iter().chain(biases.map(|(name, _)| name)));
        for last in (10..=self.updates).step_by(10) {
            let mean = |losses: &Vec<f64>| losses[last - 10..last].iter().sum::<f64>() / 10.0;
            table.push([last.into()].into_iter().chain(losses.iter().map(|losses| mean(losses).into())).collect());
        }
        table
    }

    /// The loss of each batch, just before its step.
    fn train(&self, forget_bias: f64) -> Vec<f64> {
        let rng = &mut ChaCha8Rng::seed_from_u64(self.seed);
        let mut cell = Lstm::random(1, WIDTH, Init::Orthogonal, forget_bias, rng);
        let start = Array2::zeros((BATCH, cell.state_width()));
        let mut dstates = vec![start.clone(); self.steps];
        let mut losses = vec![];
        for _ in 0..self.updates {
            let mut xs: Vec<_> = (0..self.steps).map(|_| Init::Normal.weights(1, BATCH, rng) * 0.1).collect();
            xs[0].mapv_inplace(f64::signum);
            let xs: Vec<Array2<f64>> = xs.into_iter().map(|x| x.reversed_axes()).collect();
            let unrolled = unroll(&cell, &xs, &start);
            let mut loss = 0.0;
            for example in 0..BATCH {
                let error = unrolled.states[self.steps][[example, 0]] - xs[0][[example, 0]] / 2.0;
                loss += 0.5 * error * error / BATCH as f64;
                dstates[self.steps - 1][[example, 0]] = error / BATCH as f64;
            }
            losses.push(loss);
            let mut gradient = cell.zero_gradient();
            back_through_time(&cell, &xs, &unrolled, &dstates, &mut gradient);
            self.descend(&mut cell, &mut gradient);
        }
        losses
    }

    /// One step with the gradient clipped to θ.
    fn descend(&self, cell: &mut Lstm, gradient: &mut RecurrentGradient) {
        let mut norms = vec![];
        cell.visit(gradient, &mut |_, part| norms.push(norm(&*part)));
        let rate = self.learning_rate * (self.threshold / norm(&norms)).min(1.0);
        cell.visit(gradient, &mut |part, gradient| {
            part.iter_mut().zip(gradient).for_each(|(number, gradient)| *number -= rate * *gradient);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_bias_of_0_nothing_is_learned_and_with_1_or_more_it_is() {
        let ends = |seed| {
            let table = Memory { seed, ..Memory::default() }.run();
            ["bias_0", "bias_1", "bias_chrono"].map(|column| table.numbers(column)[9])
        };
        for seed in 1..=3 {
            let [none, one, chrono] = ends(seed);
            // Ten batches of 16 coins: a loss of 1/8 that the noise of the inputs moves by a few per cent.
            assert!((none - 0.125).abs() < 0.01 && one < 0.01 && chrono < 0.1, "seed {seed}: {none} {one} {chrono}");
        }
    }

    #[test]
    fn the_same_table_whatever_the_number_of_threads() {
        let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
        let run = || Memory { updates: 10, steps: 10, ..Memory::default() }.run();
        assert_eq!(threads(1).install(run), threads(3).install(run));
    }
}

//! What the Rust programs of the comparison share: the points of the grid, the numbers that every program starts from, the
//! clock, and the conversation with `run.py`. `python/grid.py` is the same for the Python programs.

use std::io::{BufRead, Write, stdin, stdout};
use std::process::ExitCode;
use std::time::Instant;

/// The learning rate α of every step.
pub const LEARNING_RATE: f64 = 0.01;

/// The names of all points, as `run.py` reads them too.
pub fn names() -> impl Iterator<Item = &'static str> {
    include_str!("../../points.txt").lines()
}

/// One block of steps is timed for at least this long, so that reading the clock costs nothing that would be seen.
const BLOCK_SECONDS: f64 = 200e-6;

/// φ of the hidden layers. The output layer is linear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// max(0, z)
    Relu,
    /// 1 / (1 + e⁻ᶻ)
    Sigmoid,
    /// tanh z
    Tanh,
}

/// A network and a batch: `784-128x5-10 B64 sigmoid` has five weight matrices, so four hidden layers of 128.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// As it was asked for.
    pub name: String,
    /// Inputs, hidden layers, outputs.
    pub widths: Vec<usize>,
    /// Examples in the batch.
    pub batch: usize,
    /// φ of the hidden layers.
    pub activation: Activation,
}

/// A matrix of the start, row by row.
pub type Matrix = ((usize, usize), Vec<f64>);

impl Point {
    /// Reads `INPUTS-HIDDENxLAYERS-OUTPUTS BBATCH ACTIVATION`; `None` if it is anything else.
    pub fn parse(name: &str) -> Option<Self> {
        let [shape, batch, activation] = name.split(' ').collect::<Vec<_>>().try_into().ok()?;
        let [inputs, hidden, outputs] = shape.split('-').collect::<Vec<_>>().try_into().ok()?;
        let (hidden, layers) = hidden.split_once('x')?;
        let mut widths = vec![count(hidden)?; count(layers)? + 1];
        let last = widths.len() - 1;
        widths[0] = count(inputs)?;
        widths[last] = count(outputs)?;
        let activation = match activation {
            "relu" => Activation::Relu,
            "sigmoid" => Activation::Sigmoid,
            "tanh" => Activation::Tanh,
            _ => return None,
        };
        Some(Self { name: name.into(), widths, batch: count(batch.strip_prefix('B')?)?, activation })
    }

    /// x: (batch, inputs).
    pub fn inputs(&self) -> Matrix {
        matrix(0, (self.batch, self.widths[0]), 1.0)
    }

    /// y: (batch, outputs).
    pub fn targets(&self) -> Matrix {
        matrix(1, (self.batch, self.widths[self.widths.len() - 1]), 0.5)
    }

    /// The weights of each layer, (fan_in, fan_out), of variance 1/fan_in, or 2/fan_in for ReLU. The biases are 0.
    pub fn weights(&self) -> impl Iterator<Item = Matrix> {
        let gain = if self.activation == Activation::Relu { 6.0 } else { 3.0 };
        (2..).zip(self.widths.windows(2)).map(move |(tensor, width)| {
            let (fan_in, fan_out) = (width[0], width[1]);
            matrix(tensor, (fan_in, fan_out), (gain / fan_in as f64).sqrt())
        })
    }
}

/// A whole number of at least 1. More layers or neurons than 100 000 are a slip of the pen.
fn count(text: &str) -> Option<usize> {
    text.parse().ok().filter(|count| (1..=100_000).contains(count))
}

/// Numbers in (−scale, scale), the same in every language: splitmix64, seeded by the number of the tensor.
fn matrix(tensor: u64, (rows, columns): (usize, usize), scale: f64) -> Matrix {
    let mut state = tensor;
    let values = (0..rows * columns).map(|_| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = state;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^= x >> 31;
        (2.0 * ((x >> 11) as f64 * 2.0_f64.powi(-53)) - 1.0) * scale
    });
    ((rows, columns), values.collect())
}

/// A network in training on one batch.
pub trait Training {
    /// Forward, loss, backward, update.
    fn step(&mut self);
    /// The loss that the last step computed, so of the weights before its update.
    fn loss(&self) -> f64;
}

/// One way to do the step: its name, and how it starts.
pub type Variant = (&'static str, fn(&Point) -> Box<dyn Training>);

/// Answers the points on the standard input with one line for each variant and an empty one, until the input ends.
pub fn serve(peer: &str, variants: &[Variant]) -> ExitCode {
    serve_with(|point, seconds, threads| {
        for (variant, start) in variants {
            let mut training = start(point);
            training.step();
            let loss_1 = training.loss();
            (1..=10).for_each(|_| training.step());
            let loss_10 = training.loss();
            let (median_us, steps) = median_us(seconds, || training.step());
            let name = &point.name;
            answer(&format!(
                r#"{{"peer":"{peer}","variant":"{variant}","point":"{name}","threads":{threads},"loss_1":{loss_1:?},"loss_10":{loss_10:?},"median_us":{median_us:?},"steps":{steps}}}"#
            ));
        }
    })
}

/// Reads the command line and the points; `measure` gets a point, the seconds to measure for, and the number of threads, and
/// prints its answers.
pub fn serve_with(mut measure: impl FnMut(&Point, f64, usize) + Send) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let threads = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--threads", threads] => count(threads),
        _ => None,
    };
    let Some(threads) = threads else {
        eprintln!("found the arguments {arguments:?}; expected --threads N, with N at least 1");
        return ExitCode::from(2);
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    // For all libraries alike: a step is taken inside the pool, so that sharing its work needs no waking of somebody first.
    pool.build_global().expect("nobody made the pool before");
    rayon::scope(|_| answer_points(|point, seconds| measure(point, seconds, threads)))
}

fn answer_points(mut measure: impl FnMut(&Point, f64)) -> ExitCode {
    for line in stdin().lock().lines() {
        let line = line.expect("the standard input is text");
        let request = line.rsplit_once(' ').and_then(|(point, seconds)| {
            Some((Point::parse(point)?, seconds.parse().ok().filter(|seconds| (0.0..1e6).contains(seconds))?))
        });
        let Some((point, seconds)) = request else {
            let expected = r#"a point and seconds, such as "784-128x5-10 B64 sigmoid 0.3""#;
            eprintln!("found the line {line:?}; expected {expected}");
            return ExitCode::from(2);
        };
        measure(&point, seconds);
        answer("");
    }
    ExitCode::SUCCESS
}

/// Prints a line at once: `run.py` waits for it.
pub fn answer(line: &str) {
    let mut out = stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("run.py listens");
}

/// The median time of a step in µs, and how many steps were timed. Steps are timed in blocks for as long as `seconds` says.
pub fn median_us(seconds: f64, mut step: impl FnMut()) -> (f64, usize) {
    let mut time = |steps: usize| {
        let start = Instant::now();
        (0..steps).for_each(|_| step());
        start.elapsed().as_secs_f64()
    };
    let mut block = 1;
    while time(block) < BLOCK_SECONDS {
        block *= 2;
    }
    let start = Instant::now();
    let mut times = vec![time(block)];
    while start.elapsed().as_secs_f64() < seconds {
        times.push(time(block));
    }
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2] / block as f64 * 1e6, times.len() * block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_counts_weight_matrices() {
        let point = Point::parse("8-16x4-3 B64 tanh").unwrap();
        assert_eq!((point.widths, point.batch, point.activation), (vec![8, 16, 16, 16, 3], 64, Activation::Tanh));
        for bad in
            ["", "8-16x4-3 B64", "8-16x4-3 64 tanh", "8-16x0-3 B64 tanh", "8-16x4-3 B64 gelu", "8-16x4-3  B64 tanh"]
        {
            assert_eq!(Point::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn every_point_of_the_comparison_is_one() {
        assert!(names().count() > 0);
        for name in names() {
            assert!(Point::parse(name).is_some(), "{name}");
        }
    }

    /// Those of `python/grid.py`: `matrix(7, (1, 3), 1.0)`.
    #[test]
    fn the_numbers_are_those_of_every_program() {
        assert_eq!(matrix(7, (1, 3), 1.0).1, [-0.22034050321745702, -0.9664234109436878, 0.8015213612137668]);
    }
}

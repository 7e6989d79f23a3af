//! The book's experiments by name, each with what it measures and what it can be told.
//!
//! One list serves the command line, the help texts and the checks of what a reader asks for.

mod networks;
mod parameter;
mod settings;
mod trainings;

pub use parameter::{OutOfRange, Parameter, Range, Values};

use crate::Table;
use networks::{CHAIN, GRADIENT_BY_LAYER, MEAN_FIELD};
use settings::MOST_GIGABYTES;
use trainings::{PRECISION, THROUGH_TIME, TRAIN};

/// Every experiment, in the order of the book.
pub const EXPERIMENTS: &[Experiment] = &[CHAIN, GRADIENT_BY_LAYER, MEAN_FIELD, TRAIN, THROUGH_TIME, PRECISION];

/// An experiment that a reader can run with parameters of their own.
pub struct Experiment {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it measures, in a line.
    pub measures: &'static str,
    /// The pages that use it, or whose derivation it follows, by their numbers.
    pub pages: &'static str,
    /// What it can be told.
    pub parameters: &'static [Parameter],
    /// How its table is drawn; `None` if there is nothing to draw.
    pub plot: Option<Plot>,
    /// Runs it.
    pub run: fn(&Values) -> Result<Outcome, RunError>,
}

/// What came out of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The numbers.
    pub table: Table,
    /// What they don't say by themselves: that a gradient underflowed, say, or that a training diverged. A line each.
    pub remarks: Vec<String>,
}

impl From<Table> for Outcome {
    fn from(table: Table) -> Self {
        Self { table, remarks: vec![] }
    }
}

/// Which columns of a table are drawn over which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The column along the horizontal axis.
    pub x: &'static str,
    /// The columns that are drawn as lines.
    pub y: &'static [&'static str],
    /// Whether the upright axis is logarithmic; then sizes are drawn, without their signs.
    pub logarithmic: bool,
}

/// Why an experiment did not run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RunError {
    /// A setting out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Each setting is in range, but together they are more than a small machine has room for.
    #[error(
        "--width {width}, --depth {depth} and --batch {batch} need {gigabytes:.1} GB; expected at most {MOST_GIGABYTES}"
    )]
    TooLarge {
        /// Neurons a layer.
        width: usize,
        /// Layers.
        depth: usize,
        /// Examples.
        batch: usize,
        /// What they need.
        gigabytes: f64,
    },
    /// The network can't be built.
    #[error(transparent)]
    Network(#[from] vanishing::Error),
}

#[cfg(test)]
mod tests {
    use super::networks::{chain, gradient_by_layer, mean_field};
    use super::settings::{ACTIVATIONS, DATA, INITS, METHODS, flag};
    use super::trainings::{precision, through_time, training};
    use super::*;
    use crate::chain::UniformChain;
    use crate::dataset::Data;
    use crate::gradient_by_layer::GradientByLayer;
    use crate::low_precision::Precision;
    use crate::mean_field::MeanField;
    use crate::through_time::ThroughTime;
    use crate::training::{Method, Training};
    use vanishing::{Activation, Init};

    fn defaults(experiment: &Experiment) -> Values {
        Values::read(experiment.parameters, |_| None).unwrap()
    }

    #[test]
    fn unless_told_otherwise_an_experiment_is_the_books_own() {
        assert_eq!(chain(&defaults(&CHAIN)), UniformChain::default());
        assert_eq!(mean_field(&defaults(&MEAN_FIELD), 1.0), MeanField::default());
        assert_eq!(through_time(&defaults(&THROUGH_TIME)), ThroughTime::default());
        assert_eq!(precision(&defaults(&PRECISION)), Precision::default());
        assert_eq!(training(&defaults(&TRAIN)), Training::default());
        assert_eq!(gradient_by_layer(&defaults(&GRADIENT_BY_LAYER)), GradientByLayer::default());
    }

    #[test]
    fn every_word_means_something() {
        for (words, names) in [
            (ACTIVATIONS, Activation::ALL.map(Activation::name).to_vec()),
            (INITS, Init::ALL.map(Init::name).to_vec()),
            (DATA, Data::ALL.map(Data::name).to_vec()),
            (METHODS, Method::ALL.map(Method::name).to_vec()),
        ] {
            assert_eq!(words.to_vec(), names.into_iter().map(flag).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_drawn_is_in_the_table() {
        for experiment in EXPERIMENTS {
            let few = |name: &str| match name {
                "seeds" | "batch" | "depth" | "epochs" | "steps" => Some("2".into()),
                "width" => Some("4".into()),
                _ => None,
            };
            let table = (experiment.run)(&Values::read(experiment.parameters, few).unwrap()).unwrap().table;
            let plot = experiment.plot.into_iter().flat_map(|plot| [plot.x].into_iter().chain(plot.y.iter().copied()));
            for column in plot {
                assert!(!table.numbers(column).is_empty(), "{} has no {column}", experiment.name);
            }
        }
    }

    #[test]
    fn more_than_a_machine_has_room_for_is_refused() {
        let huge = |name: &str| matches!(name, "width" | "depth").then(|| "2048".into());
        let values = Values::read(GRADIENT_BY_LAYER.parameters, huge).unwrap();
        assert_eq!(
            (GRADIENT_BY_LAYER.run)(&values).unwrap_err().to_string(),
            "--width 2048, --depth 2048 and --batch 16 need 139.6 GB; expected at most 1"
        );
    }
}

//! What papers and books have published, measured again with our own crate.
//!
//! One module a subject; each test names the paper, the place in it, the value, and how close we must come, with the reason.

use std::fmt::Display;

/// One published number.
pub struct Published<'a> {
    /// Who and when.
    pub paper: &'a str,
    /// Equation, figure, table or section.
    pub place: &'a str,
    /// What the number is.
    pub what: &'a str,
    /// The number as published, or what the published formula gives.
    pub expected: f64,
    /// The largest |measured − expected| that still counts.
    pub tolerance: f64,
    /// Where the tolerance comes from.
    pub because: &'a str,
}

impl Published<'_> {
    /// Holds what was measured to what was published, and prints both.
    pub fn is_met_by(&self, measured: f64) {
        let Self { paper, place, what, expected, tolerance, because } = self;
        let line = format!("{paper}, {place}: {what}: published {expected}, measured {measured}");
        eprintln!("{line}");
        // Written so that a NaN fails.
        assert!((measured - expected).abs() <= *tolerance, "{line}; expected within {tolerance} ({because})");
    }
}

/// For a claim that is an inequality or an exact statement.
pub fn claim(paper: &str, place: &str, what: &str, holds: bool, measured: impl Display) {
    eprintln!("{paper}, {place}: {what}: measured {measured}");
    assert!(holds, "{paper}, {place}: {what}: measured {measured}");
}

mod adam;
mod exploding;
mod glorot;
mod initialisation;
mod isometry;
mod layer_speeds;
mod log_normal;
mod low_precision;
mod mean_field;
mod normalisation;
mod selu;
mod sigmoid_rate;
mod skip;
mod tanh;
mod through_time;
mod training;

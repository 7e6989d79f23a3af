//! The book's figures. Each is a function from nothing to a [`Drawing`]: it runs its experiment and draws what came out.

mod activations;
mod adam;
mod canvas;
mod digits;
mod edge_of_chaos;
mod exploding;
mod initialisation;
mod isometry;
mod layer_speeds;
mod log_normal;
mod low_precision;
mod network;
mod normalisation;
mod notes;
mod paths;
mod plot;
mod precision;
mod relu;
mod remedies;
mod sigmoid;
mod sigmoid_rate;
mod skip;
mod subnormals;
mod table;
mod tanh;
mod through_time;
mod where_it_hides;

use experiments::Table;

pub use experiments::catalogue::Plot;
pub use table::plot_table;

/// A figure as the page shows it, and the numbers in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Scalable vector graphics, the colours as attributes and as classes.
    pub svg: String,
    /// What was drawn.
    pub table: Table,
}

/// One figure of the book.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its file's name under `src/figures`, without the ending.
    pub name: &'static str,
    /// Runs the experiment and draws it; the same bytes every time.
    pub draw: fn() -> Drawing,
}

/// Every figure of the book, in the order of its pages.
pub const FIGURES: &[Figure] = &[
    Figure { name: "underflow", draw: precision::underflow },
    Figure { name: "sigmoid-and-slope", draw: sigmoid::curves },
    Figure { name: "growth-interval", draw: sigmoid::growth_interval },
    Figure { name: "notes-network", draw: network::whole },
    Figure { name: "notes-path", draw: network::path },
    Figure { name: "gradient-by-depth", draw: notes::gradient_by_depth },
    Figure { name: "between-two-floats", draw: precision::between_two_floats },
    Figure { name: "three-activations", draw: activations::chain_and_wide },
    Figure { name: "digits", draw: digits::samples },
    Figure { name: "digits-loss", draw: digits::losses },
    Figure { name: "digits-gradients", draw: digits::gradients },
    Figure { name: "paths-and-sweep", draw: paths::paths_and_sweep_by_depth },
    Figure { name: "layer-speeds", draw: layer_speeds::layer_speeds },
    Figure { name: "sigmoid-rate", draw: sigmoid_rate::by_scale },
    Figure { name: "sigmoid-scatter", draw: sigmoid_rate::scatter },
    Figure { name: "where-it-hides", draw: where_it_hides::two_measures },
    Figure { name: "typical-and-mean", draw: log_normal::typical_and_mean },
    Figure { name: "log-normal", draw: log_normal::log_normal },
    Figure { name: "standstill", draw: low_precision::standstill },
    Figure { name: "loss-scale", draw: low_precision::loss_scale },
    Figure { name: "tanh-scales", draw: tanh::three_scales },
    Figure { name: "slopes-of-the-kin", draw: relu::slopes },
    Figure { name: "dying-units", draw: relu::dying },
    Figure { name: "seven-starts", draw: initialisation::seven_starts },
    Figure { name: "edge-gradients", draw: edge_of_chaos::gradients },
    Figure { name: "edge-phases", draw: edge_of_chaos::phases },
    Figure { name: "singular-values", draw: isometry::singular_values },
    Figure { name: "batch-norm-growth", draw: normalisation::growth },
    Figure { name: "where-the-norm-stands", draw: normalisation::pre_and_post },
    Figure { name: "skip-growth", draw: skip::growth },
    Figure { name: "shattered", draw: skip::four_slopes },
    Figure { name: "gradient-correlation", draw: skip::correlation },
    Figure { name: "wall", draw: exploding::wall },
    Figure { name: "through-time", draw: through_time::plain },
    Figure { name: "gates", draw: through_time::gates },
    Figure { name: "adam-step", draw: adam::step },
    Figure { name: "remedies", draw: remedies::grid },
    Figure { name: "subnormals", draw: subnormals::band },
];

//! What a caller can get wrong, each said once, with the value that was found.

/// A network, a learning rate or a data set that can't be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// No layer at all.
    #[error("a network needs at least one layer, so at least two widths; found widths {widths:?}")]
    NoLayers {
        /// The widths that were asked for.
        widths: Vec<usize>,
    },
    /// A layer without inputs or without neurons.
    #[error("layer {layer} is {fan_in} to {fan_out}; both must be at least 1")]
    EmptyLayer {
        /// Counted from 1.
        layer: usize,
        /// Inputs of each neuron.
        fan_in: usize,
        /// Neurons.
        fan_out: usize,
    },
    /// Two neighbours that don't fit.
    #[error("layer {layer} gives {fan_out} values, but layer {next} takes {fan_in}", next = layer + 1)]
    WidthMismatch {
        /// The first of the two, counted from 1.
        layer: usize,
        /// What it gives.
        fan_out: usize,
        /// What the next one takes.
        fan_in: usize,
    },
    /// As many biases as neurons are needed.
    #[error("the weights are {fan_in} to {fan_out}, but there are {biases} biases; expected {fan_out}")]
    BiasMismatch {
        /// Rows of the weights.
        fan_in: usize,
        /// Columns of the weights.
        fan_out: usize,
        /// Length of the biases.
        biases: usize,
    },
    /// A weight that is not a number, or infinite.
    #[error("the weight from neuron {from} to neuron {to} is {value}; every weight must be finite")]
    BadWeight {
        /// Neuron of the layer before, counted from 1.
        from: usize,
        /// Neuron of this layer, counted from 1.
        to: usize,
        /// What was found.
        value: f64,
    },
    /// A bias that is not a number, or infinite.
    #[error("the bias of neuron {neuron} is {value}; every bias must be finite")]
    BadBias {
        /// Counted from 1.
        neuron: usize,
        /// What was found.
        value: f64,
    },
    /// A branch that can't be added to what goes around it.
    #[error("a branch takes {inputs} values and gives {outputs}; a skip connection needs as many out as in")]
    UnevenBranch {
        /// What the branch takes.
        inputs: usize,
        /// What it gives.
        outputs: usize,
    },
    /// An input and a state that can't be added.
    #[error(
        "the input leads to {from_input} values, but the state to {from_state}; they are added, so both must be as many"
    )]
    UnevenSum {
        /// Columns of the input's weights.
        from_input: usize,
        /// Columns of the state's weights.
        from_state: usize,
    },
    /// A recurrent cell whose weights have too many or too few columns.
    #[error("a state of {width} needs {blocks} times as many columns of weights; found {columns}")]
    BadBlocks {
        /// Rows of the state's weights.
        width: usize,
        /// How many blocks of columns this cell has.
        blocks: usize,
        /// What was found.
        columns: usize,
    },
    /// Gates and a candidate of different sizes.
    #[error("the gates take (inputs, state) of {gates:?}, but the candidate {candidate:?}")]
    UnevenCell {
        /// Inputs and state of the gates.
        gates: (usize, usize),
        /// Inputs and state of the candidate.
        candidate: (usize, usize),
    },
    /// A setting outside of where it makes sense.
    #[error("{what} is {value}; expected {expected}")]
    OutOfRange {
        /// Which setting.
        what: &'static str,
        /// What was found.
        value: f64,
        /// What would do.
        expected: &'static str,
    },
    /// A learning rate that no step can use.
    #[error("the learning rate is {0}; expected a finite number of at least 0")]
    BadLearningRate(f64),
}

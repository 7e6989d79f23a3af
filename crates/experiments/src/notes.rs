//! The numbers of the handwritten notes, and what follows from them.

use crate::Table;

/// `∂loss/∂O₅₁`: what the notes let arrive at the last layer.
pub const ARRIVES: f64 = 25.0;

/// The factors of the notes' deep network, from the last layer to the first weight.
pub const FACTORS: [f64; 5] = [0.25, 0.22, 0.20, 0.15, 0.10];

/// The gradient on its way back through the notes' five layers, beside the most that a sigmoid can leave of it.
///
/// `layers`: factors multiplied so far; `notes`: 25 times the first so many of [`FACTORS`]; `at_most`: 25 · 0.25^layers;
/// `healthy`: 25, what a factor of 1 would leave.
pub fn gradient_by_depth() -> Table {
    let mut table = Table::new(["layers", "notes", "at_most", "healthy"]);
    let mut notes = ARRIVES;
    for layers in 0..=FACTORS.len() {
        if layers > 0 {
            notes *= FACTORS[layers - 1];
        }
        let at_most = ARRIVES * 0.25_f64.powi(layers as i32);
        table.push(vec![layers.into(), notes.into(), at_most.into(), ARRIVES.into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn five_layers_leave_what_the_notes_say() {
        let notes = gradient_by_depth().numbers("notes");
        assert_relative_eq!(notes[5], 0.004125, epsilon = 0.0, max_relative = 1e-15);
        insta::assert_snapshot!(gradient_by_depth());
    }
}

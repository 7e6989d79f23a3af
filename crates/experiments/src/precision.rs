//! Where a gradient, or a step, falls through the floor of a floating-point format.

use crate::Table;
use vanishing::{Format, Sgd};

/// 0.25ⁿ, n from 0 to 540: the largest product that n sigmoid slopes can have, in f64. Its last values are exactly 0.
pub fn powers_of_a_quarter() -> Table {
    let mut table = Table::new(["factors", "product"]);
    let mut product = 1.0;
    for factors in 0..=540_usize {
        // The last number that is not 0, and the first that is, stand between the twenties.
        if factors % 20 == 0 || factors == 537 || factors == 538 {
            table.push(vec![factors.into(), product.into()]);
        }
        product = Format::F64.product(product, 0.25);
    }
    table
}

/// For each format: its smallest number, and after how many factors of 0.25 a product of them is exactly 0.
pub fn floors() -> Table {
    let mut table = Table::new(["format", "smallest", "factors_until_zero"]);
    for format in Format::ALL {
        let factors = format.factors_until_zero(0.25).expect("quarters reach 0 in every format");
        table.push(vec![format.name().into(), format.smallest().into(), f64::from(factors).into()]);
    }
    table
}

/// What each format makes of the notes' step: 0.25 − 0.00004125.
///
/// `gap_below`: how far below 0.25 its next neighbour is; `result`: the weight after the step; `largest_lost`: the largest step that would be lost.
pub fn notes_step() -> Table {
    let mut table = Table::new(["format", "gap_below", "result", "largest_lost"]);
    for format in Format::ALL {
        // Below a power of two the largest lost step is half of the gap.
        let lost = format.largest_lost_step(0.25);
        let result = format.difference(0.25, 0.01 * 0.004125);
        table.push(vec![format.name().into(), (2.0 * lost).into(), result.into(), lost.into()]);
    }
    table
}

/// After how many factors of `factor` the weight no longer moves: the first n with `w − α · arrives · factorⁿ == w`.
pub fn factors_until_still(format: Format, w: f64, sgd: Sgd, arrives: f64, factor: f64) -> usize {
    let mut gradient = arrives;
    let mut factors = 0;
    // The gradient itself is kept in f64 here: what is asked is when the step is lost, not when the gradient is.
    while format.round(sgd.updated(format.round(w), gradient)) != format.round(w) {
        gradient *= factor;
        factors += 1;
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notes_step_in_four_formats() {
        let results = notes_step().numbers("result");
        assert_eq!(results[..2], [0.25, 0.25], "f16 and bf16 lose the step");
        assert!(results[2] < 0.25 && results[3] < 0.25, "f32 and f64 don't");
        insta::assert_snapshot!(notes_step());
        insta::assert_snapshot!(floors());
    }

    #[test]
    fn a_weight_stands_still_after_so_many_quarters() {
        let sgd = Sgd::new(0.01).unwrap();
        let still = Format::ALL.map(|format| factors_until_still(format, 0.25, sgd, 25.0, 0.25));
        assert_eq!(still, [6, 5, 13, 27]);
    }
}

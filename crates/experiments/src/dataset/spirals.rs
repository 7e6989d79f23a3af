//! Two spirals wound into each other: a task that a network without hidden layers can't do at all.

use super::Dataset;
use std::f64::consts::PI;
use vanishing::Array2;

/// Points on each spiral.
const POINTS: usize = 97;

/// The task of A. Wieland that K. Lang and M. Witbrock, *Learning to Tell Two Spirals Apart*, 1988, made known: point i lies at
/// the angle `iπ/16` and the radius `6.5 (104 − i)/104`, three turns inwards; the other spiral is the same turned by half a turn.
///
/// The test points are ours: half a step further along, so between two that were learned.
pub(super) fn two() -> Dataset {
    let (train_x, train_y) = points(POINTS, 0.0);
    let (test_x, test_y) = points(POINTS - 1, 0.5);
    Dataset { train_x, train_y, test_x, test_y }
}

/// One point of each spiral in turn.
fn points(count: usize, from: f64) -> (Array2<f64>, Array2<f64>) {
    let place = |row: usize| {
        let i = (row / 2) as f64 + from;
        let (angle, radius) = (i * PI / 16.0, 6.5 * (104.0 - i) / 104.0);
        let side = if row.is_multiple_of(2) { 1.0 } else { -1.0 };
        [side * radius * libm::sin(angle), side * radius * libm::cos(angle)]
    };
    let x = Array2::from_shape_fn((2 * count, 2), |(row, axis)| place(row)[axis]);
    let y = Array2::from_shape_fn((2 * count, 2), |(row, class)| f64::from(u8::from(row % 2 == class)));
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn there_are_194_points_and_a_straight_line_gets_half_of_them_right() {
        let spirals = two();
        assert_eq!((spirals.train_x.dim(), spirals.test_x.dim()), ((194, 2), (192, 2)));
        // The first point of each, and the last: after six half turns at 8/104 of the radius.
        assert_relative_eq!(spirals.train_x[[0, 1]], 6.5);
        assert_relative_eq!(spirals.train_x[[1, 1]], -6.5);
        assert_relative_eq!(spirals.train_x[[192, 1]], 0.5, epsilon = 0.0, max_relative = 1e-12);
        for angle in 0..16 {
            let normal = (f64::from(angle) * PI / 16.0).sin_cos();
            let above = |row: usize| spirals.train_x[[row, 0]] * normal.0 + spirals.train_x[[row, 1]] * normal.1 > 0.0;
            let right = (0..194).filter(|&row| above(row) == row.is_multiple_of(2)).count();
            assert!((80..=114).contains(&right), "a line through the middle gets {right} of 194 right");
        }
    }
}

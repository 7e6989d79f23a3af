//! Every product against its definition, one chain an entry, to the bit.

use super::*;
use crate::parallel;
use ndarray::{Array2, Axis, Slice, array};
use proptest::prelude::*;
use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};

#[test]
fn rows_times_columns() {
    let left = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let right = array![[1.0, 0.0], [0.0, 10.0], [100.0, 0.0]];
    // What the buffer held before must not matter, a NaN least of all.
    let mut out = Array2::from_elem((2, 2), f64::NAN);
    multiply_into(left.view(), right.view(), out.view_mut());
    assert_eq!(out, array![[301.0, 20.0], [604.0, 50.0]]);
}

fn random(rows: usize, columns: usize, rng: &mut impl Rng) -> Array2<f64> {
    Array2::from_shape_simple_fn((rows, columns), || (rng.next_u64() as i64 as f64) * 2.0_f64.powi(-63))
}

/// The same numbers, lying row by row, column by column, or with gaps between the rows.
fn laid(matrix: &Array2<f64>, way: usize) -> Array2<f64> {
    let (rows, columns) = matrix.dim();
    match way {
        0 => matrix.clone(),
        1 => matrix.t().as_standard_layout().into_owned().reversed_axes(),
        _ => {
            let mut wide = Array2::from_elem((rows, columns + 3), f64::NAN);
            wide.slice_axis_mut(Axis(1), Slice::from(..columns)).assign(matrix);
            wide.slice_axis_inplace(Axis(1), Slice::from(..columns));
            wide
        }
    }
}

/// The definition: one chain an entry, from the first k to the last.
fn chains(left: &Array2<f64>, right: &Array2<f64>, start: impl Fn(usize, usize) -> f64) -> Array2<f64> {
    Array2::from_shape_fn((left.nrows(), right.ncols()), |(i, j)| {
        left.row(i).iter().zip(right.column(j)).fold(start(i, j), |s, (x, w)| x.mul_add(*w, s))
    })
}

fn sizes() -> impl Strategy<Value = (usize, usize, usize)> {
    // Small ones for every kind of edge, some that are longer than a strip, and chains without a link.
    let size = || prop_oneof![4 => 1..40_usize, 1 => 190..260_usize];
    (size(), prop_oneof![9 => size(), 1 => Just(0)], size())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_entry_is_its_chain_to_the_bit(
        (m, depth, n) in sizes(),
        left_way in 0..3_usize,
        right_way in 0..3_usize,
        out_way in 0..3_usize,
        seed in any::<u64>(),
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (left, right) = (random(m, depth, &mut rng), random(depth, n, &mut rng));
        let (before, b) = (random(m, n, &mut rng), random(1, n, &mut rng));
        let (laid_left, laid_right) = (laid(&left, left_way), laid(&right, right_way));
        let (left_view, right_view) = (laid_left.view(), laid_right.view());
        let mut out = laid(&before, out_way);
        multiply_into(left_view, right_view, out.view_mut());
        prop_assert_eq!(&out, &chains(&left, &right, |_, _| 0.0));
        out.assign(&before);
        add_product_into(left_view, right_view, out.view_mut());
        prop_assert_eq!(&out, &chains(&left, &right, |i, j| before[[i, j]]));
        let mut a = Array2::from_elem((m, n), f64::NAN);
        let activation = Activation::Sigmoid;
        neurons_into(left_view, right_view, b.row(0), activation, a.view_mut());
        prop_assert_eq!(&a, &chains(&left, &right, |_, j| b[[0, j]]).mapv(|z| activation.value(z)));
        let mut sums = vec![f64::NAN; n];
        sum_rows_into(before.view(), ndarray::ArrayViewMut1::from(&mut sums));
        let ones = Array2::ones((1, m));
        prop_assert_eq!(sums, chains(&ones, &before, |_, _| 0.0).into_raw_vec_and_offset().0);

        // A descent ends in the same chains. Its views are those that a layer has.
        let product = chains(&left, &right, |_, _| 0.0);
        let mut w = before.clone();
        let [laid_left, laid_right] = [laid(&left, left_way % 2), laid(&right, right_way % 2)];
        let [of_left, of_right] = [&laid_left, &laid_right].map(|of| Matrix::of(of.view()).unwrap());
        let squares = Product::descent(of_left, of_right, w.as_slice_mut().unwrap(), 0.3).run();
        prop_assert_eq!(&w, &(&before - 0.3 * &product));
        prop_assert_eq!(squares, sum_of_squares(left.view(), right.view()));
        let mut b = before.row(0).to_owned();
        let rows = Matrix::of(right.view()).unwrap();
        let squares = Product::descent_by_sum(rows, b.as_slice_mut().unwrap(), 0.3).run();
        let ones = Array2::ones((1, depth));
        let sum = chains(&ones, &right, |_, _| 0.0);
        prop_assert_eq!(b, &before.row(0) - 0.3 * &sum.row(0));
        prop_assert_eq!(squares, sum_of_squares(ones.view(), right.view()));
    }
}

/// Of left · right, of each half for itself: down each column, then over the columns. Of chains of one link, without them.
fn sum_of_squares(left: ArrayView2<f64>, right: ArrayView2<f64>) -> f64 {
    let half = left.nrows() / 2;
    if left.nrows() >= HALVED {
        let (above, below) = left.split_at(Axis(0), half);
        return sum_of_squares_of_half(above, right) + sum_of_squares_of_half(below, right);
    }
    sum_of_squares_of_half(left, right)
}

fn sum_of_squares_of_half(left: ArrayView2<f64>, right: ArrayView2<f64>) -> f64 {
    let of = |numbers: &mut dyn Iterator<Item = &f64>| numbers.fold(0.0, |sum: f64, s| s.mul_add(*s, sum));
    if left.ncols() == 1 {
        return of(&mut left.iter()) * of(&mut right.iter());
    }
    let product = chains(&left.to_owned(), &right.to_owned(), |_, _| 0.0);
    product.columns().into_iter().fold(0.0, |sum, column| sum + of(&mut column.iter()))
}

/// Such a view lies in one piece too, but neither row by row nor column by column.
#[test]
fn a_view_from_the_last_row_to_the_first_is_read_as_it_is() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let (left, right) = (random(5, 6, &mut rng), random(6, 7, &mut rng));
    let turned = |matrix: &Array2<f64>, axis| matrix.slice_axis(Axis(axis), Slice::new(0, None, -1)).to_owned();
    for axis in [0, 1] {
        let expected = chains(&turned(&left, axis), &turned(&right, axis), |_, _| 0.0);
        let view = |matrix| ArrayView2::slice_axis_move(ArrayView2::from(matrix), Axis(axis), Slice::new(0, None, -1));
        let mut out = Array2::zeros((5, 7));
        multiply_into(view(&left), view(&right), out.view_mut());
        assert_eq!(out, expected, "axis {axis}");
    }
}

/// Vectors of eight, of four and of one: those that this machine has, and as loops.
#[test]
fn the_width_of_the_vectors_changes_no_bit() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (m, depth, n) in [(1, 9, 31), (9, 1, 31), (13, 30, 30), (31, 2, 61), (64, 300, 29)] {
        let (left, right) = (random(m, depth, &mut rng), random(depth, n, &mut rng));
        let expected = chains(&left, &right, |_, _| 0.0);
        let squares_expected = sum_of_squares(left.view(), right.view());
        for right in [right.clone(), laid(&right, 1)] {
            let (left, right) = (left.view(), right.view());
            let run = |by: &dyn Fn(&mut Product) -> f64| {
                let (left, right) = (Matrix::of(left).unwrap(), Matrix::of(right).unwrap());
                let mut out = vec![f64::NAN; m * n];
                by(&mut Product::stored(left, right, &mut out));
                assert_eq!(out, expected.as_slice().unwrap());
                let mut w = vec![1.0; m * n];
                let squares = by(&mut Product::descent(left, right, &mut w, 0.3));
                assert_eq!(w, expected.mapv(|s| 1.0 - 0.3 * s).as_slice().unwrap());
                assert_eq!(squares, squares_expected);
            };
            run(&|product| product.with_simd(pulp::Scalar::new()));
            // Tiles of three vectors of eight also where the machine has none. They are not for chains of one link.
            if depth > 1 {
                run(&|product| panels::with_room::<_, 3>(pulp::Scalar512b, product));
            }
            #[cfg(target_arch = "x86_64")]
            {
                if let Some(simd) = pulp::x86::V3::try_new() {
                    run(&|product| Simd::vectorize(simd, product));
                }
                if let Some(simd) = pulp::x86::V4::try_new() {
                    run(&|product| Simd::vectorize(simd, product));
                }
            }
        }
    }
}

#[test]
fn two_threads_change_no_bit() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    // Half the columns each, also of a single row; half the rows each.
    for (m, depth, n) in [(64, 300, 101), (1, 700, 301), (301, 64, 100)] {
        let (left, right) = (random(m, depth, &mut rng), random(depth, n, &mut rng));
        let (before, b) = (random(m, n, &mut rng), random(1, n, &mut rng));
        pool.install(|| {
            assert!(parallel::pays(parallel::work(m, depth, n)));
            let mut out = Array2::from_elem((m, n), f64::NAN);
            multiply_into(left.view(), right.view(), out.view_mut());
            assert_eq!(out, chains(&left, &right, |_, _| 0.0));
            neurons_into(left.view(), right.view(), b.row(0), Activation::Identity, out.view_mut());
            assert_eq!(out, chains(&left, &right, |_, j| b[[0, j]]));
            out.assign(&before);
            add_product_into(left.view(), right.view(), out.view_mut());
            assert_eq!(out, chains(&left, &right, |i, j| before[[i, j]]));
        });
    }
}

#[test]
#[should_panic(expected = "a product of 2 × 3 and 4 × 5 does not fit into 10 numbers")]
fn what_does_not_fit_is_named() {
    let zeros = Array2::zeros;
    multiply_into(zeros((2, 3)).view(), zeros((4, 5)).view(), zeros((2, 5)).view_mut());
}

#[test]
#[should_panic(expected = "what is summed lies row by row in memory")]
fn rows_that_lie_column_by_column_are_not_summed() {
    let rows = laid(&Array2::ones((5, 6)), 1);
    sum_rows_into(rows.view(), ndarray::Array1::zeros(6).view_mut());
}

/// It has room for as many numbers.
#[test]
#[should_panic(expected = "a product has the rows of its first matrix and the columns of its second")]
fn an_out_of_another_shape_does_not_fit() {
    let zeros = Array2::zeros;
    multiply_into(zeros((2, 3)).view(), zeros((3, 5)).view(), zeros((5, 2)).view_mut());
}

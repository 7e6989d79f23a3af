//! Only the matrix products of a step, into buffers made before, by each of the ways that Rust has. No step of these products
//! is faster than the sum of the fastest, so this says what is left to gain. `python/products.py` adds MKL.

use faer::{Accum, MatMut, MatRef, Par};
use gemm::Parallelism;
use grid::{Point, answer, median_us, serve_with};
use ndarray::{Array2, ArrayView2, linalg::general_mat_mul};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// One way to compute `out = left · right`. All matrices lie row by row, but `left` or `right` may be the transpose of one.
type Way = fn(ArrayView2<f64>, ArrayView2<f64>, &mut Array2<f64>, usize);

const WAYS: [(&str, Way); 4] = [("loop", by_loop), ("ndarray", by_ndarray), ("gemm", by_gemm), ("faer", by_faer)];

/// Below some size a call costs more than the arithmetic.
fn by_loop(left: ArrayView2<f64>, right: ArrayView2<f64>, out: &mut Array2<f64>, _: usize) {
    let (_, k) = left.dim();
    for ((i, j), out) in out.indexed_iter_mut() {
        *out = (0..k).map(|p| left[[i, p]] * right[[p, j]]).sum();
    }
}

fn by_ndarray(left: ArrayView2<f64>, right: ArrayView2<f64>, out: &mut Array2<f64>, _: usize) {
    general_mat_mul(1.0, &left, &right, 0.0, out);
}

#[allow(unsafe_code)]
fn by_gemm(left: ArrayView2<f64>, right: ArrayView2<f64>, out: &mut Array2<f64>, threads: usize) {
    let ((m, k), (_, n)) = (left.dim(), right.dim());
    assert_eq!((right.nrows(), out.dim()), (k, (m, n)));
    let parallelism = if threads == 1 { Parallelism::None } else { Parallelism::Rayon(threads) };
    let [left_rows, left_columns] = strides(&left);
    let [right_rows, right_columns] = strides(&right);
    let [out_rows, out_columns] = strides(&out.view());
    let (left, right, out) = (left.as_ptr(), right.as_ptr(), out.as_mut_ptr());
    // SAFETY: the shapes fit by the assertion, pointers and strides are those of the arrays, and `out` is borrowed alone.
    unsafe {
        gemm::gemm(
            m, n, k, out, out_columns, out_rows, false, left, left_columns, left_rows, right, right_columns, right_rows,
            0.0, 1.0, false, false, false, parallelism,
        );
    }
}

fn by_faer(left: ArrayView2<f64>, right: ArrayView2<f64>, out: &mut Array2<f64>, threads: usize) {
    let (rows, columns) = out.dim();
    let out = out.as_slice_mut().expect("row by row");
    let out = MatMut::from_row_major_slice_mut(out, rows, columns);
    let parallelism = if threads == 1 { Par::Seq } else { Par::rayon(threads) };
    faer::linalg::matmul::matmul(out, Accum::Replace, faer_view(left), faer_view(right), 1.0, parallelism);
}

fn faer_view(view: ArrayView2<'_, f64>) -> MatRef<'_, f64> {
    let (rows, columns) = view.dim();
    match view.to_slice() {
        Some(slice) => MatRef::from_row_major_slice(slice, rows, columns),
        None => {
            let slice = view.reversed_axes().to_slice().expect("row by row, or the transpose of that");
            MatRef::from_column_major_slice(slice, rows, columns)
        }
    }
}

fn strides(view: &ArrayView2<f64>) -> [isize; 2] {
    view.strides().try_into().expect("two dimensions")
}

/// How often a step has each product: its kind and (m, k, n).
fn products(point: &Point) -> BTreeMap<(&'static str, [usize; 3]), usize> {
    let mut counts = BTreeMap::new();
    for (l, width) in point.widths.windows(2).enumerate() {
        let (fan_in, fan_out, batch) = (width[0], width[1], point.batch);
        *counts.entry(("x w", [batch, fan_in, fan_out])).or_default() += 1;
        *counts.entry(("xt d", [fan_in, batch, fan_out])).or_default() += 1;
        if l > 0 {
            *counts.entry(("d wt", [batch, fan_out, fan_in])).or_default() += 1;
        }
    }
    counts
}

fn filled(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| ((3 * i + 5 * j) % 7) as f64 - 3.0)
}

/// The fastest way's time in µs, its name, and how many times it ran.
fn best(kind: &str, [m, k, n]: [usize; 3], seconds: f64, threads: usize) -> (f64, String, usize) {
    let left = if kind == "xt d" { filled(k, m).reversed_axes() } else { filled(m, k) };
    let right = if kind == "d wt" { filled(n, k).reversed_axes() } else { filled(k, n) };
    let expected = left.dot(&right);
    let mut best = (f64::INFINITY, String::new(), 0);
    // The loop is there for the smallest products only, and would take minutes for the largest.
    for (name, way) in WAYS.into_iter().filter(|(name, _)| *name != "loop" || m * k * n < 10_000) {
        // Where both threads only get in each other's way, one may be faster.
        for threads in if threads > 1 && ["gemm", "faer"].contains(&name) { vec![1, threads] } else { vec![1] } {
            let mut out = Array2::zeros((m, n));
            let mut multiply = || way(left.view(), right.view(), std::hint::black_box(&mut out), threads);
            multiply();
            let (us, times) = median_us(seconds, multiply);
            assert_eq!(out, expected, "{name} computes another product");
            if us < best.0 {
                best = (us, format!("{name} on {threads}"), times);
            }
        }
    }
    best
}

fn main() -> ExitCode {
    serve_with(|point, seconds, threads| {
        let products = products(point);
        let seconds = seconds / products.len() as f64;
        let (mut sum, mut steps, mut parts) = (0.0, usize::MAX, vec![]);
        for ((kind, [m, k, n]), count) in &products {
            let (us, by, times) = best(kind, [*m, *k, *n], seconds, threads);
            sum += *count as f64 * us;
            steps = steps.min(times / count);
            parts.push(format!(r#""{kind} {m}x{k}x{n}":{{"count":{count},"us":{us:?},"by":"{by}"}}"#));
        }
        let (name, parts) = (&point.name, parts.join(","));
        answer(&format!(
            r#"{{"peer":"products","variant":"best products","point":"{name}","threads":{threads},"loss_1":null,"loss_10":null,"median_us":{sum:?},"steps":{steps},"products":{{{parts}}}}}"#
        ));
    })
}

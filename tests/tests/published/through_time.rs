//! The same layer at every step: recurrent networks and their gates.

use crate::{Published, claim};
use experiments::small_cells::{half_life, latch, scaled_identity, small_eigenvalues};
use experiments::through_time::ThroughTime;
use rayon::prelude::*;
use vanishing::{Array2, Cell, ChaCha8Rng, Init, Jacobian, Lstm, Rnn, SeedableRng, array, chrono_bias, spectral_norm};

const PASCANU: &str = "Pascanu, Mikolov and Bengio 2013";

#[test]
fn pascanu_a_singular_value_below_1_makes_every_tanh_network_vanish() {
    // An inequality, so no tolerance: ‖∂h_t/∂h_0‖ ≤ (γ σ_max)^t with γ = 1 for tanh.
    let worst = (0..200_u64)
        .into_par_iter()
        .map(|seed| {
            let run = ThroughTime { width: 8, steps: 40, spectral_norm: 0.95, seed, ..ThroughTime::default() };
            let norms = run.run().numbers("jacobian_norm");
            (1..).zip(&norms[1..]).map(|(t, norm)| norm / 0.95_f64.powi(t)).fold(0.0, f64::max)
        })
        .reduce(|| 0.0, f64::max);
    claim(PASCANU, "section 2.1", "norm / bound, the largest of 200 networks and 40 steps", worst <= 1.0, worst);
}

#[test]
fn pascanu_with_eigenvalues_the_statement_is_false() {
    // Eigenvalues by the characteristic polynomial: λ² − tr λ + det.
    let w = array![[1.5, -1.0], [1.5, -1.0]];
    let (trace, determinant) = (w[[0, 0]] + w[[1, 1]], w[[0, 0]] * w[[1, 1]] - w[[0, 1]] * w[[1, 0]]);
    assert_eq!((trace, determinant), (0.5, 0.0), "the eigenvalues are 0.5 and 0, below 1");
    let norm = spectral_norm(w.view());
    claim(
        "our own",
        "counterexample",
        "but its largest singular value is √6.5",
        (norm - 6.5_f64.sqrt()).abs() < 1e-14,
        norm,
    );
    // ∂h_t/∂h_0 has one row, 1.5^(t−1) (1.5, −1): the state stays at (0, 1), where only the first neuron has a slope.
    for (t, measured) in (1..).zip(&small_eigenvalues(50)[1..]) {
        let expected = 3.25_f64.sqrt() * 1.5_f64.powi(t - 1);
        assert!((measured / expected - 1.0).abs() < 1e-13, "step {t}: {measured} beside {expected}");
    }
    Published {
        paper: "our own counterexample",
        place: PASCANU,
        what: "‖∂h_50/∂h_0‖ with eigenvalues of 0.5 and 0",
        expected: 7.66e8,
        tolerance: 0.005e8,
        because: "three digits; 3.25^(1/2) 1.5^49",
    }
    .is_met_by(small_eigenvalues(50)[50]);
}

#[test]
fn bengio_where_a_bit_is_latched_the_gradient_decays() {
    for (w, fixed_point, factor) in
        [(1.1, 0.502_941, 0.821_756), (1.25, 0.710_412, 0.619_144), (2.0, 0.957_504, 0.166_372)]
    {
        // A second way to the fixed point: bisection of tanh(w a) − a, positive left of it.
        let (mut low, mut high) = (0.1_f64, 1.0_f64);
        for _ in 0..80 {
            let a = (low + high) / 2.0;
            if (w * a).tanh() > a { low = a } else { high = a }
        }
        let (a, slope) = latch(w);
        assert!((a - low).abs() < 1e-13 && (slope - w * (1.0 - low * low)).abs() < 1e-12, "w = {w}: {a}, {slope}");
        let paper = "Bengio, Simard and Frasconi 1994";
        for (what, expected, measured) in [("fixed point", fixed_point, a), ("slope", factor, slope)] {
            Published {
                paper,
                place: "a ← tanh(w a)",
                what: &format!("{what} for w = {w}"),
                expected,
                tolerance: 6e-7,
                because: "six digits, of the formula in numpy in double precision",
            }
            .is_met_by(measured);
        }
        claim(paper, "theorem on latching", "below 1 where the bit is held", slope < 1.0, slope);
    }
}

#[test]
fn gers_and_jozefowicz_a_forget_gate_at_rest_is_a_power() {
    // Without weights the gates are σ(bias), and all of ∂c_100/∂c_0 is the direct path.
    for (bias, left) in [(0.0, 7.889e-31), (1.0, 2.484e-14), (2.0, 3.07e-6), (3.0, 0.007_76), (5.0, 0.511)] {
        let run =
            ThroughTime { forget_bias: bias, spectral_norm: 0.0, input_std: 0.0, width: 2, ..ThroughTime::default() };
        Published {
            paper: "Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015",
            place: "the forget gate; its bias of 1",
            what: &format!("∂c_100/∂c_0 = σ({bias})^100"),
            expected: left,
            tolerance: 2e-3 * left,
            because: "three digits at least: half of the last one of 3.07 is 0.16 %",
        }
        .is_met_by(run.lstm_paths().numbers("cell_norm")[100]);
    }
    for (bias, steps) in [(0.0, 1.00), (1.0, 2.21), (2.0, 5.46), (3.0, 14.3), (5.0, 103.0)] {
        Published {
            paper: "Gers, Schmidhuber and Cummins 2000",
            place: "the forget gate",
            what: &format!("half-life for the bias {bias}"),
            expected: steps,
            tolerance: 0.005 * steps,
            because: "three digits",
        }
        .is_met_by(half_life(bias));
    }
}

#[test]
fn tallec_and_ollivier_the_chrono_bias_leaves_one_part_in_e() {
    let left = |steps: usize| {
        let (bias, n) = (chrono_bias(steps as f64), 1);
        let mut cell = Lstm::random(1, n, Init::Normal, bias, &mut ChaCha8Rng::seed_from_u64(1));
        cell.weights.w.fill(0.0);
        cell.weights.u.fill(0.0);
        let (mut jacobian, mut state) = (Jacobian::start(2 * n), Array2::zeros((1, 2 * n)));
        for _ in 0..steps {
            state = jacobian.step(&cell, &array![[0.0]], &state);
        }
        jacobian.part_norm(n..2 * n, n..2 * n)
    };
    let published = |what, expected, tolerance, because, measured| {
        let paper = "Tallec and Ollivier 2018";
        Published { paper, place: "chrono initialisation", what, expected, tolerance, because }.is_met_by(measured);
    };
    published("(1 − 1/100)^100", 0.366_032, 5e-7, "six digits", left(100));
    let limit = (-1.0_f64).exp();
    published("the limit 1/e, at T = 2000", limit, limit / 2000.0, "(1 − 1/T)^T = 1/e (1 − 1/2T − …)", left(2000));
}

#[test]
fn le_jaitly_and_hinton_the_irnn_hands_its_gradient_on_unchanged() {
    let paper = "Le, Jaitly and Hinton 2015";
    let at_1 = scaled_identity(1.0, 784);
    claim(paper, "section 2", "u = 1, ReLU, non-negative state: ‖∂h_784/∂h_0‖ is exactly 1", at_1 == 1.0, at_1);
    for (scale, expected) in [(1.01, 2443.0), (0.99, 3.8e-4)] {
        Published {
            paper,
            place: "784 pixels one after the other",
            what: &format!("{scale}^784"),
            expected,
            tolerance: 0.005 * expected,
            because: "two to four digits",
        }
        .is_met_by(scaled_identity(scale, 784));
    }
    // With inputs that keep every neuron above 0 it is as exact.
    let cell = Rnn::identity(array![[0.5, 0.25, 1.0]]).expect("three weights");
    let norms = vanishing::jacobian_norms(&cell, &vec![array![[0.125]]; 784], &Array2::zeros((1, cell.state_width())));
    assert!(norms.iter().all(|&norm| norm == 1.0));
}

#[test]
fn arjovsky_a_linear_orthogonal_recurrence_keeps_every_gradient() {
    let run = ThroughTime {
        activation: vanishing::Activation::Identity,
        spectral_norm: 1.0,
        orthogonal: true,
        steps: 100,
        ..ThroughTime::default()
    };
    Published {
        paper: "Arjovsky, Shah and Bengio 2016",
        place: "section 3",
        what: "‖∂h_100/∂h_0‖ of a linear network with orthogonal weights",
        expected: 1.0,
        tolerance: 1e-12,
        because: "a hundred products of matrices that are orthogonal to 1e-15",
    }
    .is_met_by(run.run().numbers("jacobian_norm")[100]);
}

#[test]
fn le_the_adding_problems_baseline_is_a_sixth() {
    // The best constant for the sum of two numbers between 0 and 1 is 1, and pays the variance. A sum over a grid of midpoints:
    // its error is 1/(6 · 1000²).
    let midpoints: Vec<f64> = (0..1000).map(|k| (f64::from(k) + 0.5) / 1000.0).collect();
    let squares = |a: &f64| midpoints.iter().map(|b| (a + b - 1.0).powi(2)).sum::<f64>();
    let baseline = midpoints.iter().map(squares).sum::<f64>() / 1e6;
    Published {
        paper: "Arjovsky, Shah and Bengio 2016",
        place: "the adding problem",
        what: "the error of always saying 1",
        expected: 0.167,
        tolerance: 0.0005,
        because: "three digits",
    }
    .is_met_by(baseline);
    claim(
        "Le, Jaitly and Hinton 2015",
        "section 4.1",
        "the 0.1767 given there is not that error",
        (baseline - 0.1767).abs() > 0.01 && (baseline - 1.0 / 6.0).abs() < 1e-6,
        baseline,
    );
}

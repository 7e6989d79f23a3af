//! Skip connections, and how alike the gradients of two inputs are.

use crate::{Published, claim};
use experiments::shattered::{blocks, both_on, correlation_behind, measured, on_for_both, theory};
use experiments::skip::{Blocks, Branch};
use vanishing::{Array2, ChaCha8Rng, Init, Pass, SeedableRng, sigmoid};

const BALDUZZI: &str = "Balduzzi et al. 2017";
const DE: &str = "De and Smith 2020";

fn correlation(branch: Branch, scale: Option<f64>, depth: usize, seeds: u64) -> f64 {
    measured(&Blocks { seeds, ..blocks(branch, scale, depth) }).expect("the blocks can be built")
}

#[test]
fn balduzzi_with_batch_norm_a_layer_halves_the_correlation_of_gradients() {
    // −1/63 is the correlation of two of 64 examples whose mean is 0.
    Published {
        paper: BALDUZZI,
        place: "theorem 1, covariance 1/2^L, with the correlation that a norm over 64 examples leaves",
        what: "1 − arccos(−1/63)/π",
        expected: 0.494_95,
        tolerance: 5e-6,
        because: "a second program, in Python, written down to five decimals",
    }
    .is_met_by(both_on(-1.0 / 63.0));
    for depth in 1..=5 {
        Published {
            paper: BALDUZZI,
            place: "theorem 1",
            what: &format!("correlation behind {depth} layers with batch norm, a layer's share"),
            expected: 0.494_95,
            tolerance: 0.025,
            because: "a network of 200 scatters by a few per cent; 5 % of the share is what the numpy run of the reference had too",
        }
        .is_met_by(correlation(Branch::NormFirst, None, depth, 6).powf(1.0 / depth as f64));
    }
}

#[test]
fn balduzzi_without_batch_norm_it_is_no_power_of_a_half() {
    // The mean-field product, in a second program, in Python.
    let product = [
        (1, 0.5),
        (2, 0.301_557_624_213_600_44),
        (3, 0.200_345_020_818_024),
        (5, 0.104_558_841_541_547_63),
        (10, 0.033_652_150_976_631_77),
        (20, 0.008_235_344_479_815_618),
        (50, 0.000_912_024_219_774_420_7),
    ];
    for (depth, expected) in product {
        Published {
            paper: "mean-field theory, our own derivation",
            place: "Π (1 − arccos(c_l)/π)",
            what: &format!("correlation behind {depth} plain layers, in theory"),
            expected,
            tolerance: 1e-13,
            because: "double precision on both sides",
        }
        .is_met_by(theory(&blocks(Branch::WeightsLast, None, depth)));
    }
    for (depth, expected) in &product[..4] {
        Published {
            paper: "mean-field theory, our own derivation",
            place: "Π (1 − arccos(c_l)/π)",
            what: &format!("correlation behind {depth} plain layers, in networks of 200"),
            expected: *expected,
            tolerance: 0.02 * *depth as f64 * expected,
            because: "depth over width: a few times 1/200 for each layer",
        }
        .is_met_by(correlation(Branch::WeightsLast, None, *depth, 10));
    }
    let deep = correlation(Branch::WeightsLast, None, 10, 4);
    let what = "theorem 1 fails without batch norm: behind ten layers more than twenty times 2^-10";
    claim(BALDUZZI, "theorem 1", what, deep > 20.0 * 0.5_f64.powi(10), deep);
}

#[test]
fn balduzzi_the_reason_is_that_inputs_become_alike() {
    let mut c = 0.0;
    let mut at = vec![c];
    for _ in 0..50 {
        c = correlation_behind(c);
        at.push(c);
    }
    for (depth, expected) in
        [(1, std::f64::consts::FRAC_1_PI), (10, 0.871_535_516_021_517_5), (50, 0.987_861_944_937_345_6)]
    {
        Published {
            paper: "Cho and Saul 2009",
            place: "the arc-cosine kernel of degree 1, iterated",
            what: &format!("correlation of two orthogonal inputs behind {depth} layers of ReLU"),
            expected,
            tolerance: 1e-13,
            because: "a second program, in Python, in double precision",
        }
        .is_met_by(at[depth]);
    }
    for depth in [1, 2, 10] {
        let plain = Blocks { seeds: 20, ..blocks(Branch::WeightsLast, None, depth) };
        Published {
            paper: BALDUZZI,
            place: "the assumption that a quarter of the units is on for both inputs",
            what: &format!("the share behind {depth} plain layers is half of 1 − arccos(c)/π, and nears a half"),
            expected: 0.5 * both_on(at[depth]),
            tolerance: 0.015,
            because: "a neuron's share of the pairs scatters by about 0.3, so the mean of 20 networks of 200 by 0.005; three of those",
        }
        .is_met_by(on_for_both(&plain).expect("the blocks can be built"));
    }
}

#[test]
fn balduzzi_skip_connections() {
    for (depth, tolerance) in [(1, 0.02), (2, 0.03)] {
        Published {
            paper: BALDUZZI,
            place: "theorem 2, (3/4)^L, cited from memory",
            what: &format!("correlation behind {depth} blocks x + relu(x) w"),
            expected: 0.75_f64.powi(depth as i32),
            tolerance,
            because: "depth over width, and at depth 2 the inputs are already somewhat alike: 0.5816 in theory",
        }
        .is_met_by(correlation(Branch::WeightsLast, Some(1.0), depth, 6));
    }
    let deep = correlation(Branch::WeightsLast, Some(1.0), 10, 4);
    let what = "theorem 2 fails in deeper networks, for the same reason: more than twice (3/4)^10";
    claim(BALDUZZI, "theorem 2", what, deep > 2.0 * 0.75_f64.powi(10), deep);
    let with_norm = |depth| correlation(Branch::NormFirst, Some(1.0), depth, 4);
    for depth in [2, 8] {
        let blocks = blocks(Branch::NormFirst, Some(1.0), depth);
        Published {
            paper: "mean-field theory, our own derivation",
            place: "Π (1 + k/v_l)/(1 + 1/v_l)",
            what: &format!("correlation behind {depth} blocks with batch norm and skip connection"),
            expected: theory(&blocks),
            tolerance: 0.06 * theory(&blocks),
            because: "four networks of 200",
        }
        .is_met_by(with_norm(depth));
    }
    let (four, thirty_two) = (with_norm(4), with_norm(32));
    let power = (thirty_two / four).ln() / 8.0_f64.ln();
    let what = "theorem 3: with norm and skip connection a power of depth, between −0.8 and −0.5, and no exponential";
    claim(BALDUZZI, "theorem 3, 1/(β√L)", what, (-0.8..=-0.5).contains(&power), power);
}

#[test]
fn skip_scaled_by_the_root_of_depth_stays_below_e() {
    for depth in [10, 30] {
        let blocks = Blocks { scale: Some(1.0 / (depth as f64).sqrt()), depth, ..Default::default() };
        let growth = blocks.growth().expect("the blocks can be built");
        for (what, measured) in [("signal", growth.forward), ("gradient", growth.gradient)] {
            Published {
                paper: "Zhang, Dauphin and Ma 2019 (Fixup) for the scale, our own derivation of the limit",
                place: "(1 + 1/L)^L",
                what: &format!("growth of the {what}'s mean square over {depth} blocks"),
                expected: (1.0 + 1.0 / depth as f64).powi(depth as i32),
                tolerance: 0.05 * 2.7,
                because: "ten networks of 200, 32 examples",
            }
            .is_met_by(measured);
        }
    }
}

#[test]
fn skip_unscaled_doubles_with_every_block() {
    let growth = Blocks::default().growth().expect("the blocks can be built");
    for (what, measured) in [("signal", growth.forward), ("gradient", growth.gradient)] {
        Published {
            paper: "Yang and Schoenholz 2017 for the exponential, our own derivation of the base",
            place: "(1 + s²)^L",
            what: &format!("growth of the {what}'s mean square over 10 blocks with s = 1"),
            expected: 1024.0,
            tolerance: 0.15 * 1024.0,
            because: "ln of one network of 200 scatters by 0.3, a mean of ten by 0.1",
        }
        .is_met_by(measured);
    }
}

#[test]
fn de_and_smith_batch_norm_makes_a_branch_one_part_of_many() {
    for depth in [10, 30] {
        let blocks = Blocks { branch: Branch::NormFirst, depth, batch: 64, seeds: 4, ..Default::default() };
        let growth = blocks.growth().expect("the blocks can be built");
        let l = depth as f64;
        Published {
            paper: DE,
            place: "the branch of block l has 1/(l + 1) of the variance",
            what: &format!("the signal's mean square behind {depth} blocks is 1 + L"),
            expected: 1.0 + l,
            tolerance: 0.04 * (1.0 + l),
            because: "each block adds 1, up to √(2/n) = 10 % of it; the mean over blocks and networks is closer",
        }
        .is_met_by(growth.forward);
        Published {
            paper: "mean-field theory, our own derivation",
            place: "Π (1 + (B − 2)/(B − 3)/v_l)",
            what: &format!("the gradient's growth over {depth} blocks"),
            expected: blocks.theory().gradient,
            tolerance: 0.1 * blocks.theory().gradient,
            because: "four networks of 200, each with ln of the norm's square off by some per cent",
        }
        .is_met_by(growth.gradient);
    }
}

#[test]
fn rezero_starts_as_the_identity() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let zero = Blocks { scale: Some(0.0), depth: 100, width: 20, ..Default::default() };
    let network = zero.network(&mut rng).expect("the blocks can be built");
    let x = Init::Normal.weights(20, 20, &mut rng);
    let mut pass = Pass::new(&network, 20);
    network.forward_into(x.view(), &mut pass);
    // Row i of the identity comes back as row i of the Jacobian.
    let identity = Array2::eye(20);
    network.backward_from(identity.view(), &mut pass);
    let exact = pass.output() == x && pass.delta[1] == identity;
    claim("Bachlechner et al. 2021 (ReZero)", "initialisation", "output and Jacobian, to the bit", exact, exact);
}

#[test]
fn highway_carry_at_the_start() {
    let published = [
        (-1.0, 10, 0.0436),
        (-1.0, 50, 1.6e-7),
        (-2.0, 10, 0.281),
        (-2.0, 50, 0.001_75),
        (-3.0, 10, 0.615),
        (-3.0, 50, 0.0881),
        (-4.0, 10, 0.834),
        (-4.0, 50, 0.403),
    ];
    for (bias, depth, expected) in published {
        Published {
            paper: "Srivastava, Greff and Schmidhuber 2015 for the gate, computed in Python",
            place: "(1 − σ(b))^L",
            what: &format!("carried through {depth} layers with the gate's bias {bias}"),
            expected,
            tolerance: 0.02 * expected,
            because: "written down to two or three digits",
        }
        .is_met_by(sigmoid(-bias).powi(depth));
    }
}

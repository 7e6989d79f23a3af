//! The explosion of batch norm, and layer norm behind and inside of residual blocks.

use crate::{Published, claim};
use experiments::layer_norm::{Blocks, Place, by_block, pre_gradient};
use experiments::normalisation::{Growth, large_batch_growth, linear_growth, relu_growth};
use std::f64::consts::PI;
use vanishing::Activation::{Identity, Relu};

const YANG: &str = "Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz 2019";

#[test]
fn yang_the_rate_for_each_batch() {
    // Their formula as printed, evaluated in Python in double precision.
    let relu = [
        (4.0, 3.084_060_948_087_732),
        (5.0, 2.273_706_648_193_160_7),
        (8.0, 1.788_189_976_658_748_1),
        (16.0, 1.589_950_416_765_165_5),
        (32.0, 1.521_952_830_551_879_5),
        (64.0, 1.493_062_937_803_598_7),
        (128.0, 1.479_681_272_322_467_7),
        (512.0, 1.470_069_207_284_608_9),
    ];
    for (batch, expected) in relu {
        Published {
            paper: YANG,
            place: "theorem 8, α = 1",
            what: &format!("λ({batch}) for ReLU"),
            expected,
            tolerance: 1e-12,
            because: "rounding of two programs; ours has common factors removed",
        }
        .is_met_by(relu_growth(batch));
    }
    let rates: Vec<_> = relu.iter().map(|(batch, _)| relu_growth(*batch)).collect();
    claim(YANG, "theorem 8", "λ falls with the batch", rates.is_sorted_by(|a, b| a > b), format!("{rates:?}"));
    Published {
        paper: YANG,
        place: "theorem 8, the limit of large batches",
        what: "π/(π − 1), against E[φ′²]/Var[φ] by quadrature",
        expected: PI / (PI - 1.0),
        tolerance: 1e-12,
        because: "rounding",
    }
    .is_met_by(large_batch_growth(Relu));
}

#[test]
fn yang_random_networks_explode_at_that_rate() {
    for (activation, batch, tolerance) in
        [(Relu, 8, 0.06), (Relu, 32, 0.03), (Relu, 128, 0.03), (Identity, 8, 0.04), (Identity, 32, 0.012)]
    {
        let (measured, error) =
            Growth { activation, batch, width: 256, seeds: 4, ..Growth::default() }.measured().unwrap();
        let theory = if activation == Relu { relu_growth } else { linear_growth };
        Published {
            paper: YANG,
            place: "theorem 8",
            what: &format!("growth of ‖∂L/∂z‖² a layer, {}, batches of {batch} (± {error:.4})", activation.name()),
            expected: theory(batch as f64),
            tolerance,
            because: "four networks of width 256: three standard errors, and 1 % of finite width",
        }
        .is_met_by(measured);
    }
}

#[test]
fn yang_some_fifty_layers_are_too_many() {
    let limit = 16.0 / large_batch_growth(Relu).ln();
    claim(
        YANG,
        "depth limit of 16/ln λ",
        "below the 50 layers they report as untrainable",
        (41.0..42.0).contains(&limit),
        limit,
    );
}

const XIONG: &str = "Xiong et al. 2020";

#[test]
fn xiong_lemma_2_the_size_of_the_sums() {
    for blocks in [2, 8, 24] {
        let [post, pre] = [Place::Post, Place::Pre]
            .map(|place| Blocks::new(place, blocks).run().unwrap().numbers("sum_square")[blocks - 1]);
        Published {
            paper: XIONG,
            place: "lemma 2",
            what: &format!("E‖x‖²/d of the last Post-LN sum of {blocks}"),
            expected: 1.5,
            tolerance: 0.12,
            because: "a block's ½ scatters by √(5/128) = 20 % in a network, so 1.5 by 0.1, and eight have 0.035; a bit over three of those",
        }
        .is_met_by(post);
        let (low, high) = (1.0 + blocks as f64 / 2.0, 1.0 + 1.5 * blocks as f64);
        let what = format!(
            "E‖x‖²/d of Pre-LN block {blocks} is between {low} and {high}; without attention it is the lower bound"
        );
        // Each block's ½ scatters by 20 % in a network and 7 % in eight, the sum of l of them by 0.035 √l.
        let scatter = 3.0 * 0.035 * (blocks as f64).sqrt();
        claim(XIONG, "lemma 2", &what, pre > low - scatter && pre < low + scatter && pre < high, pre);
    }
}

#[test]
fn xiong_theorem_1_the_last_gradient_falls_with_the_root_of_the_depth_for_pre_ln_alone() {
    let table = by_block();
    let [blocks, block] = ["blocks", "block"].map(|column| table.numbers(column));
    let [post, pre] = ["post_gradient", "pre_gradient"].map(|column| table.numbers(column));
    let scatter = "the gradient of eight networks scatters by 3 %, and so does the one that it is relative to";
    for row in (0..blocks.len()).filter(|&row| blocks[row] == block[row]) {
        let depth = blocks[row] as usize;
        Published {
            paper: XIONG,
            place: "theorem 1",
            what: &format!("‖∂L/∂W₂‖ of the last of {depth} Post-LN blocks, relative to one block: O(1)"),
            expected: 1.0,
            tolerance: 0.1,
            because: scatter,
        }
        .is_met_by(post[row]);
        Published {
            paper: XIONG,
            place: "theorem 1, O(1/√L); the constant is our own derivation",
            what: &format!("the same for Pre-LN, times √(({depth} + 2)/3)"),
            expected: 1.0,
            tolerance: 0.1,
            because: scatter,
        }
        .is_met_by(pre[row] / pre_gradient(depth));
    }
}

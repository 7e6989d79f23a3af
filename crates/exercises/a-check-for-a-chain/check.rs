mod answer;

use exercises::Checks;
use vanishing::Chain;

type Gradient = fn(&Chain, f64, f64) -> Vec<f64>;

/// One way to be wrong, or none.
#[derive(PartialEq)]
enum Slip {
    None,
    NoWeight,
    WeightBefore,
    NoBias,
    NoLoss,
    Output,
    Reversed,
    LastSlope,
}

/// ∂L/∂w, layer by layer, with a slip.
fn backward(chain: &Chain, x: f64, dloss_da: f64, slip: Slip) -> Vec<f64> {
    let depth = chain.w.depth();
    let mut forward = chain.clone();
    if slip == Slip::NoBias {
        forward.b.iter_mut().for_each(|b| *b = 0.0);
    }
    let a = forward.forward(x);
    let mut da = if slip == Slip::NoLoss { 1.0 } else { dloss_da };
    let mut dw = vec![0.0; depth];
    for l in (1..=depth).rev() {
        let output = a[if slip == Slip::LastSlope { depth } else { l }];
        let delta = da * output * (1.0 - output);
        dw[l - 1] = delta * if slip == Slip::Output { a[l] } else { a[l - 1] };
        da = match slip {
            Slip::NoWeight => delta,
            Slip::WeightBefore => delta * chain.w[(l - 1).max(1)],
            _ => delta * chain.w[l],
        };
    }
    if slip == Slip::Reversed {
        dw.reverse();
    }
    dw
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.passes("the crate's backward", || {
        answer::test(|c, x, da| c.backward(&c.forward(x), da).dw.iter().copied().collect());
    });
    checks.passes("δ times what came in, link by link", || {
        answer::test(|c, x, da| backward(c, x, da, Slip::None));
    });
    let wrong: [(&str, Gradient); 7] = [
        ("slopes without weights, as in the notes", |c, x, da| backward(c, x, da, Slip::NoWeight)),
        ("each link with the weight before it", |c, x, da| backward(c, x, da, Slip::WeightBefore)),
        ("the forward pass without biases", |c, x, da| backward(c, x, da, Slip::NoBias)),
        ("without the gradient of the loss", |c, x, da| backward(c, x, da, Slip::NoLoss)),
        ("δ times the neuron's output, not its input", |c, x, da| backward(c, x, da, Slip::Output)),
        ("from the last layer to the first", |c, x, da| backward(c, x, da, Slip::Reversed)),
        ("the last layer's slope in all layers", |c, x, da| backward(c, x, da, Slip::LastSlope)),
    ];
    for (what, gradient) in wrong {
        checks.kills(what, || answer::test(gradient));
    }
    checks.finish()
}

mod answer;

use exercises::{Checks, close};
use experiments::log_normal::LogNormal;

/// No neuron can move from one layer to another and make β smaller.
fn best(neurons: usize, layers: usize) -> Result<(), String> {
    let widths = answer::arrange(neurons, layers);
    let found = widths.iter().sum::<usize>();
    if widths.len() != layers || found != neurons {
        return Err(format!("found {found} neurons in {} layers", widths.len()));
    }
    if widths.contains(&0) {
        return Err(format!("{widths:?} has an empty layer"));
    }
    let (least, most) = (widths.iter().min(), widths.iter().max());
    match least.zip(most) {
        Some((least, most)) if most - least > 1 => Err(format!("{widths:?} can be improved")),
        _ => Ok(()),
    }
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    for widths in [vec![20; 50], vec![100; 10], [10, 50].repeat(10)] {
        let start = &widths[..2];
        checks.holds(&format!("typical, {} layers of {start:?} and so on", widths.len()), || {
            let law = LogNormal { widths: widths.clone(), ..LogNormal::default() }.asymptotic();
            close(answer::typical(&widths), vanishing::exp(law.mean / 2.0), 1e-12)
        });
    }
    checks.holds("what two networks leave, one behind the other, is a product", || {
        let (one, two, both) = ([7, 30], [12], [7, 30, 12]);
        close(answer::typical(&both), answer::typical(&one) * answer::typical(&two), 1e-12)
    });
    for (neurons, layers) in [(600, 20), (100, 7), (59, 10), (5, 5), (13, 1)] {
        checks.holds(&format!("{neurons} neurons in {layers} layers"), || best(neurons, layers));
    }
    checks.finish()
}

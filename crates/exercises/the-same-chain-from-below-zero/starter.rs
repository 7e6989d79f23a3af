use vanishing::Activation::{Relu, Sigmoid, Tanh};
use vanishing::{Activation, Chain};

fn main() {
    let left = |activation: Activation| {
        let chain = Chain::uniform(30, 1.0, 0.0, activation);
        chain.steps(-0.5)[0].product
    };
    let mut all = [Sigmoid, Tanh, Relu].map(|kind| (left(kind), kind.name()));
    all.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    for (left, name) in all {
        println!("{left:>9.2e} is left by {name}");
    }
}

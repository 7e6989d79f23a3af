use vanishing::{Activation::Sigmoid, Chain};

fn main() {
    let chain = Chain::uniform(5, 4.0, -2.0, Sigmoid);
    for x in [0.1, 0.3, 0.5] {
        println!("input {x} leaves {:.3}", chain.steps(x)[0].product);
    }
}

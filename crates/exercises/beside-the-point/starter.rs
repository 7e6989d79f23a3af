use experiments::small_cells::latch;
use vanishing::{Activation, RecurrentWeights, Rnn, array, jacobian_norms, unroll};

fn main() {
    let u = array![[1.5, 1.5], [-1.0, -1.0]];
    let weights = RecurrentWeights::new(array![[0.0, 0.0]], u, array![1.0, 20.0]);
    let weights = weights.expect("two neurons");
    let cell = Rnn::new(weights, Activation::Tanh).expect("u is square");
    let (inputs, start) = (vec![array![[0.0]]; 50], array![[0.01, 1.0]]);
    let states = unroll(&cell, &inputs, &start).states;
    let norms = jacobian_norms(&cell, &inputs, &start);
    println!(" t   first neuron   norm");
    for t in [0, 5, 10, 15, 20, 50] {
        println!("{t:>2} {:>14.6}   {:.3e}", states[t][[0, 0]], norms[t]);
    }
    let (at, slope) = latch(1.5);
    println!("it rests at {at:.6}, with the slope {slope:.3}");
    let size = match norms[50] {
        norm if norm > 1e8 => "above 1e8",
        norm if norm > 1.0 => "between 1 and 1e8",
        _ => "below 1",
    };
    println!("at step 50 it is {size}");
}

use vanishing::sigmoid_slope;

fn main() {
    // The page's: a sigmoid, and the output 1 of the neuron before.
    let factor = |k: i32| {
        let w = f64::from(k) * 1e-3;
        w * sigmoid_slope(w)
    };
    let largest = (0..20_000).map(factor).fold(0.0, f64::max);
    println!("{largest:.6}");
}

//! x
use experiments::gradient_by_layer::*;
use experiments::initialisation::*;
use experiments::mean_field::MeanField;
use vanishing::*;
fn main() {
    let t0 = std::time::Instant::now();
    let n = networks();
    for a in [
        Activation::Identity,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::LeakyRelu,
        Activation::Elu,
        Activation::Selu,
        Activation::Gelu,
        Activation::Silu,
    ] {
        print!("{:>10}", a.name());
        for i in [Init::Uniform, Init::Glorot, Init::He, Init::Orthogonal] {
            let s = Start::new(a, i);
            let l = s.left(&n).unwrap();
            print!("  {:.4} ({:.4})", rate(&l), rate(&s.left_in_theory(30)));
        }
        println!();
    }
    println!("{:.2}", t0.elapsed().as_secs_f64());
    for w in [100, 400] {
        let n = GradientByLayer { width: w, ..networks() };
        let s = Start::new(Activation::Gelu, Init::He);
        println!("gelu he {w} {:.4} {:.4}", rate(&s.left(&n).unwrap()), rate(&s.left_in_theory(30)));
    }
    for g in [1.0, 1.1439, 5.0 / 3.0, 5.0] {
        let m = MeanField { activation: Activation::Tanh, weight_var: g * g, bias_var: 0.0 };
        println!("{g} {:?} q1 {} ", m.deep_limit(), m.variance(1.0));
    }
    let m = MeanField { activation: Activation::Gelu, weight_var: 2.35172, bias_var: 0.0 };
    println!("gelu {:?}", [0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 2.0].map(|q| m.variance(q) / q));
    let t0 = std::time::Instant::now();
    let t = experiments::tanh::scales();
    println!("scales {:.2}", t0.elapsed().as_secs_f64());
    for k in [1, 10, 30, 100] {
        println!("{:?}", t.rows()[k].iter().map(|c| c.to_string()).collect::<Vec<_>>());
    }
}

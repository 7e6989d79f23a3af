use experiments::sigmoid_rate::theory;

fn main() {
    let weight_std = (1.0_f64 / 3.0).sqrt();
    let deep = theory(weight_std, 0.0).deep_limit();
    println!("{:.4}", deep.chi1.sqrt());
}

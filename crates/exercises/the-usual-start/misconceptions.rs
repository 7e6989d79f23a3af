use experiments::sigmoid_rate::theory;

fn main() {
    let variance = 1.0_f64 / 3.0;
    println!("forgot the root: {:.4}", variance / 4.0);
    let chi1 = theory(variance.sqrt(), 0.0).deep_limit().chi1;
    println!("the square of the norm: {chi1:.4}");
    let usual = theory(1.0, 0.0).deep_limit().chi1.sqrt();
    println!("as with variance 1/n: {usual:.4}");
    println!("the weights alone: {:.4}", variance.sqrt());
}

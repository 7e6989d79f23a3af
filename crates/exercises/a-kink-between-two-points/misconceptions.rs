use vanishing::{Activation::Relu, central_difference};

fn main() {
    let (x, z) = (2.0, 2.0 * 0.251 - 0.5);
    println!("the derivative: {:.3}", Relu.slope_at(z) * x);
    let both = 0.5 * (Relu.slope_at(1.0) + Relu.slope_at(-1.0));
    println!("the mean of both slopes: {:.3}", both * x);
    let by_z = central_difference(|z| Relu.value(z), z, 0.01);
    println!("forgot the input: {by_z:.3}");
    let (w, h) = (0.251, 0.01);
    let a = |w: f64| Relu.value(x * w - 0.5);
    println!("divided by h: {:.3}", (a(w + h) - a(w - h)) / h);
}

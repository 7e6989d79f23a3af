use vanishing::*;

fn main() {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let (widths, tanh, loss) = ([50, 40, 7], Activation::Tanh, Loss::SquaredError);
    let network = Network::random(&widths, tanh, Init::Normal, loss, rng);
    let network = network.expect("the widths are not empty");
    let x = Init::Normal.weights(64, 50, rng);
    let mut turned = network.clone();
    if let Layer::Dense(first) = &mut turned.layers[1] {
        first.w.invert_axis(ndarray::Axis(0));
        first.w = first.w.as_standard_layout().into_owned();
    }
    let other = x.slice(ndarray::s![.., ..;-1]).to_owned();
    let pairs = || network.forward(&x).into_iter().zip(turned.forward(&other));
    let far = pairs().fold(0.0, |far: f64, (a, b)| far.max((a - b).abs()));
    println!("the furthest apart: {far:.1e}");
    let same = pairs().filter(|(a, b)| a.to_bits() == b.to_bits()).count();
    println!("the same bits: {same} of {}", pairs().count());
    let share = match same as f64 / pairs().count() as f64 {
        0.0 => "none",
        1.0 => "all",
        share if share > 0.5 => "more than half",
        _ => "fewer than half",
    };
    println!("that is {share}");
}

use experiments::dataset::Data;
use vanishing::*;

fn main() {
    let digits = Data::Digits.load().expect("the images are whole");
    let rows: Vec<_> = (0..100).collect();
    let x = digits.train_x.select(ndarray::Axis(0), &rows);
    let y = digits.train_y.select(ndarray::Axis(0), &rows);
    let widths = Blueprint::widths(64, 30, 10, 5);
    let loss = Loss::BinaryCrossEntropy;
    let plan = Blueprint::new(&widths, Activation::Sigmoid, Init::Normal, loss);
    let factors = [1.0, 0.0].map(|bias_std| {
        let plan = Blueprint { bias_std, ..plan.clone() };
        let mut product = 1.0;
        for seed in 0..40 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let network = plan.build(&mut rng).expect("the widths are not empty");
            let pass = network.gradient(&x, &y);
            let speed = |l: usize| norm(&pass.gradient[l].dense().db);
            product *= speed(4) / speed(1);
        }
        // Three factors between neighbours in each of 40 networks.
        product.powf(1.0 / 120.0)
    });
    println!("biases of variance 1: a factor of {:.1}", factors[0]);
    println!("biases of 0: a factor of {:.1}", factors[1]);
    let change = match factors[1] / factors[0] {
        0.97..1.03 => "the same",
        ..1.0 => "smaller",
        _ => "larger",
    };
    println!("without biases the factor is {change}");
}

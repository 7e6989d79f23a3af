use experiments::{dataset::Data, training::Training};
use vanishing::{Activation::Tanh, Report};

fn main() {
    let digits = Data::Digits.load().expect("the images are whole");
    let mut grows = vec![];
    for weight_std in [1.0, 1.5, 2.0, 5.0, 10.0, 20.0] {
        let (depth, epochs, activation) = (20, 0, Tanh);
        let rest = Training::default();
        let training = Training { depth, epochs, activation, weight_std, ..rest };
        let network = training.trained(&digits).expect("it can be built");
        let pass = network.gradient(&digits.train_x, &digits.train_y);
        let rows = Report::new(&network, &pass).layers;
        let mut rows = rows.iter().filter(|row| row.mean_slope.is_some());
        let layer_2 = rows.nth(1).expect("there are 21 layers");
        let layer_20 = rows.nth(17).expect("there are 21 layers");
        let ratio = layer_2.delta_norm / layer_20.delta_norm;
        let saturated = 100.0 * layer_20.saturated.unwrap_or(f64::NAN);
        println!("{weight_std:>4}: δ {ratio:.1e}, saturated {saturated:>2.0} %");
        if [1.5, 2.0, 20.0].contains(&weight_std) {
            grows.push(ratio > 1.0);
        }
    }
    let at = match grows[..] {
        [false, false, false] => "at none of them",
        [true, true, false] => "at 1.5 and 2",
        [false, false, true] => "at 20",
        [true, true, true] => "at all three",
        _ => "otherwise",
    };
    println!("it grows {at}");
}

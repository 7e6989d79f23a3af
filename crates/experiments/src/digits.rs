//! Real handwritten digits, and deep sigmoid networks that try to learn them.

use crate::Table;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use vanishing::{
    Activation, Array2, ChaCha8Rng, Init, Loss, Network, Report, SeedableRng, Sgd, accuracy, ndarray::Axis, train_epoch,
};

const FILE: &str = "crates/experiments/data/optdigits.u8";
const BYTES: &[u8] = include_bytes!("../data/optdigits.u8");
const SHA_256: &str = "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2";
const PIXELS: usize = 64;
const RECORD: usize = PIXELS + 1;
const TRAIN: usize = 1437;

/// A digits file that is not the one the book's numbers come from.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{FILE} was changed: its SHA-256 is {found}, expected {SHA_256}")]
pub struct TamperedDigits {
    found: String,
}

/// 1797 images of 8 × 8 pixels: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, UCI, CC BY 4.0.
///
/// `x`: (images, 64), each pixel shifted and scaled to mean 0 and variance 1 over the training images;
/// `y`: (images, 10), a 1 at the digit.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    /// The first 1437 images.
    pub train_x: Array2<f64>,
    /// Their digits.
    pub train_y: Array2<f64>,
    /// The other 360 images.
    pub test_x: Array2<f64>,
    /// Their digits.
    pub test_y: Array2<f64>,
}

impl Digits {
    /// The images that ship with the book.
    ///
    /// # Errors
    ///
    /// If the file is not byte for byte what it was when the book's numbers were computed.
    pub fn load() -> Result<Self, TamperedDigits> {
        Self::from_bytes(BYTES)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, TamperedDigits> {
        let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if found != SHA_256 {
            return Err(TamperedDigits { found });
        }
        let images = bytes.len() / RECORD;
        let mut x = Array2::from_shape_fn((images, PIXELS), |(image, pixel)| f64::from(bytes[image * RECORD + pixel]));
        let y = Array2::from_shape_fn((images, 10), |(image, digit)| {
            f64::from(u8::from(usize::from(bytes[image * RECORD + PIXELS]) == digit))
        });
        let train = x.view().split_at(Axis(0), TRAIN).0;
        let mean = train.mean_axis(Axis(0)).expect("there are images");
        // A pixel that is white in every training image has no scale of its own.
        let deviation = train.std_axis(Axis(0), 0.0).mapv(|deviation| if deviation == 0.0 { 1.0 } else { deviation });
        x = (x - mean) / deviation;
        let (train_x, test_x) = x.view().split_at(Axis(0), TRAIN);
        let (train_y, test_y) = y.view().split_at(Axis(0), TRAIN);
        Ok(Self {
            train_x: train_x.to_owned(),
            train_y: train_y.to_owned(),
            test_x: test_x.to_owned(),
            test_y: test_y.to_owned(),
        })
    }
}

/// The grey values, 0 (white) to 16 (black), and the digit of one image.
///
/// # Panics
///
/// If there is no image `index`; there are 1797.
pub fn image(index: usize) -> (&'static [u8], u8) {
    let record = &BYTES[index * RECORD..][..RECORD];
    (&record[..PIXELS], record[PIXELS])
}

/// One network's training: what was measured before the first epoch and after each.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    /// The number of hidden layers.
    pub hidden: usize,
    /// From epoch 0, before any step, to the last.
    pub epochs: Vec<Epoch>,
}

/// The state of a network after some epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// The cross-entropy over the training images.
    pub loss: f64,
    /// The share of the test images that it gets right.
    pub test_accuracy: f64,
    /// `‖∂L/∂wˡ‖` over the training images, from layer 1 to the output layer.
    pub weight_gradient_norms: Vec<f64>,
}

/// How long each network of this page trains.
pub const EPOCHS: usize = 30;

/// Trains a sigmoid network 64 – 30 – … – 30 – 10 with `hidden` hidden layers: weights `N(0, 1/n)`, biases 0, softmax
/// cross-entropy, gradient descent at the learning rate 0.1 in batches of 16.
pub fn train(digits: &Digits, hidden: usize, epochs: usize, seed: u64) -> Training {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut widths = vec![30; hidden + 2];
    widths[0] = PIXELS;
    widths[hidden + 1] = 10;
    let mut network = Network::random(&widths, Activation::Sigmoid, Init::Normal, Loss::SoftmaxCrossEntropy, &mut rng)
        .expect("the widths are not empty");
    let mut sgd = Sgd::new(0.1).expect("0.1 is a learning rate");
    let (x, y) = (&digits.train_x, &digits.train_y);
    let mut measured = vec![measure(&network, digits)];
    for _ in 0..epochs {
        train_epoch(&mut network, &mut sgd, x, y, 16, &mut rng);
        measured.push(measure(&network, digits));
    }
    Training { hidden, epochs: measured }
}

fn measure(network: &Network, digits: &Digits) -> Epoch {
    let pass = network.gradient(&digits.train_x, &digits.train_y);
    let report = Report::new(network, &pass);
    Epoch {
        loss: pass.loss,
        test_accuracy: accuracy(network, &digits.test_x, &digits.test_y),
        weight_gradient_norms: report.layers.iter().filter_map(|layer| layer.weight_gradient_norm).collect(),
    }
}

/// The depths of the page: hidden layers.
pub const DEPTHS: [usize; 4] = [1, 2, 3, 5];

/// One training for each of [`DEPTHS`], side by side.
pub fn trainings(digits: &Digits, seed: u64) -> Vec<Training> {
    DEPTHS.into_par_iter().map(|hidden| train(digits, hidden, EPOCHS, seed)).collect()
}

/// `epoch` and the training loss at each of the depths.
pub fn losses(trainings: &[Training]) -> Table {
    let names = trainings.iter().map(|training| format!("hidden_{}", training.hidden));
    let mut table = Table::new([String::from("epoch")].into_iter().chain(names));
    for epoch in 0..=EPOCHS {
        let losses = trainings.iter().map(|training| training.epochs[epoch].loss.into());
        table.push([epoch.into()].into_iter().chain(losses).collect());
    }
    table
}

/// `epoch` and `‖∂L/∂wˡ‖` of each layer of one training.
pub fn gradients(training: &Training) -> Table {
    let names = (1..=training.hidden + 1).map(|l| format!("layer_{l}"));
    let mut table = Table::new([String::from("epoch")].into_iter().chain(names));
    for (epoch, measured) in training.epochs.iter().enumerate() {
        let norms = measured.weight_gradient_norms.iter().map(|&norm| norm.into());
        table.push([epoch.into()].into_iter().chain(norms).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_file_is_the_one_that_scikit_learn_ships() {
        let images: Vec<_> = (0..BYTES.len() / RECORD).map(image).collect();
        assert_eq!(images.len(), 1797);
        let count = |digit| images.iter().filter(|(_, label)| *label == digit).count();
        assert_eq!((0..10).map(count).collect::<Vec<_>>(), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        let ink = |(pixels, _): &(&[u8], u8)| pixels.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
        assert_eq!((images.iter().map(ink).sum::<u32>(), ink(&images[0])), (561_718, 294));
    }

    #[test]
    fn a_single_changed_pixel_is_noticed() {
        let mut bytes = BYTES.to_vec();
        bytes[1000] ^= 1;
        let message = Digits::from_bytes(&bytes).unwrap_err().to_string();
        assert!(message.starts_with("crates/experiments/data/optdigits.u8 was changed: its SHA-256 is "), "{message}");
        assert!(message.ends_with(&format!("expected {SHA_256}")), "{message}");
        assert!(Digits::from_bytes(&bytes[..65]).is_err());
        assert!(Digits::from_bytes(&[]).is_err());
    }

    #[test]
    fn the_inputs_are_standardised_on_the_training_images() {
        let digits = Digits::load().unwrap();
        assert_eq!((digits.train_x.dim(), digits.test_x.dim()), ((1437, 64), (360, 64)));
        for pixel in digits.train_x.columns() {
            assert!(pixel.mean().unwrap().abs() < 1e-12);
            assert!(pixel.var(0.0) < 1.0 + 1e-12);
        }
    }

    #[test]
    fn five_hidden_layers_of_sigmoids_learn_nothing_and_one_learns_the_digits() {
        let trainings = trainings(&Digits::load().unwrap(), 1);
        let last: Vec<_> = trainings.iter().map(|training| &training.epochs[EPOCHS]).collect();
        assert!(last[0].test_accuracy > 0.88, "{:?}", last[0]);
        assert!(last[3].test_accuracy < 0.15, "{:?}", last[3]);
        assert!((last[3].loss - 10.0_f64.ln()).abs() < 0.02, "{:?}", last[3]);
        insta::assert_snapshot!(losses(&trainings));
        insta::assert_snapshot!(gradients(&trainings[3]));
    }

    #[test]
    fn three_layers_cost_the_gradient_the_mean_field_rate_three_times() {
        // From layer 5 back to layer 2, three times 0.236052; a factor of 2 covers the spread of a width of 30.
        let digits = Digits::load().unwrap();
        let logs = (0..8).map(|seed| {
            let norms = &train(&digits, 5, 0, seed).epochs[0].weight_gradient_norms;
            (norms[1] / norms[4]).ln()
        });
        let ratio = (logs.sum::<f64>() / 8.0).exp();
        assert_relative_eq!(ratio.log2(), 0.236_052_f64.powi(3).log2(), epsilon = 1.0);
    }
}

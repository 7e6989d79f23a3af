//! Real handwritten digits.

use super::Dataset;
use sha2::{Digest, Sha256};
use vanishing::{Array2, ndarray::Axis};

const FILE: &str = "crates/experiments/data/optdigits.u8";
const BYTES: &[u8] = include_bytes!("../../data/optdigits.u8");
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

pub(super) fn load() -> Result<Dataset, TamperedDigits> {
    from_bytes(BYTES)
}

fn from_bytes(bytes: &[u8]) -> Result<Dataset, TamperedDigits> {
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
    Ok(Dataset {
        train_x: train_x.to_owned(),
        train_y: train_y.to_owned(),
        test_x: test_x.to_owned(),
        test_y: test_y.to_owned(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let message = from_bytes(&bytes).unwrap_err().to_string();
        assert!(message.starts_with("crates/experiments/data/optdigits.u8 was changed: its SHA-256 is "), "{message}");
        assert!(message.ends_with(&format!("expected {SHA_256}")), "{message}");
        assert!(from_bytes(&bytes[..65]).is_err());
        assert!(from_bytes(&[]).is_err());
    }

    #[test]
    fn the_inputs_are_standardised_on_the_training_images() {
        let digits = load().unwrap();
        assert_eq!((digits.train_x.dim(), digits.test_x.dim()), ((1437, 64), (360, 64)));
        for pixel in digits.train_x.columns() {
            assert!(pixel.mean().unwrap().abs() < 1e-12);
            assert!(pixel.var(0.0) < 1.0 + 1e-12);
        }
    }
}

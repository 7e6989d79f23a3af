//! ReLU and its kin: the slopes, and what a wide network of each hands back of a gradient.

use crate::Table;
use vanishing::Activation;

/// ReLU, and what was made from it.
pub const KIN: [Activation; 6] =
    [Activation::Relu, Activation::LeakyRelu, Activation::Elu, Activation::Selu, Activation::Gelu, Activation::Silu];

/// Just right of 0, where four of the slopes jump.
const RIGHT_OF_0: f64 = 1e-9;

/// `z` from −4 to 4 in steps of an eighth, and φ′(z) of the sigmoid and each of [`KIN`].
///
/// At z = 0 itself stands the slope left of 0; the row after it is just right of 0.
pub fn slopes() -> Table {
    let names = KIN.iter().map(|kin| column(*kin));
    let mut table = Table::new([String::from("z"), "sigmoid".into()].into_iter().chain(names));
    let left = (-32..=0).map(|k| f64::from(k) / 8.0);
    let right = (1..=32).map(|k| f64::from(k) / 8.0);
    for z in left.chain([RIGHT_OF_0]).chain(right) {
        let slopes = [Activation::Sigmoid].into_iter().chain(KIN).map(|activation| activation.slope_at(z).into());
        table.push([z.into()].into_iter().chain(slopes).collect());
    }
    table
}

/// The name of an activation's column.
pub fn column(activation: Activation) -> String {
    activation.name().to_lowercase().replace(' ', "_")
}

//! When a network stands still: the same network trained on the digits, stored in each of the four formats.
//!
//! Training sees the same few images in every step. Then a step that moves no weight is the last: the next gradient is the same, to the
//! bit, and is lost as well.

use crate::Table;
use crate::dataset::{Data, Dataset};
use crate::mixed_precision::{Storage, Stored};
use rayon::prelude::*;
use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Error, Format, Init, Loss, SeedableRng, Sgd, accuracy, ndarray::Axis,
};

/// A network 64 – width – … – 10 with weights `N(0, 1/n)`, and its training by gradient descent.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// L, layers of weights.
    pub depth: usize,
    /// Neurons of each hidden layer.
    pub width: usize,
    /// φ of the hidden layers.
    pub activation: Activation,
    /// α.
    pub learning_rate: f64,
    /// How many steps at most.
    pub steps: usize,
    /// How many images there are, the first of the training images; each step sees them all.
    pub batch: usize,
    /// s: the way back starts from s · ∂L/∂ŷ, and a step uses the gradient divided by s.
    pub loss_scale: f64,
    /// Of the weights.
    pub seed: u64,
}

impl Default for Precision {
    /// Four layers of sigmoids, 8 wide, and 8 images.
    fn default() -> Self {
        Self {
            depth: 4,
            width: 8,
            activation: Activation::Sigmoid,
            learning_rate: 0.2,
            steps: 10_000,
            batch: 8,
            loss_scale: 1.0,
            seed: 1,
        }
    }
}

/// One network's training in one kind of storage.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// L before each step.
    pub losses: Vec<f64>,
    /// The share of the weights and biases that each step moved.
    pub moved: Vec<f64>,
    /// The share of the 360 test images that it gets right in the end.
    pub test_accuracy: f64,
}

impl Course {
    /// The number of steps that moved something, if the training then stood still.
    pub fn stands_still_after(&self) -> Option<usize> {
        (self.moved.last() == Some(&0.0)).then(|| self.moved.len() - 1)
    }
}

impl Precision {
    /// For each format: `format`, the `step` after which nothing moves, or the last step if something still moved, the share
    /// `still_moving` of the parameters that this last step moved, and the `loss` and the `test_accuracy` then.
    ///
    /// Everything is stored in the format, weights too.
    ///
    /// # Errors
    ///
    /// If the network can't be built, or the learning rate, the loss scale or the number of images is out of range.
    pub fn run(&self) -> Result<Table, Error> {
        let courses = self.trainings(&Format::ALL.map(Storage::all))?;
        let mut table = Table::new(["format", "step", "still_moving", "loss", "test_accuracy"]);
        for (format, course) in Format::ALL.into_iter().zip(courses) {
            let step = course.stands_still_after().unwrap_or(course.moved.len());
            let last = |values: &[f64]| values.last().copied().unwrap_or(f64::NAN);
            table.push(vec![
                format.name().into(),
                step.into(),
                last(&course.moved).into(),
                last(&course.losses).into(),
                course.test_accuracy.into(),
            ]);
        }
        Ok(table)
    }

    /// One training for each storage, side by side. The storages' own scales are multiplied by [`loss_scale`](Self::loss_scale).
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub fn trainings(&self, storages: &[Storage]) -> Result<Vec<Course>, Error> {
        let digits = Data::Digits.load().expect("the digits that were compiled in are whole");
        storages.par_iter().map(|storage| self.train(&digits, *storage)).collect()
    }

    fn train(&self, digits: &Dataset, storage: Storage) -> Result<Course, Error> {
        let available = digits.train_x.nrows();
        let in_range = |what, value: f64, holds: bool, expected| {
            if holds { Ok(()) } else { Err(Error::OutOfRange { what, value, expected }) }
        };
        let images = (1..=available).contains(&self.batch);
        in_range("the number of images", self.batch as f64, images, "1 to 1437")?;
        let scale = storage.loss_scale * self.loss_scale;
        in_range("the loss scale", scale, scale.is_finite() && scale > 0.0, "a positive number")?;
        let mut sgd = Sgd::new(self.learning_rate)?;
        let widths = Blueprint::widths(digits.train_x.ncols(), self.width, digits.train_y.ncols(), self.depth);
        let blueprint = Blueprint::new(&widths, self.activation, Init::Normal, Loss::SoftmaxCrossEntropy);
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut stored = Stored::new(&blueprint, storage.scaled(scale), self.batch, &mut rng)?;
        let first = |of: &Array2<f64>| of.view().split_at(Axis(0), self.batch).0.to_owned();
        let (x, y) = (first(&digits.train_x), first(&digits.train_y));
        let (mut losses, mut moved) = (vec![], vec![]);
        while moved.len() < self.steps && moved.last() != Some(&0.0) {
            losses.push(stored.gradient(x.view(), y.view()));
            moved.push(stored.step(&mut sgd));
        }
        let test_accuracy = accuracy(stored.network(), &digits.test_x, &digits.test_y);
        Ok(Course { losses, moved, test_accuracy })
    }
}

/// `step`, then the loss before it and the share of the parameters that it moved, with everything in f32, f16 or bf16, and with values
/// in bf16 and a master copy of the weights in f32. Every 50 steps; a network that stands still keeps its last loss, and moves 0.
///
/// # Errors
///
/// As for [`Precision::run`].
pub fn courses(precision: &Precision) -> Result<Table, Error> {
    let [f16, bf16, f32] = [Format::F16, Format::Bf16, Format::F32].map(Storage::all);
    let courses = precision.trainings(&[f32, f16, bf16, bf16.with_master()])?;
    let names = ["f32", "f16", "bf16", "bf16_master"];
    let columns = ["loss", "moved"].iter().flat_map(|what| names.map(|name| format!("{what}_{name}")));
    let mut table = Table::new(["step".to_owned()].into_iter().chain(columns));
    for step in (0..precision.steps).step_by(50) {
        let at = |values: &[f64]| values.get(step).or(values.last()).copied().unwrap_or(f64::NAN);
        let losses = courses.iter().map(|course| at(&course.losses).into());
        let moved = courses.iter().map(|course| at(&course.moved).into());
        table.push([step.into()].into_iter().chain(losses).chain(moved).collect());
    }
    Ok(table)
}

/// `scale_exponent` k, and the loss after training with the loss multiplied by `2^k` on the way back and divided out after: values in
/// f16 with 2 and with 4 layers of weights, and in bf16 with 4. The master copy of the weights is in f32.
///
/// # Errors
///
/// As for [`Precision::run`].
pub fn loss_scales(precision: &Precision, exponents: &[i32]) -> Result<Table, Error> {
    let mut table = Table::new(["scale_exponent", "f16_2_layers", "f16_4_layers", "bf16_4_layers"]);
    let losses = |format: Format, depth: usize| {
        let scaled = |&k: &i32| Storage::all(format).with_master().scaled(libm::ldexp(1.0, k));
        let storages: Vec<_> = exponents.iter().map(scaled).collect();
        let courses = Precision { depth, ..precision.clone() }.trainings(&storages)?;
        // A network that stands still has the loss of its last step.
        Ok::<_, Error>(
            courses.iter().map(|course| course.losses.last().copied().unwrap_or(f64::NAN)).collect::<Vec<_>>(),
        )
    };
    let columns = [losses(Format::F16, 2)?, losses(Format::F16, 4)?, losses(Format::Bf16, 4)?];
    for (at, &k) in exponents.iter().enumerate() {
        table.push([f64::from(k).into()].into_iter().chain(columns.iter().map(|losses| losses[at].into())).collect());
    }
    Ok(table)
}

/// `layer`, and of the δ that are stored after one pass through a network of `depth` layers of sigmoids 30 wide: the share that is
/// exactly 0, and the share that is subnormal, so has lost digits. 16 images.
///
/// # Errors
///
/// If the network can't be built.
pub fn underflow(depth: usize, storage: Storage) -> Result<Table, Error> {
    let digits = Data::Digits.load().expect("the digits that were compiled in are whole");
    let widths = Blueprint::widths(digits.train_x.ncols(), 30, digits.train_y.ncols(), depth);
    let blueprint = Blueprint::new(&widths, Activation::Sigmoid, Init::Normal, Loss::SoftmaxCrossEntropy);
    let mut stored = Stored::new(&blueprint, storage, 16, &mut ChaCha8Rng::seed_from_u64(1))?;
    let first = |of: &Array2<f64>| of.view().split_at(Axis(0), 16).0.to_owned();
    stored.gradient(first(&digits.train_x).view(), first(&digits.train_y).view());
    let smallest = storage.values.smallest_normal();
    let mut table = Table::new(["layer", "zero", "subnormal"]);
    for (l, delta) in (1_usize..).zip(stored.deltas()) {
        let share = |holds: &dyn Fn(f64) -> bool| {
            delta.iter().filter(|&&delta| holds(delta)).count() as f64 / delta.len() as f64
        };
        let zero = share(&|delta| delta == 0.0);
        table.push(vec![l.into(), zero.into(), share(&|delta| delta != 0.0 && delta.abs() < smallest).into()]);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short() -> Precision {
        Precision { depth: 3, width: 4, batch: 4, steps: 4000, ..Default::default() }
    }

    #[test]
    fn the_shorter_the_format_the_sooner_the_network_stands_still() {
        let table = short().run().unwrap();
        let steps = table.numbers("step");
        assert!(steps[1] < steps[0] && steps[0] <= steps[2], "bf16 has the fewest bits: {table}");
        let moving = table.numbers("still_moving");
        assert!(moving[1] == 0.0 && moving[2] > 0.5 && moving[3] > 0.5, "{table}");
    }

    #[test]
    fn what_stands_still_stands_still_for_good() {
        let course = |steps| Precision { steps, ..short() }.trainings(&[Storage::all(Format::Bf16)]).unwrap().remove(0);
        let still = course(4000);
        let step = still.stands_still_after().unwrap();
        assert_eq!(course(100_000), still);
        let before = course(step);
        assert_eq!(before.stands_still_after(), None);
        assert_eq!(before.test_accuracy, still.test_accuracy);
    }

    #[test]
    fn f16_learns_within_a_window_of_scales_and_bf16_with_any() {
        let precision = Precision { steps: 300, learning_rate: 0.5, ..Default::default() };
        let table = loss_scales(&precision, &[-26, 0, 26]).unwrap();
        let f16 = table.numbers("f16_2_layers");
        assert!(f16[0] > 1.5 && f16[1] < 0.2 && f16[2].is_nan(), "{table}");
        let bf16 = table.numbers("bf16_4_layers");
        assert!((bf16[0] - bf16[1]).abs() < 1e-9 && (bf16[2] - bf16[1]).abs() < 1e-9, "{table}");
    }

    #[test]
    fn scaling_brings_back_what_underflows_in_f16() {
        let f16 = Storage::all(Format::F16);
        let zeros = |storage| underflow(11, storage).unwrap().numbers("zero");
        let (plain, scaled) = (zeros(f16), zeros(f16.scaled(65_536.0)));
        assert!(plain[0] > 0.99 && scaled[0] < 0.1, "{plain:?} {scaled:?}");
        assert!(zeros(Storage::all(Format::Bf16)).iter().all(|&zero| zero == 0.0));
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let message = |precision: Precision| precision.run().unwrap_err().to_string();
        assert_eq!(message(Precision { batch: 0, ..short() }), "the number of images is 0; expected 1 to 1437");
        assert_eq!(
            message(Precision { loss_scale: 0.0, ..short() }),
            "the loss scale is 0; expected a positive number"
        );
    }
}

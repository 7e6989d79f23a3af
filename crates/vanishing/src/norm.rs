//! Normalisation: every column (batch norm) or every row (layer norm) is brought to mean 0 and variance 1.

use crate::Error;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, Axis, Zip};

/// What is averaged over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Each neuron over the batch: batch norm; Ioffe and Szegedy 2015.
    Batch,
    /// Each example over its neurons: layer norm; Ba, Kiros and Hinton 2016.
    Layer,
}

/// `x̂ = (x − μ) / √(v + ε)`, `a = γ x̂ + β`, with μ and v the mean and the variance over the batch or over the layer.
///
/// The variance is that of the numbers at hand (divided by their count, not by one less).
#[derive(Clone, Debug, PartialEq)]
pub struct Norm {
    /// Over the batch or over the layer.
    pub over: Over,
    /// γ, a gain a neuron: (width). It starts at 1.
    pub gain: Array1<f64>,
    /// β, a shift a neuron: (width). It starts at 0.
    pub shift: Array1<f64>,
    /// ε, added to the variance.
    pub epsilon: f64,
    /// Batch norm outside training: μ and v of each neuron over the training set, taken as constants. `None` while it
    /// trains, and always for layer norm.
    pub frozen: Option<(Array1<f64>, Array1<f64>)>,
}

/// `∂L/∂γ` and `∂L/∂β`, each (width).
#[derive(Clone, Debug, PartialEq)]
pub struct NormGradient {
    /// `∂L/∂γ`.
    pub dgain: Array1<f64>,
    /// `∂L/∂β`.
    pub dshift: Array1<f64>,
}

impl Norm {
    /// A norm of the given width with γ = 1 and β = 0.
    ///
    /// # Errors
    ///
    /// If ε is negative, infinite or not a number.
    ///
    /// ```
    /// use vanishing::{Norm, Over, array};
    /// let norm = Norm::new(Over::Layer, 3, 0.0).unwrap();
    /// let a = norm.forward(&array![[1.0, 2.0, 3.0]]);
    /// assert!((a[[0, 2]] - 1.5_f64.sqrt()).abs() < 1e-15);
    /// assert!(Norm::new(Over::Batch, 3, -1.0).is_err());
    /// ```
    pub fn new(over: Over, width: usize, epsilon: f64) -> Result<Self, Error> {
        if !(epsilon.is_finite() && epsilon >= 0.0) {
            return Err(Error::OutOfRange {
                what: "the norm's epsilon",
                value: epsilon,
                expected: "a finite number of at least 0",
            });
        }
        Ok(Self { over, gain: Array1::ones(width), shift: Array1::zeros(width), epsilon, frozen: None })
    }

    /// How many neurons it normalises.
    pub fn width(&self) -> usize {
        self.gain.len()
    }

    /// `a = γ x̂ + β`. `x` and `a`: (batch, width).
    ///
    /// # Panics
    ///
    /// If `x` doesn't have width columns.
    pub fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut a = Array2::zeros(x.dim());
        self.forward_into(x.view(), &mut a);
        a
    }

    /// [`forward`](Self::forward) into a given `a`.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn forward_into(&self, x: ArrayView2<f64>, a: &mut Array2<f64>) {
        a.assign(&x);
        self.normalise(a);
        for mut a in a.rows_mut() {
            a *= &self.gain;
            a += &self.shift;
        }
    }

    /// From `∂L/∂a` to `∂L/∂γ`, `∂L/∂β` and `∂L/∂x`. `x` is what [`forward`](Self::forward) took.
    ///
    /// The mean and the variance depend on x too, and with `g = γ ∂L/∂a` that gives, over the numbers that were averaged,
    /// `∂L/∂x = (g − mean(g) − x̂ mean(g x̂)) / √(v + ε)`: what would only shift or stretch x has no effect, and is taken out.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn backward(&self, x: &Array2<f64>, da: &Array2<f64>) -> (NormGradient, Array2<f64>) {
        let mut gradient = self.zero_gradient();
        let mut dx = Array2::zeros(x.dim());
        self.backward_into(x.view(), da.view(), &mut gradient, Some(&mut dx));
        (gradient, dx)
    }

    /// [`backward`](Self::backward) into given buffers.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn backward_into(
        &self,
        x: ArrayView2<f64>,
        da: ArrayView2<f64>,
        gradient: &mut NormGradient,
        dx: Option<&mut Array2<f64>>,
    ) {
        let mut x_hat = x.to_owned();
        let scales = self.normalise(&mut x_hat);
        // ∂L/∂γ = Σ ∂L/∂a x̂, ∂L/∂β = Σ ∂L/∂a, over the batch.
        gradient.dgain.assign(&(&da * &x_hat).sum_axis(Axis(0)));
        gradient.dshift.assign(&da.sum_axis(Axis(0)));
        let Some(dx) = dx else { return };
        // g = γ ∂L/∂a
        Zip::from(&mut *dx).and(da).and_broadcast(&self.gain).for_each(|dx, &da, &gain| *dx = gain * da);
        let groups = dx.lanes_mut(self.axis()).into_iter().zip(x_hat.lanes(self.axis()));
        for ((mut g, x_hat), &scale) in groups.zip(&scales) {
            if self.frozen.is_none() {
                remove_shift_and_stretch(&mut g, x_hat);
            }
            g *= scale;
        }
    }

    /// The axis along which the numbers of one mean lie.
    fn axis(&self) -> Axis {
        match self.over {
            Over::Batch => Axis(0),
            Over::Layer => Axis(1),
        }
    }

    /// x becomes x̂; gives `1/√(v + ε)` of each neuron or each example.
    fn normalise(&self, x: &mut Array2<f64>) -> Array1<f64> {
        let (mean, variance) = match &self.frozen {
            Some((mean, variance)) => (mean.clone(), variance.clone()),
            None => moments(x.view(), self.axis()),
        };
        let scales = variance.mapv(|v| 1.0 / (v + self.epsilon).sqrt());
        for ((mut x, &mean), &scale) in x.lanes_mut(self.axis()).into_iter().zip(&mean).zip(&scales) {
            x.mapv_inplace(|x| (x - mean) * scale);
        }
        scales
    }

    /// Takes the mean and the variance of x, (batch, width), as constants from now on, if this is a batch norm: what it
    /// does once training is over, so that an example's answer does not depend on its neighbours.
    pub fn freeze(&mut self, x: ArrayView2<f64>) {
        if self.over == Over::Batch {
            self.frozen = Some(moments(x, Axis(0)));
        }
    }

    /// A gradient of this norm's shape, all zero.
    pub(crate) fn zero_gradient(&self) -> NormGradient {
        NormGradient { dgain: Array1::zeros(self.width()), dshift: Array1::zeros(self.width()) }
    }
}

/// The mean and the variance along an axis.
fn moments(x: ArrayView2<f64>, axis: Axis) -> (Array1<f64>, Array1<f64>) {
    let count = x.len_of(axis) as f64;
    let mean = x.sum_axis(axis) / count;
    // Around the mean, not the mean of the squares less the square of the mean, which cancels.
    let lanes = x.lanes(axis).into_iter().zip(&mean);
    let variance = lanes.map(|(x, mean)| x.fold(0.0, |sum, x| sum + (x - mean).powi(2)) / count).collect();
    (mean, variance)
}

/// `g − mean(g) − x̂ mean(g x̂)`.
fn remove_shift_and_stretch(g: &mut ArrayViewMut1<f64>, x_hat: ArrayView1<f64>) {
    let count = g.len() as f64;
    let shift = g.sum() / count;
    let stretch = g.dot(&x_hat) / count;
    g.zip_mut_with(&x_hat, |g, &x_hat| *g -= shift + x_hat * stretch);
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use ndarray::array;

    fn assert_close(left: &Array2<f64>, right: &Array2<f64>) {
        for (left, right) in left.iter().zip(right) {
            assert_relative_eq!(left, right, epsilon = 1e-13);
        }
    }

    #[test]
    fn columns_or_rows_get_mean_0_and_variance_1() {
        let x = array![[1.0, -5.0, 2.0], [3.0, 0.5, 2.5], [-2.0, 7.0, 9.0], [0.0, 1.0, 4.0]];
        for (over, axis) in [(Over::Batch, Axis(0)), (Over::Layer, Axis(1))] {
            let a = Norm::new(over, 3, 0.0).unwrap().forward(&x);
            for lane in a.lanes(axis) {
                assert_relative_eq!(lane.sum(), 0.0, epsilon = 1e-14);
                assert_relative_eq!(lane.var(0.0), 1.0, epsilon = 0.0, max_relative = 1e-14);
            }
        }
    }

    #[test]
    fn a_frozen_batch_norm_treats_each_example_alone() {
        let x = array![[1.0, -5.0], [3.0, 0.5], [-2.0, 7.0]];
        let mut norm = Norm::new(Over::Batch, 2, 1e-5).unwrap();
        let together = norm.forward(&x);
        norm.freeze(x.view());
        assert_eq!(norm.forward(&x), together);
        assert_eq!(norm.forward(&array![[3.0, 0.5]]).row(0), together.row(1));
    }

    #[test]
    fn the_scale_of_the_input_does_not_matter_and_its_gradient_has_no_part_along_it() {
        let x = array![[1.0, -5.0, 2.0], [3.0, 0.5, 2.5], [-2.0, 7.0, 9.0]];
        let da = array![[0.3, -0.1, 2.0], [1.0, 1.0, -1.0], [0.0, 0.2, 0.7]];
        for over in [Over::Batch, Over::Layer] {
            let norm = Norm::new(over, 3, 0.0).unwrap();
            assert_close(&norm.forward(&(&x * 1000.0)), &norm.forward(&x));
            let (_, dx) = norm.backward(&x, &da);
            let (_, dx_of_large) = norm.backward(&(&x * 1000.0), &da);
            assert_close(&(dx_of_large * 1000.0), &dx);
            assert_relative_eq!((&dx * &x).sum(), 0.0, epsilon = 1e-13);
        }
    }
}

//! A fully connected layer: the notes' `O = σ(w₁O₁ + w₂O₂ + b)`, for all neurons of the layer and a whole batch at once.

use crate::layer::IN_ROWS;
use crate::product::{multiply_into, neurons_into, sum_rows_into};
use crate::{Activation, Error};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2};
use pulp::Simd;

/// `z = x w + b`, `a = φ(z)`.
///
/// `w`: (fan_in, fan_out), `w[[i, j]]` from neuron i of the layer before to neuron j of this one; `b`: (fan_out).
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// The weights, (fan_in, fan_out).
    pub w: Array2<f64>,
    /// The biases, (fan_out).
    pub b: Array1<f64>,
    /// φ.
    pub activation: Activation,
}

/// `∂L/∂w` and `∂L/∂b`, in the shapes of `w` and `b`, for the loss that is the mean over the batch.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseGradient {
    /// `∂L/∂w`: (fan_in, fan_out).
    pub dw: Array2<f64>,
    /// `∂L/∂b`: (fan_out).
    pub db: Array1<f64>,
}

impl Dense {
    /// A layer with the given weights, biases and activation.
    ///
    /// # Errors
    ///
    /// If the shapes don't fit, a side is empty, or a weight or bias is not finite.
    ///
    /// ```
    /// use vanishing::{Activation, Dense, array};
    /// let error = Dense::new(array![[0.5], [f64::NAN]], array![0.0], Activation::Sigmoid).unwrap_err();
    /// assert_eq!(error.to_string(), "the weight from neuron 2 to neuron 1 is NaN; every weight must be finite");
    /// ```
    pub fn new(w: Array2<f64>, b: Array1<f64>, activation: Activation) -> Result<Self, Error> {
        let (fan_in, fan_out) = w.dim();
        if b.len() != fan_out {
            return Err(Error::BiasMismatch { fan_in, fan_out, biases: b.len() });
        }
        if let Some(((i, j), &value)) = w.indexed_iter().find(|(_, w)| !w.is_finite()) {
            return Err(Error::BadWeight { from: i + 1, to: j + 1, value });
        }
        if let Some((j, &value)) = b.indexed_iter().find(|(_, b)| !b.is_finite()) {
            return Err(Error::BadBias { neuron: j + 1, value });
        }
        // Row by row in memory, whatever way the caller's array lay, so that an optimiser finds them in one piece.
        Ok(Self { w: w.as_standard_layout().into_owned(), b: b.as_standard_layout().into_owned(), activation })
    }

    /// How many inputs each neuron has.
    pub fn fan_in(&self) -> usize {
        self.w.nrows()
    }

    /// How many neurons there are.
    pub fn fan_out(&self) -> usize {
        self.w.ncols()
    }

    /// `a = φ(x w + b)`. `x`: (batch, fan_in), gives `a`: (batch, fan_out).
    ///
    /// # Panics
    ///
    /// If `x` doesn't have fan_in columns.
    pub fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut a = Array2::zeros((x.nrows(), self.fan_out()));
        self.forward_into(x.view(), a.view_mut());
        a
    }

    /// [`forward`](Self::forward) into a given `a`: (batch, fan_out).
    ///
    /// # Panics
    ///
    /// If the shapes don't fit, or `a` doesn't lie row by row in memory.
    pub fn forward_into(&self, x: ArrayView2<f64>, a: ArrayViewMut2<f64>) {
        // a = φ(x w + b)
        neurons_into(x, self.w.view(), self.b.view(), self.activation, a);
    }

    /// The four lines of backpropagation through one layer, from `∂L/∂a` to `∂L/∂z`, `∂L/∂w`, `∂L/∂b` and `∂L/∂x`.
    ///
    /// `x` and `a` are what [`forward`](Self::forward) took and gave; `da`: (batch, fan_out). Gives
    /// `delta`: (batch, fan_out), the gradient of the parameters, and `dx`: (batch, fan_in).
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn backward(
        &self,
        x: &Array2<f64>,
        a: &Array2<f64>,
        da: &Array2<f64>,
    ) -> (Array2<f64>, DenseGradient, Array2<f64>) {
        let (mut delta, a) = (da.as_standard_layout().into_owned(), a.as_standard_layout());
        let mut gradient = self.zero_gradient();
        let mut dx = Array2::zeros(x.dim());
        self.backward_into(x.view(), a.view(), &mut delta, &mut gradient, Some(&mut dx));
        (delta, gradient, dx)
    }

    /// [`backward`](Self::backward) into given buffers. `delta` comes in as `∂L/∂a` and goes out as `∂L/∂z`; the first
    /// layer of a network needs no `dx`.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit, or `a` or `delta` doesn't lie row by row in memory.
    pub fn backward_into(
        &self,
        x: ArrayView2<f64>,
        a: ArrayView2<f64>,
        delta: &mut Array2<f64>,
        gradient: &mut DenseGradient,
        dx: Option<&mut Array2<f64>>,
    ) {
        // δ = ∂L/∂a ⊙ φ′(z)
        self.times_slope(x, a, delta.view_mut());
        // ∂L/∂b = Σ δ over the batch
        sum_rows_into(delta.view(), gradient.db.view_mut());
        // ∂L/∂w = xᵀ δ
        multiply_into(x.t(), delta.view(), gradient.dw.view_mut());
        // ∂L/∂x = δ wᵀ
        if let Some(dx) = dx {
            multiply_into(delta.view(), self.w.t(), dx.view_mut());
        }
    }

    /// `∂L/∂a` becomes `δ = ∂L/∂a ⊙ φ′(z)`, for some rows of a batch.
    pub(crate) fn times_slope(&self, x: ArrayView2<f64>, a: ArrayView2<f64>, mut delta: ArrayViewMut2<f64>) {
        if self.activation.keeps_z() {
            delta *= &self.slopes(x, a);
        } else {
            self.activation.times_slope(delta.as_slice_mut().expect(IN_ROWS), a.as_slice().expect(IN_ROWS));
        }
    }

    /// [`times_slope`](Self::times_slope) in code that runs with the vectors of `simd`.
    #[inline(always)]
    pub(crate) fn times_slope_by<S: Simd>(
        &self,
        simd: S,
        x: ArrayView2<f64>,
        a: ArrayView2<f64>,
        mut delta: ArrayViewMut2<f64>,
    ) {
        if self.activation.keeps_z() {
            delta *= &self.slopes(x, a);
        } else {
            let (delta, a) = (delta.as_slice_mut().expect(IN_ROWS), a.to_slice().expect(IN_ROWS));
            self.activation.times_slope_by(simd, delta, a);
        }
    }

    /// φ′(z): (batch, fan_out), from what [`forward`](Self::forward) took and gave. For an activation whose slope needs z, z is
    /// computed once more.
    pub(crate) fn slopes(&self, x: ArrayView2<f64>, a: ArrayView2<f64>) -> Array2<f64> {
        if !self.activation.keeps_z() {
            return a.mapv(|a| self.activation.slope(a));
        }
        let mut z = Array2::zeros(a.dim());
        neurons_into(x, self.w.view(), self.b.view(), Activation::Identity, z.view_mut());
        z.mapv_into(|z| self.activation.slope(z))
    }

    /// A gradient of this layer's shape, all zero.
    pub(crate) fn zero_gradient(&self) -> DenseGradient {
        DenseGradient { dw: Array2::zeros(self.w.dim()), db: Array1::zeros(self.b.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_neuron_is_the_sigmoid_of_its_weighted_sum() {
        let layer = Dense::new(array![[0.5], [-2.0]], array![0.1], Activation::Sigmoid).unwrap();
        let a = layer.forward(&array![[1.0, 0.25]]);
        // The chain starts at the bias.
        let z = 0.25_f64.mul_add(-2.0, 1.0_f64.mul_add(0.5, 0.1));
        assert_eq!(a, array![[crate::sigmoid(z)]]);
    }

    #[test]
    fn arrays_that_lie_column_by_column_give_the_same() {
        let layer =
            Dense::new(array![[0.5, 1.0, 0.3], [-2.0, 0.2, 0.7]], array![0.1, 0.0, -1.0], Activation::Tanh).unwrap();
        let (x, da) = (array![[1.0, 0.25], [-0.5, 3.0]], array![[1.0, -1.0, 0.5], [0.2, 0.4, 2.0]]);
        let by_columns = |of: &Array2<f64>| of.t().as_standard_layout().into_owned().reversed_axes();
        let a = layer.forward(&x);
        assert_eq!(layer.forward(&by_columns(&x)), a);
        assert_eq!(layer.backward(&by_columns(&x), &by_columns(&a), &by_columns(&da)), layer.backward(&x, &a, &da));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let ones = |rows, columns| Array2::ones((rows, columns));
        let message = |result: Result<Dense, Error>| result.unwrap_err().to_string();
        assert_eq!(
            message(Dense::new(ones(2, 3), array![0.0], Activation::Tanh)),
            "the weights are 2 to 3, but there are 1 biases; expected 3"
        );
        assert_eq!(
            message(Dense::new(ones(1, 2), array![0.0, f64::INFINITY], Activation::Tanh)),
            "the bias of neuron 2 is inf; every bias must be finite"
        );
    }
}

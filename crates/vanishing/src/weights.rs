//! What every recurrent cell begins with: the weighted sum of its input and of its state before.

use crate::product::{add_product_into, multiply_into};
use crate::{Error, Init};
use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, concatenate};
use rand::Rng;

/// `z = x w + h u + b`.
///
/// `w`: (inputs, columns), `u`: (width, columns), `b`: (columns), with `w[[i, j]]` from i to j as everywhere. A cell with several
/// gates has a block of columns for each, as wide as the state.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrentWeights {
    /// From the input, (inputs, columns).
    pub w: Array2<f64>,
    /// From the state before, (width, columns).
    pub u: Array2<f64>,
    /// The biases, (columns).
    pub b: Array1<f64>,
}

/// `∂L/∂w`, `∂L/∂u` and `∂L/∂b`, in the shapes of `w`, `u` and `b`, summed over the steps that have gone back through them.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrentGradient {
    /// `∂L/∂w`: (inputs, columns).
    pub dw: Array2<f64>,
    /// `∂L/∂u`: (width, columns).
    pub du: Array2<f64>,
    /// `∂L/∂b`: (columns).
    pub db: Array1<f64>,
}

impl RecurrentWeights {
    /// The given weights and biases.
    ///
    /// # Errors
    ///
    /// If the shapes don't fit, a side is empty, or a weight or bias is not finite.
    ///
    /// ```
    /// use vanishing::{RecurrentWeights, array};
    /// let error = RecurrentWeights::new(array![[1.0, 2.0]], array![[1.0]], array![0.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "the input leads to 2 values, but the state to 1; they are added, so both must be as many");
    /// ```
    pub fn new(w: Array2<f64>, u: Array2<f64>, b: Array1<f64>) -> Result<Self, Error> {
        if w.ncols() != u.ncols() {
            return Err(Error::UnevenSum { from_input: w.ncols(), from_state: u.ncols() });
        }
        for part in [&w, &u] {
            let (fan_in, fan_out) = part.dim();
            if fan_in == 0 || fan_out == 0 {
                return Err(Error::EmptyLayer { layer: 1, fan_in, fan_out });
            }
            if b.len() != fan_out {
                return Err(Error::BiasMismatch { fan_in, fan_out, biases: b.len() });
            }
            if let Some(((i, j), &value)) = part.indexed_iter().find(|(_, w)| !w.is_finite()) {
                return Err(Error::BadWeight { from: i + 1, to: j + 1, value });
            }
        }
        if let Some((j, &value)) = b.indexed_iter().find(|(_, b)| !b.is_finite()) {
            return Err(Error::BadBias { neuron: j + 1, value });
        }
        let in_order = |w: Array2<f64>| w.as_standard_layout().into_owned();
        Ok(Self { w: in_order(w), u: in_order(u), b: b.as_standard_layout().into_owned() })
    }

    /// Blocks of `width` columns, biases 0: the input's weights are `N(0, 1/inputs)`, each block of `u` is drawn by `init`.
    ///
    /// # Panics
    ///
    /// If a size is 0.
    pub(crate) fn random(inputs: usize, width: usize, blocks: usize, init: Init, rng: &mut impl Rng) -> Self {
        let w = Init::Normal.weights(inputs, blocks * width, rng);
        let drawn: Vec<_> = (0..blocks).map(|_| init.weights(width, width, rng)).collect();
        let views: Vec<_> = drawn.iter().map(|block| block.view()).collect();
        let u = concatenate(Axis(1), &views).expect("blocks of one shape");
        Self::new(w, u, Array1::zeros(blocks * width)).expect("the shapes fit")
    }

    /// `z = x w + h u + b`. `x`: (batch, inputs), `h`: (batch, width), gives `z`: (batch, columns).
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn forward(&self, x: ArrayView2<f64>, h: ArrayView2<f64>) -> Array2<f64> {
        let mut z = Array2::zeros((x.nrows(), self.b.len()));
        multiply_into(x, self.w.view(), z.view_mut());
        add_product_into(h, self.u.view(), z.view_mut());
        z += &self.b;
        z
    }

    /// From `δ = ∂L/∂z` to `∂L/∂x` and `∂L/∂h`; the gradient of the weights is *added* to what is there, since every step uses
    /// the same weights.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn back(
        &self,
        x: ArrayView2<f64>,
        h: ArrayView2<f64>,
        delta: ArrayView2<f64>,
        gradient: &mut RecurrentGradient,
    ) -> (Array2<f64>, Array2<f64>) {
        add_product_into(x.t(), delta, gradient.dw.view_mut());
        add_product_into(h.t(), delta, gradient.du.view_mut());
        gradient.db += &delta.sum_axis(Axis(0));
        let (mut dx, mut dh) = (Array2::zeros(x.dim()), Array2::zeros(h.dim()));
        multiply_into(delta, self.w.t(), dx.view_mut());
        multiply_into(delta, self.u.t(), dh.view_mut());
        (dx, dh)
    }

    /// How many values the state has that is fed back.
    pub(crate) fn width(&self) -> usize {
        self.u.nrows()
    }

    /// The weights as they are, if the columns are `blocks` times the width.
    pub(crate) fn of_blocks(self, blocks: usize) -> Result<Self, Error> {
        let (width, columns) = self.u.dim();
        if columns == blocks * width { Ok(self) } else { Err(Error::BadBlocks { width, blocks, columns }) }
    }

    /// A gradient of these shapes, all zero.
    pub(crate) fn zero_gradient(&self) -> RecurrentGradient {
        RecurrentGradient {
            dw: Array2::zeros(self.w.dim()),
            du: Array2::zeros(self.u.dim()),
            db: Array1::zeros(self.b.len()),
        }
    }

    /// Calls `visit` with w, u and b, each with its gradient.
    pub(crate) fn visit(&mut self, gradient: &mut RecurrentGradient, visit: &mut dyn FnMut(&mut [f64], &mut [f64])) {
        const IN_ORDER: &str = "weights lie row by row in memory";
        for (w, dw) in [(&mut self.w, &mut gradient.dw), (&mut self.u, &mut gradient.du)] {
            visit(w.as_slice_mut().expect(IN_ORDER), dw.as_slice_mut().expect(IN_ORDER));
        }
        visit(self.b.as_slice_mut().expect(IN_ORDER), gradient.db.as_slice_mut().expect(IN_ORDER));
    }
}

/// The columns that belong to gate number `at`, counted from 0, of a cell as wide as `width`.
pub(crate) fn block(z: &Array2<f64>, at: usize, width: usize) -> ArrayView2<'_, f64> {
    z.slice_axis(Axis(1), Slice::from(at * width..(at + 1) * width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Gru, Lstm, Rnn};
    use ndarray::array;

    fn ones(inputs: usize, width: usize, columns: usize) -> RecurrentWeights {
        let part = |rows| Array2::ones((rows, columns));
        RecurrentWeights::new(part(inputs), part(width), Array1::zeros(columns)).unwrap()
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let narrow = "a state of 2 needs 4 times as many columns of weights; found 2";
        assert_eq!(Lstm::new(ones(1, 2, 2)).unwrap_err().to_string(), narrow);
        let wide = "a state of 2 needs 1 times as many columns of weights; found 8";
        assert_eq!(Rnn::new(ones(1, 2, 8), Activation::Tanh).unwrap_err().to_string(), wide);
        let uneven = "the gates take (inputs, state) of (1, 2), but the candidate (3, 2)";
        assert_eq!(Gru::new(ones(1, 2, 4), ones(3, 2, 2)).unwrap_err().to_string(), uneven);
        let infinite = RecurrentWeights::new(array![[1.0]], array![[f64::INFINITY]], array![0.0]).unwrap_err();
        assert_eq!(infinite.to_string(), "the weight from neuron 1 to neuron 1 is inf; every weight must be finite");
    }

    #[test]
    fn the_gradient_is_added_to_what_is_there() {
        let weights = ones(1, 1, 1);
        let mut gradient = weights.zero_gradient();
        for _ in 0..2 {
            weights.back(array![[3.0]].view(), array![[5.0]].view(), array![[7.0]].view(), &mut gradient);
        }
        assert_eq!((gradient.dw[[0, 0]], gradient.du[[0, 0]], gradient.db[0]), (42.0, 70.0, 14.0));
    }
}

//! A skip connection: what comes in goes out again, and a branch only adds to it.

use crate::{Error, Layer, Layers, Pass, Subnormals};
use ndarray::{Array2, ArrayView2, Zip};

/// `a = x + s · branch(x)`; He, Zhang, Ren and Sun 2016 with `s = 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// The branch: any layers that give as many values as they take, residual ones included.
    pub branch: Layers<Layer>,
    /// s, what the branch is multiplied by.
    pub scale: f64,
    /// Whether s is trained like a weight: ReZero (Bachlechner et al. 2021) and SkipInit (De and Smith 2020) start it at 0.
    pub learn_scale: bool,
    width: usize,
}

/// What a pass leaves behind of a residual layer.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualGradient {
    /// `∂L/∂s = Σ ∂L/∂a ⊙ branch(x)`, over batch and width.
    pub dscale: f64,
    /// The branch's own pass, layers counted from 1 again. It has no loss.
    pub branch: Pass,
}

impl Residual {
    /// A skip connection around the given layers, with a fixed scale.
    ///
    /// # Errors
    ///
    /// If there is no layer, neighbours don't fit, the branch gives another number of values than it takes, or the scale is
    /// not finite.
    ///
    /// ```
    /// use vanishing::{Activation::Relu, Dense, Residual, array};
    /// let narrow = Dense::new(array![[0.5], [0.5]], array![0.0], Relu).unwrap();
    /// let error = Residual::new(vec![narrow], 1.0).unwrap_err();
    /// assert_eq!(error.to_string(), "a branch takes 2 values and gives 1; a skip connection needs as many out as in");
    /// ```
    pub fn new<L: Into<Layer>>(branch: Vec<L>, scale: f64) -> Result<Self, Error> {
        if !scale.is_finite() {
            let what = "the scale of a residual branch";
            return Err(Error::OutOfRange { what, value: scale, expected: "a finite number" });
        }
        let branch: Layers<Layer> = branch.into_iter().map(Into::into).collect();
        let (inputs, outputs) = crate::layer::widths(&branch)?;
        if inputs != outputs {
            return Err(Error::UnevenBranch { inputs, outputs });
        }
        Ok(Self { branch, scale, learn_scale: false, width: inputs })
    }

    /// The same with a scale that is trained.
    pub fn with_learned_scale(self) -> Self {
        Self { learn_scale: true, ..self }
    }

    /// How many values come in and go out.
    pub fn width(&self) -> usize {
        self.width
    }

    /// `a = x + s · branch(x)`; the branch's outputs are kept in `kept`. `x` and `a`: (batch, width).
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn forward_into(&self, x: ArrayView2<f64>, kept: &mut ResidualGradient, a: &mut Array2<f64>) {
        crate::layer::forward(&self.branch, x, &mut kept.branch);
        Zip::from(a).and(x).and(kept.branch.output()).for_each(|a, &x, &branch| *a = x + self.scale * branch);
    }

    /// `∂L/∂x = ∂L/∂a + s · (∂branch/∂x)ᵀ ∂L/∂a`: the 1 of the skip connection, whatever the branch does.
    ///
    /// `kept` is what [`forward_into`](Self::forward_into) left; the gradients of the branch go there too.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn backward_into(&self, da: ArrayView2<f64>, kept: &mut ResidualGradient, dx: Option<&mut Array2<f64>>) {
        kept.dscale = Zip::from(da).and(kept.branch.output()).fold(0.0, |sum, &da, &branch| sum + da * branch);
        let last = self.branch.depth();
        Zip::from(&mut kept.branch.delta[last]).and(da).for_each(|delta, &da| *delta = self.scale * da);
        match dx {
            Some(dx) => {
                crate::layer::backward(&self.branch, &mut kept.branch, Some(dx), Subnormals::Keep);
                *dx += &da;
            }
            None => crate::layer::backward(&self.branch, &mut kept.branch, None, Subnormals::Keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense, Init, Loss, Network};
    use ndarray::Array1;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    /// ReZero's claim, to the bit: with all scales at 0 the network is the identity, and so is its Jacobian.
    #[test]
    fn with_a_scale_of_0_everything_passes_unchanged() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut block = || {
            let w = Init::He.weights(4, 4, &mut rng);
            let dense = Dense::new(w, Array1::zeros(4), Activation::Relu).unwrap();
            Residual::new(vec![dense], 0.0).unwrap().with_learned_scale()
        };
        let blocks: Vec<_> = (0..20).map(|_| block()).collect();
        let network = Network::from_layers(blocks, Loss::SquaredError).unwrap();
        let x = Init::Normal.weights(3, 4, &mut rng);
        assert_eq!(network.forward(&x), x);
        let pass = network.gradient(&x, &Array2::zeros((3, 4)));
        for l in 1..20 {
            assert_eq!(pass.delta[l], pass.delta[20]);
        }
    }
}

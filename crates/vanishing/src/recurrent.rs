//! One layer applied again and again: unrolled forward, and gone back through.

use ndarray::{Array2, ArrayView2};

/// A recurrent cell: the same layer at every step, with a state that goes from one step to the next.
///
/// All of what one step hands to the next is the *state*, (batch, state_width). An LSTM has two such arrays; here they lie side by
/// side, so that unrolling, the Jacobian and the gradient check are the same for every cell.
pub trait Cell {
    /// What a step keeps for its `back`.
    type Kept;
    /// The gradient of the parameters, in their shapes.
    type Gradient;

    /// How many values one step takes.
    fn inputs(&self) -> usize;

    /// How many values a step hands to the next.
    fn state_width(&self) -> usize;

    /// One step. `x`: (batch, inputs) and `state`: (batch, state_width) give the state after it, and what
    /// [`back`](Self::back) needs.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    fn step(&self, x: ArrayView2<f64>, state: ArrayView2<f64>) -> (Array2<f64>, Self::Kept);

    /// The same step backward: from `dstate`, `∂L/∂(state after)`, to `∂L/∂x` and `∂L/∂(state before)`. The gradient of the
    /// parameters is *added* to what is there, since every step uses the same ones.
    ///
    /// `x` and `state` are what [`step`](Self::step) took, `kept` is what it kept.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    fn back(
        &self,
        x: ArrayView2<f64>,
        state: ArrayView2<f64>,
        kept: &Self::Kept,
        dstate: ArrayView2<f64>,
        gradient: &mut Self::Gradient,
    ) -> (Array2<f64>, Array2<f64>);

    /// A gradient of the parameters' shapes, all zero.
    fn zero_gradient(&self) -> Self::Gradient;

    /// Calls `visit` with every parameter and the gradient of it, always in the same order.
    fn visit(&mut self, gradient: &mut Self::Gradient, visit: &mut dyn FnMut(&mut [f64], &mut [f64]));
}

/// A sequence that went forward through a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Unrolled<K> {
    /// `states[t]` is the state after t steps, (batch, state_width); `states[0]` is where it began.
    pub states: Vec<Array2<f64>>,
    /// `kept[t − 1]` is what step t kept for its way back.
    pub kept: Vec<K>,
}

/// `state_t = step(x_t, state_{t−1})` for t = 1 to T. `xs`: T inputs, each (batch, inputs); `xs[t − 1]` is `x_t`.
///
/// # Panics
///
/// If the shapes don't fit.
pub fn unroll<C: Cell>(cell: &C, xs: &[Array2<f64>], state: &Array2<f64>) -> Unrolled<C::Kept> {
    let mut unrolled = Unrolled { states: vec![state.clone()], kept: vec![] };
    for (t, x) in xs.iter().enumerate() {
        let (state, kept) = cell.step(x.view(), unrolled.states[t].view());
        unrolled.states.push(state);
        unrolled.kept.push(kept);
    }
    unrolled
}

/// Backpropagation through time: step T first, step 1 last, each adding to the gradient of the same parameters.
///
/// `dstates[t − 1]` is what the loss says about `state_t` directly, (batch, state_width); what the later steps say about it is
/// added here. Gives `∂L/∂x_t` for t = 1 to T, and `∂L/∂state_0`.
///
/// # Panics
///
/// If there are not as many `dstates` as `xs`, or the shapes don't fit.
pub fn back_through_time<C: Cell>(
    cell: &C,
    xs: &[Array2<f64>],
    unrolled: &Unrolled<C::Kept>,
    dstates: &[Array2<f64>],
    gradient: &mut C::Gradient,
) -> (Vec<Array2<f64>>, Array2<f64>) {
    assert_eq!(xs.len(), dstates.len(), "{} inputs, but {} gradients of states", xs.len(), dstates.len());
    let mut dstate = Array2::zeros(unrolled.states[0].dim());
    let mut dxs = vec![];
    for t in (1..=xs.len()).rev() {
        dstate += &dstates[t - 1];
        let (x, state) = (xs[t - 1].view(), unrolled.states[t - 1].view());
        let (dx, before) = cell.back(x, state, &unrolled.kept[t - 1], dstate.view(), gradient);
        dxs.push(dx);
        dstate = before;
    }
    dxs.reverse();
    (dxs, dstate)
}

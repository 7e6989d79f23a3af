//! The same network trained with every stored number in a short format, as mixed-precision training stores them.
//!
//! Stored are the inputs, the weights, z, a, ∂L/∂a, δ, and the gradients of the parameters. What happens inside one operation, the sum
//! of a matrix product above all, is done in f64 and rounded once when it is stored, as tensor cores accumulate in a longer format than
//! they store.

use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Dense, Error, Format, Layer, Network, Optimiser, Pass,
    ndarray::ArrayView2,
};

/// In which format a number is stored, and what the loss is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Storage {
    /// Of what the forward and backward pass read and write: x, the weights as they use them, z, a, ∂L/∂a, δ, ∂L/∂w, ∂L/∂b.
    pub values: Format,
    /// Of the weights and biases that the optimiser moves. If it is a longer one, they are the master copy.
    pub weights: Format,
    /// s: the way back starts from s · ∂L/∂ŷ, and the optimiser gets the gradient divided by s, in f64.
    pub loss_scale: f64,
}

impl Storage {
    /// Everything in one format, without a scale.
    pub fn all(format: Format) -> Self {
        Self { values: format, weights: format, loss_scale: 1.0 }
    }

    /// The same with a master copy of the weights in f32.
    pub fn with_master(self) -> Self {
        Self { weights: Format::F32, ..self }
    }

    /// The same with a scaled loss.
    pub fn scaled(self, loss_scale: f64) -> Self {
        Self { loss_scale, ..self }
    }
}

/// A network, its weights in two copies, and the buffers of a step.
#[derive(Clone, Debug)]
pub struct Stored {
    storage: Storage,
    /// What the optimiser moves.
    master: Network,
    /// The same weights in the format that the passes read.
    working: Network,
    pass: Pass,
}

impl Stored {
    /// The network of a blueprint, stored. For batches of the given size.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn new(blueprint: &Blueprint, storage: Storage, batch: usize, rng: &mut ChaCha8Rng) -> Result<Self, Error> {
        let layers = blueprint.build(rng)?.layers;
        let mut master = Network::from_layers(layers.iter().flat_map(apart).collect(), blueprint.loss)?;
        let mut pass = Pass::new(&master, batch);
        master.visit(&mut pass, &mut |w, _| round_all(w, storage.weights));
        let mut stored = Self { storage, working: master.clone(), master, pass };
        stored.copy_weights();
        Ok(stored)
    }

    /// The network with the weights that the passes read.
    pub fn network(&self) -> &Network {
        &self.working
    }

    /// Forward, loss and backward for one batch, everything rounded as it is stored. Gives the loss, unscaled.
    ///
    /// # Panics
    ///
    /// If the shapes don't fit.
    pub fn gradient(&mut self, x: ArrayView2<f64>, y: ArrayView2<f64>) -> f64 {
        let format = self.storage.values;
        let (pass, layers) = (&mut self.pass, &self.working.layers);
        let last = layers.depth();
        pass.a[0].assign(&x);
        round(&mut pass.a[0], format);
        for l in 1..=last {
            let (before, from) = pass.a.split_at_mut(l);
            layers[l].forward_into(before[l - 1].view(), &mut pass.gradient[l], &mut from[0]);
            round(&mut from[0], format);
        }
        pass.loss = self.working.loss.value(&pass.a[last], y);
        self.working.loss.gradient_into(&pass.a[last], y, &mut pass.delta[last]);
        pass.delta[last] *= self.storage.loss_scale;
        round(&mut pass.delta[last], format);
        for l in (1..=last).rev() {
            // Out of its place for a moment, so that the layer before can be written at the same time.
            let mut delta = std::mem::take(&mut pass.delta[l]);
            let dx = (l > 1).then(|| &mut pass.delta[l - 1]);
            layers[l].backward_into(pass.a[l - 1].view(), pass.a[l].view(), &mut delta, &mut pass.gradient[l], dx);
            pass.delta[l] = delta;
            if l > 1 {
                round(&mut pass.delta[l - 1], format);
            }
        }
        self.working.visit(pass, &mut |_, dw| round_all(dw, format));
        pass.loss
    }

    /// A step with the gradient of the last pass. Gives the share of the stored parameters that it moved.
    ///
    /// # Panics
    ///
    /// If the optimiser is that of another network.
    pub fn step(&mut self, optimiser: &mut impl Optimiser) -> f64 {
        let Storage { weights, loss_scale, .. } = self.storage;
        let mut before = vec![];
        self.master.visit(&mut self.pass, &mut |w, dw| {
            before.extend_from_slice(w);
            dw.iter_mut().for_each(|dw| *dw /= loss_scale);
        });
        optimiser.step(&mut self.master, &mut self.pass);
        let (mut old, mut moved) = (before.iter(), 0_usize);
        self.master.visit(&mut self.pass, &mut |w, _| {
            round_all(w, weights);
            moved += w.iter().zip(&mut old).filter(|(new, old)| new != old).count();
        });
        self.copy_weights();
        moved as f64 / before.len() as f64
    }

    /// δ of each layer of weights after a pass, as it is stored, scale and all: (batch, width).
    pub fn deltas(&self) -> Vec<&Array2<f64>> {
        let dense = self.working.layers.iter().zip(self.pass.delta.iter());
        dense.filter(|(layer, _)| matches!(layer, Layer::Dense(_))).map(|(_, delta)| delta).collect()
    }

    fn copy_weights(&mut self) {
        self.working.layers.clone_from(&self.master.layers);
        let format = self.storage.values;
        self.working.visit(&mut self.pass, &mut |w, _| round_all(w, format));
    }
}

/// A dense layer as two, `z = x w + b` and `a = φ(z)`, so that z and δ are stored, and rounded, between them.
fn apart(layer: &Layer) -> Vec<Layer> {
    let Dense { w, b, activation } = layer.dense().clone();
    let linear = Layer::Dense(Dense { w, b, activation: Activation::Identity });
    match activation {
        Activation::Identity => vec![linear],
        activation => vec![linear, activation.into()],
    }
}

fn round(values: &mut Array2<f64>, format: Format) {
    values.mapv_inplace(|value| format.round(value));
}

fn round_all(values: &mut [f64], format: Format) {
    values.iter_mut().for_each(|value| *value = format.round(*value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing::{Init, Loss, SeedableRng, Sgd, array};

    fn blueprint() -> Blueprint {
        Blueprint::new(&[2, 4, 3], Activation::Tanh, Init::Normal, Loss::SoftmaxCrossEntropy)
    }

    fn stored(storage: Storage) -> Stored {
        Stored::new(&blueprint(), storage, 2, &mut ChaCha8Rng::seed_from_u64(1)).unwrap()
    }

    fn batch() -> (Array2<f64>, Array2<f64>) {
        (array![[0.3, -1.2], [2.0, 0.1]], array![[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    }

    #[test]
    fn in_f64_nothing_is_rounded_and_a_scale_of_two_changes_nothing() {
        let (x, y) = batch();
        let mut plain = blueprint().build(&mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let mut sgd = Sgd::new(0.1).unwrap();
        let mut unscaled = stored(Storage::all(Format::F64));
        let mut scaled = stored(Storage::all(Format::F64).scaled(1024.0));
        for _ in 0..5 {
            let mut pass = plain.gradient(&x, &y);
            sgd.step(&mut plain, &mut pass);
            for stored in [&mut unscaled, &mut scaled] {
                assert_eq!(stored.gradient(x.view(), y.view()), pass.loss);
                assert_eq!(stored.step(&mut sgd), 1.0);
            }
        }
        // A power of two is exact in binary, so the scaled network has the same bits.
        assert_eq!(unscaled.network(), scaled.network());
        assert_eq!(unscaled.network().layers[1].dense().w, plain.layers[1].dense().w);
        assert_eq!(unscaled.network().layers[3].dense().w, plain.layers[2].dense().w);
    }

    #[test]
    fn everything_that_is_stored_is_a_number_of_its_format() {
        let (x, y) = batch();
        for format in [Format::F16, Format::Bf16, Format::F32] {
            let mut stored = stored(Storage::all(format).with_master().scaled(8.0));
            let mut sgd = Sgd::new(0.1).unwrap();
            for _ in 0..3 {
                stored.gradient(x.view(), y.view());
                stored.step(&mut sgd);
                stored.gradient(x.view(), y.view());
                let mut numbers: Vec<f64> =
                    stored.pass.a.iter().chain(stored.pass.delta.iter().step_by(2)).flatten().copied().collect();
                stored.working.visit(&mut stored.pass, &mut |w, dw| {
                    numbers.extend_from_slice(w);
                    numbers.extend_from_slice(dw);
                });
                assert!(numbers.iter().all(|&number| format.round(number) == number), "{format:?}");
                stored.master.visit(&mut stored.pass, &mut |w, _| {
                    assert!(w.iter().all(|&w| Format::F32.round(w) == w));
                });
            }
        }
    }

    #[test]
    fn a_step_below_half_a_gap_moves_nothing_without_a_master_copy() {
        let (x, y) = batch();
        // Biases start at 0, where gaps are smallest, so they alone can move.
        let mut tiny = Sgd::new(1e-7).unwrap();
        let moved = |storage: Storage, tiny: &mut Sgd| {
            let mut stored = stored(storage);
            stored.gradient(x.view(), y.view());
            stored.step(tiny)
        };
        assert!(moved(Storage::all(Format::Bf16), &mut tiny) <= 7.0 / 27.0);
        assert!(moved(Storage::all(Format::F64), &mut tiny) == 1.0);
    }
}

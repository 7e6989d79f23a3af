//! The number of threads changes no bit.

use vanishing::{
    Activation, Array2, ChaCha8Rng, Init, Layers, Loss, Network, Optimiser, Pass, SeedableRng, Sgd, Subnormals,
};

/// Three steps of a network that is large enough for a second thread, with the norms of its gradients.
fn trained(widths: &[usize], activation: Activation, batch: usize) -> (Network, Layers<f64>, Array2<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut network = Network::random(widths, activation, Init::Glorot, Loss::SquaredError, &mut rng)
        .expect("the widths are not empty");
    network.subnormals = Subnormals::Flush;
    let (inputs, outputs) = (widths[0], widths[widths.len() - 1]);
    let (x, y) = (Init::Normal.weights(batch, inputs, &mut rng), Init::Normal.weights(batch, outputs, &mut rng));
    let (mut pass, mut sgd) = (Pass::new(&network, batch), Sgd::new(0.1).expect("a learning rate"));
    let mut norms = widths[1..].iter().map(|_| f64::NAN).collect();
    for _ in 0..3 {
        sgd.train_step(&mut network, x.view(), y.view(), &mut pass, Some(&mut norms));
    }
    let y_hat = network.forward(&x);
    (network, norms, y_hat)
}

fn same_on_any_number_of_threads(widths: &[usize], activation: Activation, batch: usize) {
    let train = || trained(widths, activation, batch);
    let alone = train();
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        assert_eq!(pool.install(train), alone, "{threads} threads");
    }
}

/// Each thread takes half of the batch.
#[test]
fn one_thread_two_and_none_of_a_pool_give_the_same_bits() {
    same_on_any_number_of_threads(&[784, 128, 128, 10], Activation::Tanh, 64);
    same_on_any_number_of_threads(&[784, 210, 10], Activation::Gelu, 33);
}

/// Whole layers for each thread, with gradients that vanish.
#[test]
fn so_do_many_narrow_layers() {
    same_on_any_number_of_threads(&[16; 600], Activation::Sigmoid, 32);
}

/// Each product is cut in two: since there is nothing else to cut, and since each thread would need all of many weights.
#[test]
fn so_do_a_single_example_and_wide_layers() {
    same_on_any_number_of_threads(&[784, 512, 512, 10], Activation::Tanh, 1);
    same_on_any_number_of_threads(&[784, 420, 420, 10], Activation::Tanh, 64);
}

//! The number of threads changes no bit.

use vanishing::{Activation, Array2, ChaCha8Rng, Init, Loss, Network, Optimiser, Pass, SeedableRng, Sgd};

/// Three steps of a network whose products are large enough for a second thread.
fn trained() -> (Network, Array2<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let widths = [784, 420, 420, 10];
    let mut network = Network::random(&widths, Activation::Tanh, Init::Glorot, Loss::SquaredError, &mut rng)
        .expect("the widths are not empty");
    let (x, y) = (Init::Normal.weights(64, 784, &mut rng), Init::Normal.weights(64, 10, &mut rng));
    let (mut pass, mut sgd) = (Pass::new(&network, 64), Sgd::new(0.1).expect("a learning rate"));
    for _ in 0..3 {
        sgd.train_step(&mut network, x.view(), y.view(), &mut pass, None);
    }
    let y_hat = network.forward(&x);
    (network, y_hat)
}

#[test]
fn one_thread_two_and_none_of_a_pool_give_the_same_bits() {
    let alone = trained();
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        assert_eq!(pool.install(trained), alone, "{threads} threads");
    }
}

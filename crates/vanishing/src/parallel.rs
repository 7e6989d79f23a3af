//! Two threads, where there is enough to do for both.

/// The multiply-adds from which on a second thread pays, some fifty microseconds of work. A thread that has nothing to do goes to sleep
/// after some ten, and waking it takes up to fifty where the machine is a virtual one.
const ENOUGH: usize = 1 << 20;

/// About so many multiply-adds take as long as one number from memory.
const FETCHED: usize = 8;

/// What a product takes, in multiply-adds: of (m, k) and (k, n).
pub(crate) fn work(m: usize, k: usize, n: usize) -> usize {
    (m * k * n).max(FETCHED * (m * k).max(k * n).max(m * n))
}

/// Whether there is a second thread.
///
/// Only inside a rayon pool, as in `pool.install(|| …)`: from outside, handing work over takes longer than most steps of training
/// do, and a program that never asked for threads should not have any.
pub(crate) fn is_possible() -> bool {
    rayon::current_thread_index().is_some() && rayon::current_num_threads() > 1
}

/// Whether a second thread shortens something that takes as long as `work` multiply-adds.
pub(crate) fn pays(work: usize) -> bool {
    work >= ENOUGH && is_possible()
}

/// Calls both, at the same time if that [`pays`] for what both do together.
pub(crate) fn join<A: Send, B: Send>(
    work: usize,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    if pays(work) { rayon::join(a, b) } else { (a(), b()) }
}

//! Two threads, where there is enough to do for both.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

/// The multiply-adds from which on a second thread pays, some twenty-five microseconds of work. A thread that has nothing to do goes to
/// sleep after some ten, and waking it takes up to fifty where the machine is a virtual one: but while a network trains it is mostly awake.
const ENOUGH: usize = 1 << 19;

/// About so many multiply-adds take as long as one number from memory.
const FETCHED: usize = 8;

/// What a product takes, in multiply-adds: of (m, k) and (k, n).
pub(crate) fn work(m: usize, k: usize, n: usize) -> usize {
    (m * k * n).max(FETCHED * (m * k).max(k * n).max(m * n))
}

thread_local! {
    /// How many times what this thread does was halved.
    static HALVINGS: Cell<u32> = const { Cell::new(0) };
}

/// Whether there is a second thread.
///
/// Only inside a rayon pool, as in `pool.install(|| …)`: from outside, handing work over takes longer than most steps of training
/// do, and a program that never asked for threads should not have any. And not for half of what both threads have already divided.
pub(crate) fn is_possible() -> bool {
    rayon::current_thread_index().is_some() && rayon::current_num_threads() >> HALVINGS.get() > 1
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
    if pays(work) { at_once(a, b) } else { (a(), b()) }
}

/// Calls both at the same time.
///
/// Unlike the threads of `rayon::join`, these two stay awake until both are done: one that went to sleep would be late for what comes
/// next.
pub(crate) fn at_once<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    let halvings = HALVINGS.get() + 1;
    let (a_is_done, b_is_begun, b_is_done) = (AtomicBool::new(false), AtomicBool::new(false), AtomicBool::new(false));
    let mut of_b = None;
    let of_a = rayon::in_place_scope(|scope| {
        scope.spawn(|_| {
            b_is_begun.store(true, Ordering::Release);
            of_b = Some(half(halvings, &b_is_done, b));
            wait_for(&a_is_done);
        });
        let of_a = half(halvings, &a_is_done, a);
        while !b_is_begun.load(Ordering::Acquire) {
            // The other thread has something else to do, so this one takes what waits: first of all b.
            rayon::yield_now();
        }
        wait_for(&b_is_done);
        of_a
    });
    (of_a, of_b.expect("the scope waits for b"))
}

/// What `f` gives, and a note that it is done. That is made even if `f` panics, as the other half waits for it.
fn half<R>(halvings: u32, is_done: &AtomicBool, f: impl FnOnce() -> R) -> R {
    struct Note<'a> {
        is_done: &'a AtomicBool,
        halvings_before: u32,
    }
    impl Drop for Note<'_> {
        fn drop(&mut self) {
            HALVINGS.set(self.halvings_before);
            self.is_done.store(true, Ordering::Release);
        }
    }
    let _note = Note { is_done, halvings_before: HALVINGS.replace(halvings) };
    f()
}

fn wait_for(is_done: &AtomicBool) {
    while !is_done.load(Ordering::Acquire) {
        std::thread::yield_now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    fn with_threads<R: Send>(threads: usize, f: impl FnOnce() -> R + Send) -> R {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
    }

    #[test]
    fn both_are_done_by_one_thread_as_by_two() {
        for threads in [1, 2] {
            let mut numbers = [0; 2];
            let [first, second] = &mut numbers;
            let given =
                with_threads(threads, || at_once(|| std::mem::replace(first, 3), || std::mem::replace(second, 4)));
            assert_eq!((given, numbers), ((0, 0), [3, 4]));
        }
    }

    #[test]
    fn halves_are_halved_again_if_there_are_threads_for_it() {
        let seen = |threads| {
            with_threads(threads, || {
                let (in_a, in_b) = at_once(is_possible, is_possible);
                assert_eq!(in_a, in_b);
                [is_possible(), in_a]
            })
        };
        assert_eq!([seen(1), seen(2), seen(3), seen(4)], [[false, false], [true, false], [true, false], [true, true]]);
        assert!(!is_possible(), "outside a pool");
    }

    #[test]
    fn a_panic_of_either_goes_on_and_leaves_no_thread_behind() {
        with_threads(2, || {
            assert!(catch_unwind(|| at_once(|| panic!("a"), || ())).is_err());
            assert!(catch_unwind(|| at_once(|| (), || panic!("b"))).is_err());
            assert!(is_possible());
            assert_eq!(at_once(|| 1, || 2), (1, 2));
        });
    }
}

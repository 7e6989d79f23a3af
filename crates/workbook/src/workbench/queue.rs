//! How many programs run at once, and how many wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// First come, first served.
pub(super) struct Queue {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
}

impl Queue {
    pub fn new(at_once: usize, most_waiting: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), waiting: AtomicUsize::new(0), most_waiting }
    }

    /// Waits for a place, which is free again when what it gives is dropped; nothing, if too many wait already.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        let _one = Waiting::enter(&self.waiting, self.most_waiting)?;
        self.places.clone().acquire_owned().await.ok()
    }
}

/// Somebody who waits, until this is dropped: also if they go away first.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let enter = |count| (count < most).then_some(count + 1);
        waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, enter).ok().map(|_| Self(waiting))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_runs_two_wait_and_the_fourth_is_turned_away() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let queue = Arc::new(Queue::new(1, 2));
            let first = queue.turn().await.expect("nobody else is there");
            let wait = || {
                let queue = queue.clone();
                tokio::spawn(async move { queue.turn().await })
            };
            let (second, third) = (wait(), wait());
            tokio::task::yield_now().await;
            assert!(queue.turn().await.is_none(), "two wait already");
            third.abort();
            tokio::task::yield_now().await;
            let fourth = wait();
            drop(first);
            let second = second.await.unwrap().expect("it waited");
            drop(second);
            assert!(fourth.await.unwrap().is_some(), "who went away made room");
        });
    }
}

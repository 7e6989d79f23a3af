//! What the checks of the exercises are written with. Each folder beside `src` is one exercise.
//!
//! A check is a program that calls the reader's module `answer`, and says what holds and what doesn't:
//!
//! ```
//! # mod answer { pub fn slope(a: f64) -> f64 { a * (1.0 - a) } }
//! use exercises::{Checks, close};
//! use vanishing::{central_difference, sigmoid};
//!
//! fn main() -> std::process::ExitCode {
//!     let mut checks = Checks::new();
//!     checks.holds("the slope at z = 0 is a quarter", || close(answer::slope(0.5), 0.25, 1e-15));
//!     checks.holds("it is the central difference of σ at z = 1", || {
//!         close(answer::slope(sigmoid(1.0)), central_difference(sigmoid, 1.0, 1e-5), 1e-9)
//!     });
//!     checks.finish()
//! }
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Says of each check, in a line, whether it holds, and keeps the score.
///
/// The lines begin with `[ok]`, `[failed]` and, at the end, `[score]`; `cargo book` reads them, and whatever else the
/// program prints is the reader's.
#[derive(Debug, Default)]
pub struct Checks {
    held: usize,
    all: usize,
}

impl Checks {
    /// No check yet. From now on a panic prints nothing by itself: the check that it happens in tells it.
    pub fn new() -> Self {
        std::panic::set_hook(Box::new(|_| {}));
        Self::default()
    }

    /// A check that holds if it gives `Ok`. A panic, such as a `todo!()` that is left, is a failure.
    pub fn holds(&mut self, what: &str, check: impl FnOnce() -> Result<(), String>) {
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Ok(())) => self.say(true, what),
            Ok(Err(why)) => self.say(false, &format!("{what}: {why}")),
            Err(panic) if is_todo(&*panic) => self.say(false, &format!("{what}: not written yet")),
            Err(panic) => self.say(false, &format!("{what}: it panicked, {}", words(&*panic))),
        }
    }

    /// The reader's test on the right implementation, which it must let pass. A test fails as Rust's do: it panics.
    pub fn passes(&mut self, what: &str, test: impl FnOnce()) {
        match catch_unwind(AssertUnwindSafe(test)) {
            Ok(()) => self.say(true, &format!("passes: {what}")),
            Err(panic) => self.say(false, &format!("should pass, but fails: {what}: {}", words(&*panic))),
        }
    }

    /// The reader's test on a wrong implementation, which it must kill.
    pub fn kills(&mut self, what: &str, test: impl FnOnce()) {
        match catch_unwind(AssertUnwindSafe(test)) {
            Ok(()) => self.say(false, &format!("survives: {what}")),
            // A starter that does nothing yet kills nothing.
            Err(panic) if is_todo(&*panic) => {
                self.say(false, &format!("survives: {what}"));
            }
            Err(_) => self.say(true, &format!("killed: {what}")),
        }
    }

    /// The score, and whether all of them hold.
    pub fn finish(self) -> ExitCode {
        println!("[score] {} of {}", self.held, self.all);
        if self.held == self.all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn say(&mut self, ok: bool, what: &str) {
        self.all += 1;
        self.held += usize::from(ok);
        // One line, whatever an assertion had to say.
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        println!("[{}] {what}", if ok { "ok" } else { "failed" });
    }
}

/// Whether it is a `todo!()` that is left.
fn is_todo(panic: &(dyn std::any::Any + Send)) -> bool {
    words(panic).starts_with("not yet implemented")
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Whether a number is as expected, to an absolute tolerance. NaN never is.
///
/// # Errors
///
/// What was found and what was expected.
pub fn close(found: f64, expected: f64, tolerance: f64) -> Result<(), String> {
    if (found - expected).abs() <= tolerance || found == expected {
        Ok(())
    } else {
        Err(format!("found {found}, expected {expected}"))
    }
}

/// [`close`] for each of some numbers.
///
/// # Errors
///
/// The first that is not as expected, counted from 0; or that there are too few or too many.
pub fn all_close(found: &[f64], expected: &[f64], tolerance: f64) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("found {} numbers, expected {}", found.len(), expected.len()));
    }
    for (k, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        close(found, expected, tolerance).map_err(|why| format!("number {k}: {why}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_counts_what_holds() {
        let mut checks = Checks::default();
        checks.holds("one", || Ok(()));
        checks.holds("two", || Err("no".into()));
        checks.passes("right", || {});
        checks.kills("wrong", || assert_eq!(1, 2));
        checks.kills("wrong, but the test is not written", || todo!());
        assert_eq!((checks.held, checks.all), (3, 5));
    }

    #[test]
    fn nan_is_never_close_and_infinity_is_close_to_itself() {
        assert!(close(f64::NAN, 0.0, f64::INFINITY).is_err());
        assert!(close(f64::INFINITY, f64::INFINITY, 0.0).is_ok());
        assert_eq!(all_close(&[1.0, 2.0], &[1.0, 2.5], 0.1), Err("number 1: found 2, expected 2.5".into()));
        assert_eq!(all_close(&[1.0], &[], 0.1), Err("found 1 numbers, expected 0".into()));
    }
}

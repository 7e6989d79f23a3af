//! The step of the book's own crate, for `run.py`.

use peer_vanishing::Ours;
use std::process::ExitCode;

fn main() -> ExitCode {
    grid::serve(
        "vanishing",
        &[
            ("step", |point| Box::new(Ours::new(point, false))),
            ("with gradient norms", |point| Box::new(Ours::new(point, true))),
        ],
    )
}

//! The tests of the tool, in one binary: each further one would be linked again.

mod cli;
mod common;
mod server;
mod snippets;

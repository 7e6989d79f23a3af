//! Compiling and running programs that call the book's crates: one way for the snippets of the chapters, for what a
//! reader makes of them in the page, and for the exercises.
//!
//! | what | module |
//! | --- | --- |
//! | a program run in its place, with limits | `confined.rs` |
//! | a program compiled against the crates as they are | `compiler.rs` |
//! | both, and what became of it in words and in lines | [`trial`] |

pub(crate) mod compiler;
pub(crate) mod confined;
pub mod trial;

pub use compiler::Compiler;
pub use confined::Able;
pub use trial::{Diagnostic, End, Trial};

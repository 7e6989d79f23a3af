//! The tool behind `cargo book`: it turns chapters into pages and holds every number on them to the code that prints it.
//!
//! | step | module |
//! | --- | --- |
//! | a chapter's snippets, outputs, quoted sources, figures, formulas and numbers | [`page`] |
//! | compiling and running a program, in its place | [`programs`] |
//! | the snippets of the chapters, their programs kept | [`snippets`] |
//! | is the page right? | [`check`] |
//! | make it right again: outputs, quoted sources, ledgers | [`bless`] |
//! | a new page, from a template | [`new`] |
//! | the page as mdBook renders it | [`preprocess`] |
//! | the figures, drawn when the code that draws them changed | [`drawings`] |
//! | the whole book, built | [`book`] |
//! | what mdBook puts on a page and its reader doesn't need | [`lean`] |
//! | the exercises, judged, and what the reader has done of them | [`exercises`] |
//! | the book, served and rebuilt on every change | [`serve`] |
//! | programs run and exercises checked for the served pages | [`workbench`] |
//! | the book's experiments with the reader's own parameters | [`run`] |

pub mod bless;
pub mod book;
pub mod check;
pub mod drawings;
pub mod exercises;
mod files;
pub mod lean;
pub mod new;
pub mod page;
pub mod preprocess;
mod problem;
pub mod programs;
pub mod run;
pub mod serve;
pub mod snippets;
pub mod workbench;

pub use problem::{Problem, Problems};

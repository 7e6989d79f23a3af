//! The tests of the book as a whole, in one binary: each further one would be linked again.

mod browser;
mod exercises;
mod figures;
mod links;
mod numbers;
mod pages;
mod references;
mod rendered;
mod site;
mod snippets;
mod source_map;
mod tolerances;
mod workbench;

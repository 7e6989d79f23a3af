//! The hash of `tests/bits` as a WebAssembly module of its own, without the crate's dependencies.

#[path = "../bits/mod.rs"]
mod bits;
#[path = "../../src/elementary.rs"]
mod elementary;

/// What `HASH` in `tests/elementary.rs` has to be.
#[no_mangle]
pub extern "C" fn hash() -> u64 {
    bits::hash([elementary::exp, elementary::exp_m1, elementary::tanh, elementary::sigmoid])
}

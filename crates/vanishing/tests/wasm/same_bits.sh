#!/bin/sh
# Are the bits of exp, exp_m1, tanh and the sigmoid in WebAssembly those of this machine?
#
# It needs node and a rustc with the target: rustup target add wasm32-unknown-unknown. RUSTC may name another one.
set -eu
cd "$(dirname "$0")"
module=$(mktemp)
trap 'rm -f "$module"' EXIT

# Edition 2021, so that older compilers can take part too. simd128 makes vectors of two.
for simd in -simd128 +simd128; do
    "${RUSTC:-rustc}" --edition 2021 -O --crate-type cdylib --target wasm32-unknown-unknown -C target-feature=$simd \
        -o "$module" lib.rs
    node - "$module" $simd <<'SCRIPT'
const { readFileSync } = require("fs");
const [module, simd] = process.argv.slice(2);
const native = BigInt(readFileSync("../elementary.rs", "utf8").match(/const HASH: u64 = (0x[0-9a-f_]+)/)[1].replace(/_/g, ""));
WebAssembly.instantiate(readFileSync(module)).then(({ instance }) => {
    const hash = BigInt.asUintN(64, instance.exports.hash());
    console.log(`${simd}: 0x${hash.toString(16)}, native 0x${native.toString(16)}`);
    process.exitCode = hash === native ? 0 : 1;
});
SCRIPT
done

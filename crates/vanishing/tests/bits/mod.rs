//! Two numbers that differ in no bit have one hash; so have two machines.

/// The hash of what the functions make of a million numbers: FNV-1a over the bits.
pub fn hash(functions: [fn(f64) -> f64; 4]) -> u64 {
    let (mut hash, mut state) = (0xcbf2_9ce4_8422_2325_u64, 0_u64);
    for _ in 0..1_000_000 {
        let x = next(&mut state);
        for function in functions {
            for byte in function(x).to_bits().to_le_bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    hash
}

/// A number of either sign between 2^−60 and 2^10, all powers of two equally often: Steele, Lea and Flood's SplitMix64 (2014).
fn next(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let bits = mixed ^ (mixed >> 31);
    let exponent = 963 + (bits >> 52) % 70;
    f64::from_bits((bits & 0x800f_ffff_ffff_ffff) | (exponent << 52))
}

use vanishing::Format::{Bf16, F16, F32};

fn main() {
    let step = 0.01 * 0.004125;
    let lost = Bf16.largest_lost_step(0.25);
    println!("waited for the whole gap: {:.0}", (2.0 * lost / step).ceil());
    let moved = F32.difference(0.25, step) < 0.25;
    println!("moved at once: {}", u8::from(moved));
    let f16 = F16.largest_lost_step(0.25);
    println!("took the gap of f16: {:.0}", (f16 / step).ceil());
    println!("took the whole way: {:.0}", (0.25 / step).ceil());
}

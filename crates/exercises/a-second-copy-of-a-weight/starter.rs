use vanishing::Format::{Bf16, F32};

fn main() {
    let step = 0.01 * 0.004125;
    let mut copy = 0.25;
    let mut steps = 0;
    while Bf16.round(copy) == 0.25 {
        copy = F32.difference(copy, step);
        steps += 1;
    }
    println!("a step is {step:.8}; the copy is {copy:.8}");
    println!("in bf16 it is {:.8}", Bf16.round(copy));
    println!("moved with step {steps}");
}

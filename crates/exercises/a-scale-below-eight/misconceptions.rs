use vanishing::Format::F16;

fn main() {
    let smallest = 2_f64.powi(-27);
    println!("exactly the smallest of f16: {}", F16.smallest() / smallest);
    println!("the smallest normal: {}", F16.smallest_normal() / smallest);
    let half = F16.smallest() / 2.0;
    println!("one exponent off: {}", half / (2.0 * smallest));
}

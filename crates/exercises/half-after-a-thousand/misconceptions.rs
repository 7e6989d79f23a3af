use vanishing::chrono_bias;

/// The bias of a gate that loses this share in a step.
fn bias(lost: f64) -> f64 {
    ((1.0 - lost) / lost).ln()
}

fn main() {
    println!("a third in place of half: {:.3}", chrono_bias(1000.0));
    println!("lost in equal parts: {:.3}", bias(0.5 / 1000.0));
    println!("half in one step: {:.3}", bias(0.5));
}

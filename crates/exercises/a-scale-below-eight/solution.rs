use vanishing::Format::F16;

fn main() {
    let kept = |value: f64| F16.round(value) != 0.0;
    // Halving the interval: `low` loses something, `high` keeps all.
    let (mut low, mut high) = (1.0, 8.0);
    while high - low > 1e-9 {
        let scale = 0.5 * (low + high);
        // The smallest of them; those above it are kept with it.
        let smallest = 2_f64.powi(-27);
        if kept(scale * smallest) { high = scale } else { low = scale }
    }
    println!("{high:.6}");
}

fn main() {
    let largest = |what: &str, pull: fn(f64) -> f64| {
        let outputs = (0..=1000).map(|k| f64::from(k) / 1000.0);
        let at = outputs.max_by(|&a, &b| pull(a).total_cmp(&pull(b)));
        println!("{what}: {}", at.expect("there are outputs"));
    };
    largest("the slope alone", |y| y * (1.0 - y));
    largest("the loss alone", |y| y);
    largest("took the target for 1", |y| ((y - 1.0) * y * (1.0 - y)).abs());
    largest("the loss for its derivative", |y| 0.5 * y * y * y * (1.0 - y));
}

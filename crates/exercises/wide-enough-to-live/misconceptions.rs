/// The first width of which `enough` is true. It is given how probable it is that a
/// layer of that width is off.
fn width(enough: fn(f64) -> bool) -> i32 {
    (1..).find(|width| enough(0.5_f64.powi(*width))).unwrap()
}

fn main() {
    println!("one layer: {}", width(|off| 1.0 - off > 0.9));
    println!("one network in ten: {}", width(|off| (1.0 - off).powi(100) > 0.1));
    let on_average = width(|off| 100.0 * off < 1.0);
    println!("less than one layer off on average: {on_average}");
}

fn main() {
    let left: f64 = 25.0 * 0.2 * 5.0;
    let word = match left.total_cmp(&25.0) {
        std::cmp::Ordering::Less => "less",
        std::cmp::Ordering::Equal => "as much",
        std::cmp::Ordering::Greater => "more",
    };
    println!("{word}");
}

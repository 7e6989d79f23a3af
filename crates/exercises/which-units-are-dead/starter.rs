/// Panics if `dead` miscounts the dead units. It is given φ'(z): rows are examples,
/// columns are units.
pub fn test(dead: fn(&[Vec<f64>]) -> usize) {
    let slopes = [vec![0.0, 1.0], vec![0.0, 1.0]];
    assert_eq!(dead(&slopes), 1);
}

/// Panics if `dead` miscounts the dead units. It is given φ'(z): rows are examples,
/// columns are units.
pub fn test(dead: fn(&[Vec<f64>]) -> usize) {
    let slopes = [
        // dead, off at first, off at last, both signs, below 0, tiny
        vec![0.0, 0.0, 1.0, -0.1, -0.1, 1e-6],
        vec![0.0, 1.0, 1.0, 0.1, -0.2, 1e-5],
        vec![0.0, 1.0, 0.0, 0.0, -0.1, 1e-6],
    ];
    assert_eq!(dead(&slopes), 1);
    assert_eq!(dead(&[vec![0.0, 0.0, 0.0], vec![0.0, 0.0, 1.0]]), 2);
}

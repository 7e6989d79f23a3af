fn main() {
    let (images, right) = (360, 0.9);
    // The chance of each number of images that a network gets right.
    let mut chances = vec![1.0];
    for _ in 0..images {
        let mut next = vec![0.0; chances.len() + 1];
        for (k, chance) in chances.iter().enumerate() {
            next[k] += chance * (1.0 - right);
            next[k + 1] += chance * right;
        }
        chances = next;
    }
    let (mut square, mut far) = (0.0_f64, 0.0);
    for (j, first) in chances.iter().enumerate() {
        for (k, second) in chances.iter().enumerate() {
            let points = 100.0 * (j as f64 - k as f64) / f64::from(images);
            square += first * second * points * points;
            if points.abs() > 2.0 {
                far += first * second;
            }
        }
    }
    println!("more than two points apart: {:.1} % of all pairs", 100.0 * far);
    println!("standard deviation, in points: {:.3}", square.sqrt());
}

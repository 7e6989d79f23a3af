fn main() {
    let (s, learning_rate) = (2.0, 0.01);
    let (mut w1, mut w2) = (0.001_f64, 0.001);
    let mut steps = 0;
    while w1 * w2 < 0.99 * s {
        let error = s - w1 * w2;
        let (dw1, dw2) = (-w2 * error, -w1 * error);
        w1 -= learning_rate * dw1;
        w2 -= learning_rate * dw2;
        steps += 1;
    }
    println!("learned after so many steps: {steps}");
}

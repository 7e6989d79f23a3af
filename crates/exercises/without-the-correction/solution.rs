fn main() {
    let (mut m, mut v, mut largest) = (0.0_f64, 0.0_f64, (0, 0.0));
    for t in 1..=1000 {
        m = 0.9 * m + 0.1;
        v = 0.999 * v + 0.001;
        let step = m / v.sqrt();
        if step > largest.1 {
            largest = (t, step);
            println!("step {t}: {step:.3}, m = {m:.2}, √v = {:.2}", v.sqrt());
        }
    }
    println!("step 1000: {:.3}", m / v.sqrt());
    println!("the largest is step {}: {:.3}", largest.0, largest.1);
}

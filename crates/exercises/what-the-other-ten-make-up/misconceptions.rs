fn main() {
    let forty = 0.9_f64.powi(40);
    let alike = 0.1_f64.powf(1.0 / 50.0);
    println!("averaged the factors: {:.4}", (50.0 * alike - 40.0 * 0.9) / 10.0);
    println!("left the forty out: {:.4}", 0.1_f64.powf(0.1));
    println!("took all fifty alike: {alike:.4}");
    println!("gave all ten to one: {:.4}", 0.1 / forty);
    println!("brought all of it back: {:.4}", (1.0 / forty).powf(0.1));
}

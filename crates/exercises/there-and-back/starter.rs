fn main() {
    let mut gradient = 0.1;
    for _ in 0..530 {
        gradient *= 0.25;
    }
    let multiples = gradient / f64::from_bits(1);
    for _ in 0..530 {
        gradient *= 4.0;
    }
    println!("at the bottom it was {multiples} times the smallest number");
    println!("and it comes back as {gradient:.8}");
}

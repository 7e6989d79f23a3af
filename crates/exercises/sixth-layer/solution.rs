fn main() {
    let mut gradient = 25.0;
    for factor in [0.25, 0.22, 0.20, 0.15, 0.10, 0.12] {
        gradient *= factor;
    }
    println!("{gradient:.6}");
}

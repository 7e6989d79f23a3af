use vanishing::exp;

fn main() {
    let first = (0..1000).find(|&z| exp(-f64::from(z)) == 0.0).expect("it ends");
    println!("waited for the exponential: {first}");
    println!("counted in powers of two: {}", f64::MANTISSA_DIGITS);
    println!("counted in decimal places: {:.0}", -(f64::EPSILON / 2.0).log10());
}

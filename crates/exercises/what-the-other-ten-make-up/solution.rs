fn main() {
    let forty = [0.9_f64; 40];
    let sum: f64 = forty.iter().map(|factor| factor.log10()).sum();
    let left: f64 = forty.iter().product();
    println!("the forty add {sum:.3}, and leave {left:.4}");
    let ten = -1.0 - sum;
    let each = ten / 10.0;
    println!("the ten add {ten:.3}, each {each:.4}");
    println!("the factor: {:.4}", 10_f64.powf(each));
}

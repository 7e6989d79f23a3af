fn main() {
    let (weight_var, bias_var, q) = (1.5, 0.3, 8.0);
    println!("the biases alone: {bias_var}");
    println!("nothing is left: {}", 0);
    println!("one layer on: {}", 0.5 * weight_var * q + bias_var);
    println!("the same as at the start: {q}");
    println!("forgot the half: {}", bias_var / (1.0 - weight_var));
}

use vanishing::sigmoid_slope;

fn main() {
    println!("forgot the weight: {}", sigmoid_slope(0.0));
    println!("forgot the slope: {}", 0.5);
}

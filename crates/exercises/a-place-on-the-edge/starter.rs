use experiments::quadrature::normal_expectation;
use vanishing::Activation::Tanh;

fn main() {
    let square = normal_expectation(|g| Tanh.value(g).powi(2));
    println!("behind tanh a g of variance 1 has the mean square {square:.6}");
    let slope = normal_expectation(|g| Tanh.slope_at(g));
    println!("and its mean slope is {slope:.6}");
}

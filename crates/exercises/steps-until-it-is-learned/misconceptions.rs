use experiments::learning_time::closed_form;

fn main() {
    let steps = |time: f64| (time / 0.01).round();
    let (start, end) = (1e-6, 0.99 * 2.0);
    let weights = steps(closed_form(2.0, 1e-3, end));
    println!("took the weights for the product: {weights}");
    let twice = steps(2.0 * closed_form(2.0, start, end));
    println!("forgot the 2 in front of s: {twice}");
    println!("a task of strength 1: {}", steps(closed_form(1.0, start, 0.99)));
    println!("learned at 0.99: {}", steps(closed_form(2.0, start, 0.99)));
}

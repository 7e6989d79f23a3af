fn main() {
    // n times the variance of a weight between -c and c, if c is f/√n.
    let nv = |f: f64| f * f / 3.0;
    println!("forgot to square the two: {:.4}", (2.0 * nv(1.0)).powi(4));
    println!("the wrong way round: {:.4}", nv(2.0).powi(-4));
    println!("one layer too many: {:.4}", nv(2.0).powi(5));
    println!("forgot the third: {:.4}", (3.0 * nv(2.0)).powi(4));
    println!("the norm: {:.4}", nv(2.0).powi(2));
    // What came in, and what comes back, at layer 1 and at layer 5.
    let by_w = nv(2.0).powi(4) / nv(2.0).powi(4);
    println!("the gradient by w: {by_w:.4}");
}

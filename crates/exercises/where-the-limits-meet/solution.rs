fn main() {
    let (weights, of_the_first) = (2503680.0, 784.0 * 512.0);
    let (adds, bytes) = (19.1, 23.8);
    let memory = 24.0 * weights / bytes;
    let an_example = (3.0 * weights - of_the_first) / adds;
    println!("memory: {:.0} microseconds", memory / 1e3);
    println!("arithmetic: {:.0} for each example", an_example / 1e3);
    println!("the same for a batch of {:.2}", memory / an_example);
}

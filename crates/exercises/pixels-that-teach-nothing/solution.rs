use experiments::digits::image;

fn main() {
    let in_all = |p: &usize| (0..16).all(|k| image(k).0[*p] == 0);
    let silent = (0..64).filter(in_all).count();
    println!("{}", silent as f64 / 64.0);
}

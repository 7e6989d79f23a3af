use experiments::digits::image;

fn main() {
    let white = |k: usize, p: usize| image(k).0[p] == 0;
    let share = |k: usize| (0..64).filter(|&p| white(k, p)).count() as f64 / 64.0;
    println!("the first image only: {}", share(0));
    let mean = (0..16).map(share).sum::<f64>() / 16.0;
    println!("a mean over the images: {mean}");
    let any = |p: &usize| (0..16).any(|k| white(k, *p));
    let any = (0..64).filter(any).count() as f64 / 64.0;
    println!("white in at least one: {any}");
    println!("as if by chance: {}", mean.powi(16));
}

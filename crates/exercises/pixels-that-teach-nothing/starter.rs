use experiments::digits::image;

fn main() {
    // The grey values of the first image, 0 for white.
    let (pixels, _) = image(0);
    let white = (0..64).filter(|&p| pixels[p] == 0).count();
    println!("{}", white as f64 / 64.0);
}

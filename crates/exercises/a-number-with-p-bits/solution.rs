/// The number with p significant bits that is nearest to x.
pub fn round(x: f64, p: i32) -> f64 {
    if x == 0.0 {
        return x;
    }
    let (least, most) = (2_f64.powi(p - 1), 2_f64.powi(p));
    let mut gap = 1.0;
    while x.abs() / gap < least {
        gap /= 2.0;
    }
    while x.abs() / gap >= most {
        gap *= 2.0;
    }
    (x / gap).round_ties_even() * gap
}

//! Numbers as a reader sees them: their value, and to how many digits they are shown.

use std::ops::Range;

/// A number in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Where it stands, with its power of ten.
    pub range: Range<usize>,
    /// Its absolute value: a minus sign is not part of it.
    pub value: f64,
    /// Half of its last digit's place, the most that rounding can have moved it.
    pub half_unit: f64,
    /// How many of its digits say something: 3 in 1.25, in 0.00125 and in 1250.
    pub significant: usize,
}

impl Number {
    /// Whether `printed`, rounded to the digits shown here, is this number.
    pub fn shows(&self, printed: &Number) -> bool {
        // A hair more than half a unit: the value of a decimal fraction in binary is itself rounded.
        (self.value - printed.value).abs() <= self.half_unit * (1.0 + 1e-9)
            // 0.004 is not a way to show 0.0043 to three digits, so what is shown has no digit that was not printed.
            && (printed.half_unit <= self.half_unit * (1.0 + 1e-9) || self.value == printed.value)
    }

    /// Whether it needs a parent: three digits are a measurement, one or two are mostly counting.
    pub fn needs_a_parent(&self) -> bool {
        // 1900 to 2099 as whole numbers are years, of papers and of people.
        let year = self.half_unit == 0.5 && (1900.0..2100.0).contains(&self.value);
        self.significant >= 3 && !year
    }
}

/// Every number in `text`, which may be prose, a table, an output, a program or TeX.
///
/// Digits that belong to a name (`f64`, `O_{11}`, `w11`, `h2`) are no numbers.
pub fn find(text: &str) -> Vec<Number> {
    let bytes = text.as_bytes();
    let mut numbers = vec![];
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        at = digits_end(bytes, at);
        if !belongs_to_a_name(text, start) {
            let (number, end) = read(text, start, at);
            numbers.push(number);
            at = end;
        }
    }
    numbers
}

/// The end of digits with a decimal point or with commas between groups of three.
fn digits_end(bytes: &[u8], start: usize) -> usize {
    let run =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count() + from;
    let mut end = run(start);
    let group = |at: usize| bytes.get(at) == Some(&b',') && run(at + 1) == at + 4;
    while end - start <= 3 && group(end) || end - start > 3 && bytes[end - 4] == b',' && group(end) {
        end += 4;
    }
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = run(end + 1);
    }
    while bytes[end - 1] == b'_' {
        end -= 1;
    }
    end
}

fn belongs_to_a_name(text: &str, start: usize) -> bool {
    let before = &text[..start];
    let last = before.chars().next_back();
    last.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') || before.ends_with("_{")
}

/// The number whose digits are `text[start..end]`, with the power of ten that may follow; and where it ends.
fn read(text: &str, start: usize, end: usize) -> (Number, usize) {
    let digits: String = text[start..end].chars().filter(|c| !matches!(c, ',' | '_')).collect();
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
    let (power, end) = power_of_ten(&text[end..]).map_or((0, end), |(power, length)| (power, end + length));
    let value = format!("{digits}e{power}").parse().unwrap_or(f64::NAN);
    let shown = digits.replace('.', "");
    let shown = shown.trim_start_matches('0');
    // The zeros at the end of 1250 only hold the place; those of 0.20 are digits.
    let significant = if decimals == 0 { shown.trim_end_matches('0').len() } else { shown.len() };
    let half_unit = format!("5e{}", power - decimals - 1).parse().unwrap_or(f64::NAN);
    (Number { range: start..end, value, half_unit, significant }, end)
}

/// `e-31`, ` × 10⁻³¹`, `\times 10^{-31}`: the exponent, and how long it is.
fn power_of_ten(text: &str) -> Option<(i32, usize)> {
    let (exponent, rest) = if let Some(rest) = text.strip_prefix('e') {
        let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(rest.len());
        (rest[..length].to_owned(), &rest[length..])
    } else {
        let rest = text.trim_start_matches([' ', '\u{202f}', '\u{a0}']);
        let rest = rest.strip_prefix("\\times").or_else(|| rest.strip_prefix('×'))?.trim_start().strip_prefix("10")?;
        if let Some(rest) = rest.strip_prefix("^{") {
            let (exponent, rest) = rest.split_once('}')?;
            (exponent.to_owned(), rest)
        } else {
            let length = rest.find(|c| !"⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(c)).unwrap_or(rest.len());
            (rest[..length].chars().map(plain).collect(), &rest[length..])
        }
    };
    Some((exponent.parse().ok()?, text.len() - rest.len()))
}

/// A superscript digit or minus as an ordinary one.
fn plain(superscript: char) -> char {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|c| c == superscript).map_or('-', |digit| char::from(b'0' + digit as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, f64, usize)> {
        find(text).into_iter().map(|n| (&text[n.range.clone()], n.value, n.significant)).collect()
    }

    #[test]
    fn numbers_in_prose_and_in_tex() {
        assert_eq!(shown("25 × 0.25 = 6.25."), [("25", 25.0, 2), ("0.25", 0.25, 2), ("6.25", 6.25, 3)]);
        assert_eq!(
            shown("1,797 images, 57,523 bytes, 1, 2"),
            [("1,797", 1797.0, 4), ("57,523", 57523.0, 5), ("1", 1.0, 1), ("2", 2.0, 1)]
        );
        assert_eq!(shown(r"$3 \times 10^{-10}$"), [(r"3 \times 10^{-10}", 3e-10, 1)]);
        assert_eq!(shown("7.889 × 10⁻³¹ and 4.125e-5"), [("7.889 × 10⁻³¹", 7.889e-31, 4), ("4.125e-5", 4.125e-5, 4)]);
        assert_eq!(shown("in 1_000 steps of 0.20"), [("1_000", 1000.0, 1), ("0.20", 0.2, 2)]);
    }

    #[test]
    fn digits_in_names_are_no_numbers() {
        assert_eq!(shown("f64, w11, O_{11}, bf16, h_2, x1"), []);
    }

    #[test]
    fn a_number_shows_another_to_its_own_digits() {
        let shows = |shown: &str, printed: &str| find(shown)[0].shows(&find(printed)[0]);
        assert!(shows("0.2499", "0.249935"));
        assert!(shows("0.249959", "0.24995875"));
        assert!(shows("0.5", "0.50"));
        assert!(!shows("0.249999", "0.24995875"));
        assert!(!shows("1.26", "1.25"));
        assert!(!shows("2.302", "2.3"), "the third decimal was never printed");
        assert!(shows(r"7.889 \times 10^{-31}", "7.888609052210118e-31"));
    }

    #[test]
    fn years_and_small_counts_need_no_parent() {
        let needs = |text: &str| find(text)[0].needs_a_parent();
        assert!(!needs("2010") && !needs("25") && !needs("0.25") && !needs("100"));
        assert!(needs("1.25") && needs("1797") && needs("0.004125"));
    }
}

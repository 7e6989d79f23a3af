//! Formulas that are nothing but numbers are computed: in 0.25 − 0.01 × 1.25 = 0.2375 both sides must agree.
//!
//! `=` means equal: to 12 digits. `≈` means equal to the digits shown. What has letters in it is left to the snippets, except
//! that in w = 0.25 − 0.0125 = 0.2375 the sides without letters are held to each other.

use super::numbers;

/// The first two neighbouring sides that disagree, if any: what the left is, what the right is.
pub fn disagreement(tex: &str) -> Option<(f64, f64)> {
    // Longest first: the second sign of a pair must not be read as a sign of its own.
    let normal =
        tex.replace("\\approx", "≈").replace("\\dfrac", "\\frac").replace(['&', '\n'], " ").replace("\\\\", " ");
    let mut left: Option<f64> = None;
    let mut relation = '=';
    let mut rest = normal.as_str();
    loop {
        let end = rest.find(['=', '≈']).unwrap_or(rest.len());
        let side = &rest[..end];
        let right = value(side);
        if let (Some(left), Some(right)) = (left, right) {
            let tolerance = match relation {
                '≈' => rounding(side, right) + 1e-9 * right.abs(),
                _ => 1e-12 * right.abs(),
            };
            if (left - right).abs() > tolerance {
                return Some((left, right));
            }
        }
        left = right;
        let sign = rest[end..].chars().next()?;
        relation = sign;
        rest = &rest[end + sign.len_utf8()..];
    }
}

/// Half a unit of the last digit of a side that is a single number; nothing is rounded in a side that computes.
fn rounding(side: &str, value: f64) -> f64 {
    match numbers::find(side).as_slice() {
        [number] if (number.value - value.abs()).abs() <= 1e-12 * number.value => number.half_unit,
        _ => 0.0,
    }
}

/// The value of a formula that is nothing but numbers, brackets, + − × · / ^ \frac and \sqrt.
fn value(tex: &str) -> Option<f64> {
    let mut reader = Reader { rest: tex };
    let value = reader.sum()?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        loop {
            let before = self.rest.len();
            self.rest = self.rest.trim_start_matches([' ', '~', '\u{202f}', '\u{a0}']);
            for space in ["\\,", "\\;", "\\:", "\\!", "\\quad", "\\left", "\\right"] {
                self.rest = self.rest.strip_prefix(space).unwrap_or(self.rest);
            }
            if self.rest.len() == before {
                return;
            }
        }
    }

    fn take(&mut self, signs: &[&str]) -> bool {
        self.skip_space();
        for sign in signs {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.rest = rest;
                return true;
            }
        }
        false
    }

    fn sum(&mut self) -> Option<f64> {
        let mut sum = self.product()?;
        loop {
            if self.take(&["+"]) {
                sum += self.product()?;
            } else if self.take(&["-", "−"]) {
                sum -= self.product()?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.power()?;
        loop {
            if self.take(&["\\times", "\\cdot", "×", "·"]) {
                product *= self.power()?;
            } else if self.take(&["/"]) {
                product /= self.power()?;
            } else {
                return Some(product);
            }
        }
    }

    fn power(&mut self) -> Option<f64> {
        if self.take(&["-", "−"]) {
            return Some(-self.power()?);
        }
        let base = self.atom()?;
        if !self.take(&["^"]) {
            return Some(base);
        }
        let exponent = if self.rest.starts_with('{') {
            self.group()?
        } else {
            let digit = self.rest.chars().next()?.to_digit(10)?;
            self.rest = &self.rest[1..];
            f64::from(digit)
        };
        Some(base.powf(exponent))
    }

    fn atom(&mut self) -> Option<f64> {
        if self.take(&["\\frac"]) {
            return Some(self.group()? / self.group()?);
        }
        if self.take(&["\\sqrt"]) {
            return Some(self.group()?.sqrt());
        }
        if self.take(&["("]) {
            let value = self.sum()?;
            return self.take(&[")"]).then_some(value);
        }
        let end = self.rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(self.rest.len());
        let number = self.rest[..end].trim_end_matches('.');
        let value = number.parse().ok()?;
        self.rest = &self.rest[number.len()..];
        Some(value)
    }

    fn group(&mut self) -> Option<f64> {
        if !self.take(&["{"]) {
            return None;
        }
        let value = self.sum()?;
        self.take(&["}"]).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_ones_pass() {
        for tex in [
            r"25 \times 0.25 \times 0.20 = 1.25",
            r"0.25 - 0.01 \times (1.25) = 0.25 - 0.0125 = 0.2375",
            r"w_{11} = 0.25 - 0.0125 = 0.2375",
            r"\left(\frac{1}{4}\right)^{10} \approx 9.54 \times 10^{-7}",
            r"2^{-14} \approx 0.000061",
            r"\sqrt{2} ≈ 1.41",
            r"\sigma'(z) = \sigma(z)(1 - \sigma(z))",
            "25 × 0.25 = 6.25",
        ] {
            assert_eq!(disagreement(tex), None, "{tex}");
        }
    }

    #[test]
    fn wrong_ones_are_found_whichever_digit_is_wrong() {
        assert_eq!(disagreement(r"25 \times 0.25 \times 0.21 = 1.25"), Some((1.3125, 1.25)));
        assert_eq!(disagreement(r"26 \times 0.25 \times 0.20 = 1.25"), Some((1.3, 1.25)));
        assert_eq!(disagreement("w = 0.25 - 0.0125 = 0.2376"), Some((0.2375, 0.2376)));
        assert!(disagreement(r"0.25 - 0.00004125 = 0.249999").is_some());
        assert!(disagreement("0.25 - 0.00004125 = 0.249959").is_some(), "what is rounded is written with ≈");
        assert!(disagreement("0.25 - 0.00004125 ≈ 0.249959").is_none());
    }
}

//! What an experiment can be told, and in which range.

use std::collections::BTreeMap;

/// One setting of an experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, as in `--weight-std`, without the dashes.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// What it can be.
    pub range: Range,
    /// What it is unless set, as a reader would write it: the book's own value.
    pub default: &'static str,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// A whole number, ends included.
    Whole(usize, usize),
    /// A number, ends included.
    Real(f64, f64),
    /// A number, ends included, or `none`.
    RealOrNone(f64, f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// A value out of its range, or of a wrong kind.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("--{name} is {found}; expected {expected}")]
pub struct OutOfRange {
    name: &'static str,
    found: String,
    expected: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Whole(usize),
    Real(f64),
    None,
    Word(&'static str),
}

/// A value for every setting of an experiment, each in its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(BTreeMap<&'static str, Value>);

impl Parameter {
    /// What it can be, in words.
    pub fn expected(&self) -> String {
        match self.range {
            Range::Whole(from, to) => format!("a whole number from {from} to {to}"),
            Range::Real(from, to) => format!("a number from {} to {}", short(from), short(to)),
            Range::RealOrNone(from, to) => format!("none or a number from {} to {}", short(from), short(to)),
            Range::OneOf(words) => format!("one of {}", words.join(", ")),
        }
    }

    fn read(&self, text: &str) -> Result<Value, OutOfRange> {
        let real =
            |from: f64, to: f64| text.parse().ok().filter(|value: &f64| (from..=to).contains(value)).map(Value::Real);
        let value = match self.range {
            Range::Whole(from, to) => {
                text.parse().ok().filter(|value: &usize| (from..=to).contains(value)).map(Value::Whole)
            }
            Range::Real(from, to) => real(from, to),
            Range::RealOrNone(..) if text == "none" => Some(Value::None),
            Range::RealOrNone(from, to) => real(from, to),
            Range::OneOf(words) => words.iter().find(|word| **word == text).map(|word| Value::Word(word)),
        };
        let found = if text.is_empty() { "empty".into() } else { text.to_owned() };
        value.ok_or(OutOfRange { name: self.name, found, expected: self.expected() })
    }
}

/// 1e300 and not its three hundred zeros.
fn short(value: f64) -> String {
    if value.abs() >= 1e6 { format!("{value:e}") } else { value.to_string() }
}

impl Values {
    /// The given settings, and the defaults of all others.
    ///
    /// # Errors
    ///
    /// If a value is not in its range.
    pub fn read(parameters: &[Parameter], given: impl Fn(&str) -> Option<String>) -> Result<Self, OutOfRange> {
        let value = |parameter: &Parameter| {
            let text = given(parameter.name).unwrap_or_else(|| parameter.default.to_owned());
            Ok((parameter.name, parameter.read(&text)?))
        };
        parameters.iter().map(value).collect::<Result<_, _>>().map(Self)
    }

    /// A whole number.
    ///
    /// # Panics
    ///
    /// If the experiment has no such setting, or it is of another kind. So do the functions below.
    pub fn whole(&self, name: &str) -> usize {
        let Value::Whole(value) = self.value(name) else { panic!("--{name} is no whole number") };
        value
    }

    /// A number.
    pub fn real(&self, name: &str) -> f64 {
        self.real_or_none(name).unwrap_or_else(|| panic!("--{name} is no number"))
    }

    /// A number or `none`.
    pub fn real_or_none(&self, name: &str) -> Option<f64> {
        match self.value(name) {
            Value::Real(value) => Some(value),
            Value::None => None,
            other => panic!("--{name} is {other:?}, no number"),
        }
    }

    /// A word.
    pub fn word(&self, name: &str) -> &'static str {
        let Value::Word(word) = self.value(name) else { panic!("--{name} is no word") };
        word
    }

    fn value(&self, name: &str) -> Value {
        *self.0.get(name).unwrap_or_else(|| panic!("the experiment has no --{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: [Parameter; 4] = [
        Parameter { name: "width", meaning: "", range: Range::Whole(1, 1024), default: "100" },
        Parameter { name: "weight-std", meaning: "", range: Range::Real(0.0, 1e300), default: "1" },
        Parameter { name: "residual", meaning: "", range: Range::RealOrNone(-10.0, 10.0), default: "none" },
        Parameter { name: "norm", meaning: "", range: Range::OneOf(&["none", "batch"]), default: "none" },
    ];

    fn read(name: &'static str, text: &'static str) -> Result<Values, OutOfRange> {
        Values::read(&PARAMETERS, |asked| (asked == name).then(|| text.into()))
    }

    #[test]
    fn what_is_not_given_has_its_default() {
        let values = read("width", "7").unwrap();
        assert_eq!((values.whole("width"), values.real("weight-std")), (7, 1.0));
        assert_eq!((values.real_or_none("residual"), values.word("norm")), (None, "none"));
        assert_eq!(read("residual", "-0.5").unwrap().real_or_none("residual"), Some(-0.5));
    }

    #[test]
    fn out_of_range_names_flag_value_and_range() {
        let message = |name, text| read(name, text).unwrap_err().to_string();
        assert_eq!(message("width", "0"), "--width is 0; expected a whole number from 1 to 1024");
        assert_eq!(message("width", "2.5"), "--width is 2.5; expected a whole number from 1 to 1024");
        assert_eq!(message("weight-std", "NaN"), "--weight-std is NaN; expected a number from 0 to 1e300");
        assert_eq!(message("weight-std", ""), "--weight-std is empty; expected a number from 0 to 1e300");
        assert_eq!(message("residual", "inf"), "--residual is inf; expected none or a number from -10 to 10");
        assert_eq!(message("norm", "group"), "--norm is group; expected one of none, batch");
    }
}

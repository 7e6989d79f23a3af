//! A table of numbers: what an experiment returns, a figure draws, and a page shows under it.

use std::fmt;

/// One entry of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A measured or computed number.
    Number(f64),
    /// A name.
    Text(String),
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// Six significant digits, without the zeros that say nothing: enough for a reader, too few to show rounding noise.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let value = match self {
            Self::Text(text) => return f.pad(text),
            Self::Number(value) => *value,
        };
        if value == 0.0 || !value.is_finite() {
            return f.pad(&value.to_string());
        }
        let scientific = format!("{value:.5e}");
        let (mantissa, exponent) = scientific.split_once('e').expect("written with an exponent");
        let text = match exponent.parse().expect("an exponent is a whole number") {
            exponent @ -4_i32..=6 => {
                let decimals = usize::try_from(5 - exponent).unwrap_or(0);
                trim_zeros(&format!("{value:.decimals$}")).to_owned()
            }
            _ => format!("{}e{exponent}", trim_zeros(mantissa)),
        };
        f.pad(&text)
    }
}

fn trim_zeros(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

/// Named columns and rows of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table with the given columns.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Self { columns: columns.into_iter().map(Into::into).collect(), rows: vec![] }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// If it doesn't have as many cells as there are columns.
    pub fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "a row of {} has {} columns", row.len(), self.columns.len());
        self.rows.push(row);
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, each with a cell a column.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The numbers of one column.
    ///
    /// # Panics
    ///
    /// If there is no such column, or it holds text.
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        let Some(at) = self.columns.iter().position(|name| name == column) else {
            panic!("there is no column {column}; there are {:?}", self.columns);
        };
        let number = |row: &Vec<Cell>| match &row[at] {
            Cell::Number(value) => *value,
            Cell::Text(text) => panic!("column {column} holds the text {text}"),
        };
        self.rows.iter().map(number).collect()
    }

    /// Comma-separated values, a header first. No cell of this crate holds a comma or a quote.
    pub fn to_csv(&self) -> String {
        let mut csv = self.columns.join(",");
        csv.push('\n');
        for row in &self.rows {
            let cells: Vec<_> = row.iter().map(Cell::to_string).collect();
            csv += &cells.join(",");
            csv.push('\n');
        }
        csv
    }
}

/// Columns as wide as they need to be, numbers to the right.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let width = |at: usize| {
            let cells = self.rows.iter().map(|row| row[at].to_string().chars().count());
            cells.chain([self.columns[at].chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..self.columns.len()).map(width).collect();
        let header = self.columns.iter().zip(&widths).map(|(name, width)| format!("{name:>width$}"));
        write!(f, "{}", header.collect::<Vec<_>>().join("  "))?;
        for row in &self.rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
            write!(f, "\n{}", cells.collect::<Vec<_>>().join("  "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_no_idle_zeros() {
        let text = |value: f64| Cell::Number(value).to_string();
        let shown =
            [0.25, 1.0, 0.004125, 4.125e-5, 3.302585092994, 1797.0, 1234567.0, 0.0, f64::NAN, -7.888609e-31].map(text);
        assert_eq!(
            shown,
            ["0.25", "1", "0.004125", "4.125e-5", "3.30259", "1797", "1234567", "0", "NaN", "-7.88861e-31"]
        );
    }

    #[test]
    fn a_table_as_text_and_as_csv() {
        let mut table = Table::new(["format", "factors"]);
        table.push(vec!["f16".into(), 13_usize.into()]);
        table.push(vec!["f64".into(), 538_usize.into()]);
        assert_eq!(table.to_string(), "format  factors\n   f16       13\n   f64      538");
        assert_eq!(table.to_csv(), "format,factors\nf16,13\nf64,538\n");
        assert_eq!(table.numbers("factors"), [13.0, 538.0]);
    }
}

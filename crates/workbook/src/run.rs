//! `cargo book run`: the experiments of the book with the reader's own parameters.

use crate::files::write_whole;
use anyhow::{Result, bail};
use clap::builder::{PossibleValuesParser, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Command};
use experiments::catalogue::{EXPERIMENTS, Experiment, Outcome, Values};
use experiments::{Cell, Table};
use indicatif::ProgressBar;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::path::Path;
use std::time::Duration;

const FORMATS: [&str; 3] = ["table", "json", "csv"];

/// `run` as a subcommand: one subcommand an experiment, made from the list of them.
pub fn command(run: Command) -> Command {
    let experiments = EXPERIMENTS.iter().map(|experiment| {
        let parameters = experiment.parameters.iter().map(|parameter| {
            let help = format!("{}: {} [{}]", parameter.meaning, parameter.expected(), parameter.default);
            // A value that begins with a dash is a negative number, or wrong; either way it is the range that answers.
            Arg::new(parameter.name).long(parameter.name).value_name("X").help(help).allow_hyphen_values(true)
        });
        let format = Arg::new("format").long("format").default_value("table").hide_default_value(true);
        let format =
            format.value_parser(PossibleValuesParser::new(FORMATS)).help("What is printed: a table unless set");
        let plot = Arg::new("plot").long("plot").value_name("FILE.svg").help("Also draw it into a file");
        let command = Command::new(experiment.name).about(experiment.measures).args(parameters);
        let command = if experiment.plot.is_some() { command.arg(plot) } else { command };
        command.arg(format).after_help(format!("Pages {} of the book.", experiment.pages))
    });
    run.subcommands(experiments).subcommand_value_name("EXPERIMENT").subcommand_help_heading("Experiments")
}

/// Runs the experiment that was asked for and prints its table; without one, lists them all.
///
/// # Errors
///
/// If a parameter is out of its range, the experiment can't be run, or the plot can't be written.
pub fn run(matches: &ArgMatches) -> Result<()> {
    let Some((name, matches)) = matches.subcommand() else {
        print!("{}", list());
        return Ok(());
    };
    let experiment = EXPERIMENTS.iter().find(|experiment| experiment.name == name).expect("clap knows the names");
    let given = |flag: &str| matches.get_one::<String>(flag).cloned();
    let plot = if experiment.plot.is_some() { given("plot") } else { None };
    if let Some(file) = plot.as_ref().filter(|file| !file.ends_with(".svg")) {
        bail!("--plot is {file}; expected a file that ends in .svg");
    }
    let values = Values::read(experiment.parameters, given)?;
    let spinner = ProgressBar::new_spinner().with_message(name.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(100));
    let outcome = (experiment.run)(&values);
    spinner.finish_and_clear();
    let Outcome { table, remarks } = outcome?;
    if let (Some(file), Some(how)) = (&plot, experiment.plot) {
        write_whole(&std::path::absolute(Path::new(file))?, figures::plot_table(&table, how).as_bytes())?;
    }
    match given("format").as_deref() {
        Some("json") => println!("{}", json(&table)?),
        Some("csv") => print!("{}", csv(&table)),
        _ => println!("{table}"),
    }
    // Apart from the numbers, so that those can be piped on.
    for remark in remarks {
        eprintln!("{remark}");
    }
    Ok(())
}

/// The experiments, each with what it measures.
fn list() -> String {
    let width = EXPERIMENTS.iter().map(|experiment| experiment.name.len()).max().unwrap_or(0);
    let line = |experiment: &Experiment| format!("  {:width$}  {}\n", experiment.name, experiment.measures);
    let lines: String = EXPERIMENTS.iter().map(line).collect();
    format!(
        "The experiments of the book:\n\n{lines}\nExample:\n  cargo book run chain --activation tanh --depth 30\n  \
         cargo book run chain --help           what it can be told\n"
    )
}

/// What clap has against the arguments after `run`, in one line; `None` if it is no mistake but a call for help.
pub fn mistake(error: &clap::Error) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(ContextValue::StyledStr(text)) => StyledStr::to_string(text),
        _ => String::new(),
    };
    let names = || EXPERIMENTS.iter().map(|experiment| experiment.name).collect::<Vec<_>>().join(", ");
    Some(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return None;
        }
        ErrorKind::InvalidSubcommand => {
            format!("there is no experiment {}; there are {}", context(ContextKind::InvalidSubcommand), names())
        }
        ErrorKind::UnknownArgument => {
            format!("there is no {} here; --help lists what there is", context(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            format!("{} has no value", flag(&context(ContextKind::InvalidArg)))
        }
        ErrorKind::InvalidValue => {
            let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
            format!("{} is {value}; expected one of {}", flag(&argument), FORMATS.join(", "))
        }
        ErrorKind::ArgumentConflict => format!("{} is given twice", flag(&context(ContextKind::InvalidArg))),
        _ => error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    })
}

/// `--width <X>` without what stands for its value.
fn flag(argument: &str) -> &str {
    argument.split_whitespace().next().unwrap_or(argument)
}

/// An array of objects, one a row: numbers with all their digits, infinities and NaN as strings.
fn json(table: &Table) -> Result<String> {
    let rows: Vec<_> = table.rows().iter().map(|row| Row { columns: table.columns(), cells: row }).collect();
    Ok(serde_json::to_string_pretty(&rows)?)
}

struct Row<'a> {
    columns: &'a [String],
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.cells.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            match cell {
                Cell::Text(text) => object.serialize_entry(column, text)?,
                // JSON has no number that is infinite, or none.
                Cell::Number(value) if !value.is_finite() => object.serialize_entry(column, &value.to_string())?,
                Cell::Number(value) if is_count(*value) => object.serialize_entry(column, &(*value as i64))?,
                Cell::Number(value) => object.serialize_entry(column, value)?,
            }
        }
        object.end()
    }
}

/// Whether a number is whole and small enough to be a count, which is then written without a point.
fn is_count(value: f64) -> bool {
    value.fract() == 0.0 && value.abs() < 1e15 && !(value == 0.0 && value.is_sign_negative())
}

/// Comma-separated values with all their digits, a header first.
fn csv(table: &Table) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(value) if *value != 0.0 && !(1e-4..1e15).contains(&value.abs()) => format!("{value:e}"),
        Cell::Number(value) => value.to_string(),
    };
    let mut text = table.columns().join(",") + "\n";
    for row in table.rows() {
        text += &(row.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way_to_json_and_csv() {
        let mut table = Table::new(["layer", "value", "name"]);
        for (layer, value) in [0.1 + 0.2, f64::NAN, f64::NEG_INFINITY, 5e-324, -0.0, 1.0 / 3.0].into_iter().enumerate()
        {
            table.push(vec![layer.into(), value.into(), "tanh".into()]);
        }
        let parsed: serde_json::Value = serde_json::from_str(&json(&table).unwrap()).unwrap();
        assert_eq!(parsed[0]["value"].as_f64(), Some(0.1 + 0.2));
        assert_eq!((parsed[1]["value"].as_str(), parsed[2]["value"].as_str()), (Some("NaN"), Some("-inf")));
        assert_eq!(parsed[3]["value"].as_f64(), Some(5e-324));
        assert_eq!(parsed[5]["layer"].as_u64(), Some(5));
        let csv = csv(&table);
        let read: Vec<f64> = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().parse().unwrap()).collect();
        assert_eq!((read[0], read[3], read[5]), (0.1 + 0.2, 5e-324, 1.0 / 3.0));
        assert!(read[1].is_nan() && read[4].is_sign_negative());
    }
}

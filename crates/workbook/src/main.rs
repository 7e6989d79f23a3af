//! `cargo book`: build, serve, test, bless and draw the workbook.

use anyhow::{Result, bail};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use mdbook_preprocessor::Preprocessor;
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;
use workbook::exercises::{Exercise, terminal};
use workbook::preprocess::Workbook;
use workbook::snippets::Runner;
use workbook::{bless, book, check, drawings, new, run, serve};

/// Vanishing Gradients, a runnable workbook: build it, serve it, test it.
#[derive(Parser)]
#[command(name = "cargo book", bin_name = "cargo book", arg_required_else_help = true, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Draw what changed and build the book into book/
    #[command(after_help = "Example:\n  cargo book build && open book/index.html")]
    Build,
    /// Build the book, serve it on this machine, and follow every change
    #[command(after_help = "Example:\n  cargo book serve --port 4000 --open")]
    Serve {
        /// The port to serve on
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Open the book in the browser
        #[arg(long)]
        open: bool,
    },
    /// Run every snippet, compare every output, and hold every number to what prints it
    #[command(after_help = "Example:\n  cargo book test 05        only the chapters whose file begins with 05")]
    Test {
        /// Chapters, by the beginning of their file's name; all, if none is given
        chapters: Vec<String>,
    },
    /// Write into the chapters what their snippets print now, and what the sources they quote say
    #[command(
        after_help = "Example:\n  cargo book bless 05       after an edit of src/05-one-step.md; then look at the diff"
    )]
    Bless {
        /// Chapters, by the beginning of their file's name; all, if none is given
        chapters: Vec<String>,
    },
    /// Make a new chapter, with two exercises, that passes every test: to be changed from there
    #[command(
        after_help = "Example:\n  cargo book new warm-restarts       makes src/32-warm-restarts.md, if 31 is the last"
    )]
    New {
        /// Its name, in small letters, digits and hyphens
        page: String,
    },
    /// Draw the figures into src/figures, whether or not anything changed
    #[command(after_help = "Example:\n  cargo book figures sigmoid-and-slope")]
    Figures {
        /// Figures, by name; all, if none is given
        names: Vec<String>,
    },
    /// Run an experiment of the book with parameters of your own
    #[command(after_help = "Example:\n  cargo book run chain --activation tanh --depth 30 --plot tanh.svg")]
    Run,
    /// List the exercises, or show one and check your answer to it
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Example:\n  cargo book exercise\n  cargo book exercise sixth-layer --watch\n  cargo book exercise sixth-layer --hint 2\n  cargo book exercise reset sixth-layer"
    )]
    Exercise {
        /// Its name; without one, they are listed
        name: Option<String>,
        /// What you predict, for an exercise that asks for it
        #[arg(long, value_name = "PREDICTION", requires = "name", allow_hyphen_values = true)]
        answer: Option<String>,
        /// Check whenever your program is saved, until it passes
        #[arg(long, requires = "name", conflicts_with = "answer")]
        watch: bool,
        /// Show the hints up to this one, or the first
        #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "1", requires = "name", conflicts_with_all = ["answer", "watch"])]
        hint: Option<usize>,
        /// Show the solution, and why it is one
        #[arg(long, requires = "name", conflicts_with_all = ["answer", "watch", "hint"])]
        solution: bool,
        #[command(subcommand)]
        reset: Option<Reset>,
    },
    /// Stand between a stock mdbook and its renderer, as book.toml asks
    #[command(hide = true)]
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
}

#[derive(Subcommand)]
enum Reset {
    /// Start an exercise anew; your program is kept beside it
    Reset {
        /// Its name
        name: String,
    },
}

#[derive(Subcommand)]
enum Question {
    /// Whether we work for a renderer: we do for each.
    Supports { renderer: String },
}

fn main() -> ExitCode {
    match ask(std::env::args_os().collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn ask(arguments: Vec<OsString>) -> Result<ExitCode> {
    let runs = arguments.get(1).is_some_and(|first| first == "run");
    let matches = match Arguments::command().mut_subcommand("run", run::command).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => match run::mistake(&error).filter(|_| runs) {
            Some(message) => bail!(message),
            None => error.exit(),
        },
    };
    match matches.subcommand() {
        // Its arguments come from the list of experiments, not from the declaration above.
        Some(("run", matches)) => run::run(matches).map(|()| ExitCode::SUCCESS),
        _ => answer(Arguments::from_arg_matches(&matches)?.command),
    }
}

fn answer(command: Command) -> Result<ExitCode> {
    let start = Instant::now();
    match command {
        Command::Build => {
            let root = book::root()?;
            book::build(&root, book::For::Readers)?;
            let index = root.join("book/index.html");
            eprintln!("built {} in {:.1} s", index.display(), start.elapsed().as_secs_f64());
        }
        Command::Serve { port, open } => serve::serve(&book::root()?, port, open)?,
        Command::Test { chapters } => {
            let root = book::root()?;
            let pages = book::pages(&root, &chapters)?;
            let counts = check::check(&root, &pages, &Runner::new(&root)?)?;
            eprintln!(
                "ok: {} pages, {} snippets, {} exercises, {} numbers, {} formulas in {:.1} s",
                counts.pages,
                counts.snippets,
                counts.exercises,
                counts.numbers,
                counts.formulas,
                start.elapsed().as_secs_f64()
            );
        }
        Command::Bless { chapters } => {
            let root = book::root()?;
            let pages = book::pages(&root, &chapters)?;
            report(&bless::bless(&root, &pages, &Runner::new(&root)?)?);
        }
        Command::New { page } => report(&new::new(&book::root()?, &page)?),
        Command::Figures { names } => report(&drawings::draw(&book::root()?, &names)?),
        // Answered before, from the list of experiments.
        Command::Run => {}
        Command::Exercise { reset: Some(Reset::Reset { name }), .. } => {
            let root = book::root()?;
            print!("{}", terminal::reset(&root, &Exercise::load(&root, &name)?)?);
        }
        Command::Exercise { name: None, .. } => print!("{}", terminal::list(&book::root()?)?),
        Command::Exercise { name: Some(name), answer, watch, hint, solution, reset: None } => {
            let root = book::root()?;
            let exercise = Exercise::load(&root, &name)?;
            if let Some(up_to) = hint {
                print!("{}", terminal::hints(&exercise, up_to)?);
            } else if solution {
                print!("{}", terminal::solution(&exercise));
            } else if watch {
                terminal::watch(&root, &exercise)?;
            } else if terminal::check(&root, &exercise, answer.as_deref())? == Some(false) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Preprocess { question: None } => preprocess()?,
        Command::Preprocess { question: Some(Question::Supports { .. }) } => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn report(changed: &[String]) {
    if changed.is_empty() {
        eprintln!("nothing changed");
    }
    for file in changed {
        eprintln!("wrote {file}");
    }
}

/// The book as JSON from a stock mdbook on the standard input, and back on the standard output.
fn preprocess() -> Result<()> {
    let (context, book) = mdbook_preprocessor::parse_input(std::io::stdin().lock())?;
    // mdBook's own words for a preprocessor that fails are about exit codes; ours are about the book.
    let book = Workbook::default().run(&context, book)?;
    serde_json::to_writer(std::io::stdout().lock(), &book)?;
    Ok(())
}

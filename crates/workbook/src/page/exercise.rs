//! An exercise as the page shows it: the task, what to start from, hints, and the solution, to unfold.
//!
//! It is complete without a script. Where the page is served by `cargo book serve`, `theme/workbench.js` makes the program an editor and
//! adds the buttons.

use super::{ExerciseHere, Page, html};
use crate::Problem;
use crate::exercises::{Answer, Exercise, FOLDER, Kind};
use std::fmt::Write;
use std::path::Path;

impl Page {
    /// Markdown and HTML in the place of the link.
    pub(super) fn exercise_html(&self, root: &Path, here: &ExerciseHere) -> Result<String, Vec<Problem>> {
        let exercise = Exercise::load(root, &here.name)
            .map_err(|error| vec![Problem::new(self.file(), self.line(here.range.start), format!("{error:#}"))])?;
        let Exercise { name, about, starter, solution, .. } = &exercise;
        let prose = |text: &str| prose(root, name, text);
        let kind = about.kind;
        let kind_name = serde_json::to_string(&kind).unwrap_or_default();
        let mut text = format!(
            "<section class=\"exercise\" data-exercise=\"{name}\" data-kind={kind_name} aria-labelledby=\"exercise-{name}\">\n<p class=\"exercise-kind\">{}</p>\n\n### {} {{#exercise-{name}}}\n\n{}\n\n",
            kind.words(),
            html::escape(&about.title),
            prose(&about.text)?
        );
        let label = if kind == Kind::Predict { "The program" } else { "Start from this" };
        let _ = write!(
            text,
            "<div class=\"starter\">\n<p class=\"snippet-label\">{label}</p>\n\n```rust\n{}\n```\n\n</div>\n",
            starter.trim_end()
        );
        if !about.choices.is_empty() {
            let choices: Vec<_> =
                about.choices.iter().map(|choice| format!("<li>{}</li>", html::escape(choice))).collect();
            let _ = writeln!(text, "<ul class=\"choices\">{}</ul>", choices.concat());
        }
        let with = if kind == Kind::Predict { " --answer …" } else { "" };
        let _ =
            writeln!(text, "<p class=\"exercise-how\">To check it: <code>cargo book exercise {name}{with}</code></p>");
        for (hint, k) in about.hints.iter().zip(1..) {
            let _ =
                write!(text, "<details class=\"hint\"><summary>Hint {k}</summary>\n\n{}\n\n</details>\n", prose(hint)?);
        }
        if !about.misconceptions.is_empty() {
            text += "<details class=\"misconceptions\"><summary>If you have something else</summary>\n\n";
        }
        for known in &about.misconceptions {
            let name = html::escape(&known.name);
            let answer = match &known.answer {
                Answer::Number(number) => number.to_string(),
                Answer::Choice(choice) => html::escape(choice),
            };
            let _ = write!(
                text,
                "<div class=\"misconception\" data-name=\"{name}\">\n\n**{answer}: {name}.** {}\n\n</div>\n",
                prose(&known.text)?
            );
        }
        if !about.misconceptions.is_empty() {
            text += "</details>\n";
        }
        let answer = match (solution, &about.answer) {
            (Some(program), _) => format!("```rust\n{}\n```", program.trim_end()),
            (None, Some(Answer::Number(number))) => format!("The answer is {number}."),
            (None, Some(Answer::Choice(choice))) => format!("The answer is: {}.", html::escape(choice)),
            (None, None) => String::new(),
        };
        let _ = write!(
            text,
            "<details class=\"solution\"><summary>Solution</summary>\n\n{answer}\n\n{}\n\n</details>\n</section>\n",
            prose(&about.explanation)?
        );
        Ok(text)
    }
}

/// Markdown of an exercise, its formulas set.
fn prose(root: &Path, name: &str, text: &str) -> Result<String, Vec<Problem>> {
    let here = |problem: Problem| Problem { file: format!("{FOLDER}/{name}/exercise.toml"), line: 1, ..problem };
    let page = Page::parse(name, text.trim()).map_err(|problem| vec![here(problem)])?;
    page.render(root).map_err(|problems| problems.into_iter().map(here).collect())
}

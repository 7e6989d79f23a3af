//! A figure on the page: the drawing itself, so that it takes the colours of the theme, and its data a click away.

use super::{Figure, Page, html};
use crate::Problem;
use std::fmt::Write;
use std::path::Path;

impl Page {
    /// What stands before and after the caption, which remains Markdown.
    pub(super) fn figure_html(&self, root: &Path, figure: &Figure) -> Result<(String, String), Problem> {
        let name = &figure.name;
        let problem = |message| Problem::new(self.file(), self.line(figure.image.start), message);
        if figure.alt.is_empty() {
            return Err(problem(format!("the figure {name} has no alternative text; expected ![its finding](…)")));
        }
        let read = |extension: &str| {
            let file = format!("src/figures/{name}.{extension}");
            std::fs::read_to_string(root.join(&file)).map_err(|_| {
                let known: Vec<_> = figures::FIGURES.iter().map(|figure| figure.name).collect();
                problem(format!("there is no figure {name} ({file}); there are {}", known.join(", ")))
            })
        };
        let svg = read("svg")?.replace('\n', " ");
        let svg = svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{}\" ", html::escape(&figure.alt)), 1);
        let before = format!(
            "\n<figure class=\"plot\" id=\"figure-{name}\"><div class=\"drawing\" tabindex=\"0\" role=\"group\" aria-label=\"Figure\">{svg}</div>\n<figcaption>\n\n"
        );
        let data = table(&read("csv")?);
        let after = format!(
            "\n\n</figcaption>\n<details class=\"data\"><summary>The numbers in this figure</summary><div class=\"table-wrapper\" tabindex=\"0\" role=\"group\" aria-label=\"Data\">{data}</div></details></figure>\n"
        );
        Ok((before, after))
    }
}

/// Comma-separated values as a table; no value of ours holds a comma or a quote.
fn table(csv: &str) -> String {
    let mut rows = csv.lines();
    let mut table = String::from("<table><thead><tr>");
    for name in rows.next().unwrap_or_default().split(',') {
        let _ = write!(table, "<th scope=\"col\">{}</th>", html::escape(&name.replace('_', " ")));
    }
    table += "</tr></thead><tbody>";
    for row in rows {
        table += "<tr>";
        for cell in row.split(',') {
            let _ = write!(table, "<td>{}</td>", html::escape(cell));
        }
        table += "</tr>";
    }
    table + "</tbody></table>"
}

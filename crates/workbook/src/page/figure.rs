//! A figure on the page: the drawing itself, so that it takes the colours of the theme, and its data a click away.

use super::{Figure, Page, html};
use crate::Problem;
use crate::lean::{ASIDE, END_OF_ASIDE};
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
        let svg = inlined(&read("svg")?);
        let svg = svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{}\" ", html::escape(&figure.alt)), 1);
        let before = format!(
            "\n<figure class=\"plot\" id=\"figure-{name}\"><div class=\"drawing\" tabindex=\"0\" role=\"group\" aria-label=\"Figure\">{ASIDE}{svg}{END_OF_ASIDE}</div>\n<figcaption>\n\n"
        );
        let data = table(&read("csv")?);
        let after = format!(
            "\n\n</figcaption>\n<details class=\"data\"><summary>The numbers in this figure</summary><div class=\"table-wrapper\" tabindex=\"0\" role=\"group\" aria-label=\"Data\">{ASIDE}{data}{END_OF_ASIDE}</div></details></figure>\n"
        );
        Ok((before, after))
    }
}

/// The drawing without what only a drawing on its own needs, which is half of it: the colours and the font, since the page has its own,
/// and a line element for each dash. Plotters writes each tag on a line of its own, and each text on the next.
fn inlined(svg: &str) -> String {
    let mut result = String::with_capacity(svg.len());
    // The attributes of the lines that are being joined to one path.
    let mut joining = String::new();
    for line in svg.lines() {
        let tag = line.strip_prefix('<').and_then(|line| line.split_once(' '));
        let Some((name, rest)) = tag.filter(|_| line.contains("=\"")) else {
            result += line.trim();
            continue;
        };
        let has_class = rest.contains(" class=\"");
        let (mut attributes, mut points, mut rest) = (String::new(), "", rest);
        while let Some((key, (value, after))) =
            rest.split_once("=\"").and_then(|(key, rest)| Some((key.trim(), rest.split_once('"')?)))
        {
            match (key, value) {
                ("points", _) => points = value.trim(),
                ("opacity", "1") | ("stroke", "none") | ("font-family", _) => {}
                ("fill" | "stroke", colour) if has_class && colour.starts_with('#') => {}
                _ => {
                    let _ = write!(attributes, " {key}=\"{}\"", shortened(value));
                }
            }
            rest = after;
        }
        let is_line = name == "polyline" && attributes.contains(" fill=\"none\"") && !attributes.contains(" opacity=");
        if is_line && attributes == joining && result.ends_with("\"/>") {
            result.truncate(result.len() - "\"/>".len());
            let _ = write!(result, "M{points}\"/>");
        } else if is_line {
            let _ = write!(result, "<path{attributes} d=\"M{points}\"/>");
        } else {
            let points = if points.is_empty() { String::new() } else { format!(" points=\"{points}\"") };
            let _ = write!(result, "<{name}{attributes}{points}{}", rest.trim());
        }
        joining = if is_line { attributes } else { String::new() };
    }
    result
}

/// A number of many decimals to two of them; the drawing is four times as fine as the screen.
fn shortened(value: &str) -> &str {
    match value.split_once('.') {
        Some((whole, decimals)) if decimals.len() > 2 && decimals.bytes().all(|byte| byte.is_ascii_digit()) => {
            &value[..whole.len() + 3]
        }
        _ => value,
    }
}

/// Comma-separated values as a table; no value of ours holds a comma or a quote. It stands in a block of HTML, where Markdown reads nothing.
/// The end tags of cells and rows are left out, as HTML allows: a third of a table of numbers.
fn table(csv: &str) -> String {
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut rows = csv.lines();
    let mut table = String::from("<table><thead><tr>");
    for name in rows.next().unwrap_or_default().split(',') {
        let _ = write!(table, "<th scope=\"col\">{}", plain(&name.replace('_', " ")));
    }
    table += "</thead><tbody>";
    for row in rows {
        table += "<tr>";
        for cell in row.split(',') {
            let _ = write!(table, "<td>{}", plain(cell));
        }
    }
    table + "</tbody></table>"
}

#[cfg(test)]
mod tests {
    use super::inlined;

    #[test]
    fn on_a_page_a_drawing_keeps_what_the_page_does_not_have() {
        let svg = "\
<svg width=\"720\" viewBox=\"0 0 2880 1760\" xmlns=\"http://www.w3.org/2000/svg\">
<rect x=\"0\" opacity=\"0.12345\" fill=\"#FFFFFF\" class=\"fill-paper\" stroke=\"none\"/>
<polyline fill=\"none\" opacity=\"1\" stroke=\"#DDDDDD\" class=\"stroke-grid\" stroke-width=\"4\" points=\"1,2 3,4 \"/>
<polyline fill=\"none\" opacity=\"1\" stroke=\"#DDDDDD\" class=\"stroke-grid\" stroke-width=\"4\" points=\"5,6 7,8 \"/>
<text x=\"240\" font-family=\"sans-serif\" font-size=\"58.064516\" fill=\"#5F5F5F\" class=\"fill-muted\">
10²
</text>
<polyline fill=\"none\" opacity=\"0.5\" stroke=\"#123456\" points=\"5,6 7,8 \"/>
</svg>
";
        let expected = "\
<svg width=\"720\" viewBox=\"0 0 2880 1760\" xmlns=\"http://www.w3.org/2000/svg\">\
<rect x=\"0\" opacity=\"0.12\" class=\"fill-paper\"/>\
<path fill=\"none\" class=\"stroke-grid\" stroke-width=\"4\" d=\"M1,2 3,4M5,6 7,8\"/>\
<text x=\"240\" font-size=\"58.06\" class=\"fill-muted\">10²</text>\
<polyline fill=\"none\" opacity=\"0.5\" stroke=\"#123456\" points=\"5,6 7,8\"/>\
</svg>";
        assert_eq!(inlined(svg), expected);
    }
}

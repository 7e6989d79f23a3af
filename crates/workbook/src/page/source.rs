//! Pieces of the crates' own source, so that a chapter shows the function that it derives and not a copy that ages.

use super::{Page, Quote};
use crate::Problem;
use std::path::Path;

impl Page {
    /// The source that a quotation stands for, as the file has it now.
    pub(crate) fn quoted_source(&self, root: &Path, quote: &Quote) -> Result<String, Problem> {
        let problem = |message| Problem::new(self.file(), self.line(quote.fence.start), message);
        let text = std::fs::read_to_string(root.join(&quote.file))
            .map_err(|error| problem(format!("can't read {}: {error}", quote.file)))?;
        item(&text, &quote.item)
            .ok_or_else(|| problem(format!("{} has no function, struct or enum {}", quote.file, quote.item)))
    }
}

/// The function, struct or enum of that name, without what stands above it, moved to the left margin.
///
/// rustfmt sees to it that an item ends at the first line that closes it at its own indentation.
fn item(text: &str, name: &str) -> Option<String> {
    let is_head = |line: &str| {
        ["fn", "struct", "enum"].iter().any(|keyword| {
            let after = line.split_once(&format!("{keyword} {name}")).map(|(_, after)| after);
            after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                && !line.trim_start().starts_with("//")
        })
    };
    let mut lines = text.lines().skip_while(|line| !is_head(line)).peekable();
    let head = *lines.peek()?;
    let indentation = &head[..head.len() - head.trim_start().len()];
    let mut code = String::new();
    for line in lines {
        let line = line.strip_prefix(indentation).unwrap_or(line);
        code += line;
        code.push('\n');
        if line == "}" || (code.lines().count() == 1 && line.ends_with(['}', ';'])) {
            return Some(code);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
/// fn backward is documented here.
impl Chain {
    /// Docs.
    pub fn backward_all(&self) {
        todo
    }

    pub fn backward(&self) -> f64 {
        if self.w > 0.0 {
            return 1.0;
        }
        2.0
    }
}

struct Unit;
";

    #[test]
    fn an_item_is_found_by_its_whole_name_and_moved_to_the_margin() {
        let expected =
            "pub fn backward(&self) -> f64 {\n    if self.w > 0.0 {\n        return 1.0;\n    }\n    2.0\n}\n";
        assert_eq!(item(SOURCE, "backward").unwrap(), expected);
        assert_eq!(item(SOURCE, "Unit").unwrap(), "struct Unit;\n");
        assert_eq!(item(SOURCE, "forward"), None);
    }
}

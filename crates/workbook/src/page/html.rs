//! HTML that may stand inside Markdown.

/// Text for an element or an attribute, with everything escaped that Markdown would read: emphasis, code, tables,
/// smart quotes.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            c if c.is_ascii_punctuation() || c == '\n' => html += &format!("&#{};", u32::from(c)),
            c => html.push(c),
        }
    }
    html
}

/// The text between the tags of finished HTML, escaped from Markdown; tags and entities stay.
pub fn shield(html: &str) -> String {
    let mut result = String::with_capacity(html.len() * 2);
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        let part_of_an_entity = matches!(c, '&' | ';' | '#');
        if c == '|' || !in_tag && c.is_ascii_punctuation() && c != '>' && !part_of_an_entity {
            // A pipe cuts a table's cell even inside a tag.
            result += &format!("&#{};", u32::from(c));
        } else if c == '\n' {
            result.push(' ');
        } else {
            result.push(c);
        }
    }
    result
}

/// How many letters a reader sees of a text without tags: an entity is one.
pub fn length(text: &str) -> usize {
    let mut in_entity = false;
    let mut length = 0;
    for c in text.chars() {
        length += usize::from(!in_entity);
        in_entity = c == '&' || in_entity && c != ';';
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_read_is_escaped() {
        assert_eq!(escape("a_b < 1"), "a&#95;b &lt; 1");
        assert_eq!(length("0&#46;25"), 4);
        assert_eq!(shield("<mi a=\"b\">x*</mi>&lt;|"), "<mi a=\"b\">x&#42;</mi>&lt;&#124;");
    }
}

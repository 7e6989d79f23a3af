//! Takes out of a built book what its reader doesn't need at once: a page is what comes over the wire before it can be read.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What stands between these marks is put aside while mdBook works.
pub(crate) const ASIDE: &str = "<!--aside-->";
pub(crate) const END_OF_ASIDE: &str = "<!--/aside-->";

/// Drawings and tables of data. mdBook would parse each twice, for its chapter and for the page to print, and put the ten thousand numbers in
/// them into the index of the search, where they are three quarters of the words.
#[derive(Clone, Default)]
pub struct Aside(Arc<Mutex<Vec<String>>>);

impl Aside {
    /// The page with a number in the place of each.
    pub(crate) fn take(&self, page: &str) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut parts = page.split(ASIDE);
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (aside, rest) = part.split_once(END_OF_ASIDE).unwrap_or((part, ""));
            result += &format!("<!--aside {}-->{rest}", kept.len());
            kept.push(aside.to_owned());
        }
        result
    }

    /// The page with all of them again.
    fn put_back(&self, html: &str) -> Result<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut parts = html.split("<!--aside ");
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_once("-->").unwrap_or((part, ""));
            let Some(aside) = number.parse().ok().and_then(|number: usize| kept.get(number)) else {
                bail!("found the mark <!--aside {number}-->, expected one of the {} that were made", kept.len());
            };
            result += aside;
            result += rest;
        }
        Ok(result)
    }
}

/// The scripts of mdBook's search, in their order, and our own that runs programs. `theme/head.hbs` fetches them when somebody searches
/// or runs something.
const LATER: [&str; 4] = ["elasticlunr", "mark", "searcher", "workbench"];

/// Makes the pages, style sheets and scripts below a folder lean.
///
/// # Errors
///
/// If a file can't be read or written, or a page isn't as mdBook 0.5.4 makes it.
pub fn lean(folder: &Path, aside: &Aside) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            lean(&path, aside)?;
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let read = || std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()));
        let text = match path.extension().and_then(|extension| extension.to_str()) {
            Some("html") => scripts_later(aside.put_back(&read()?)?).with_context(|| name.clone().into_owned())?,
            Some("css") => without_indents(&without_comments(&read()?)),
            // The index of the search is one line.
            Some("js") if !name.starts_with("searchindex") => without_indents(&read()?),
            _ => continue,
        };
        std::fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
    }
    Ok(())
}

/// A page with scripts that are fetched later: a browser leaves a script of an unknown type alone.
fn scripts_later(mut html: String) -> Result<String> {
    if !html.contains("id=\"mdbook-search-toggle\"") {
        return Ok(html);
    }
    for script in LATER {
        let tag = html.match_indices("<script src=\"").map(|(at, _)| at).find(|at| {
            let source = html[at + "<script src=\"".len()..].split('"').next().unwrap_or_default();
            source.rsplit('/').next().is_some_and(|file| file.starts_with(&format!("{script}-")))
        });
        let Some(at) = tag else {
            bail!("found no <script src=\"{script}-….js\">; expected one, as mdBook 0.5.4 writes it");
        };
        html.insert_str(at + "<script".len(), " type=\"later\"");
    }
    // The style sheet of what the last of them makes.
    let sheets = html.match_indices("<link rel=\"stylesheet\" href=\"").map(|(at, _)| at);
    let of_workbench = |at: &usize| html[*at..].split('>').next().is_some_and(|tag| tag.contains("/workbench-"));
    if let Some(at) = sheets.into_iter().find(of_workbench) {
        html.replace_range(at..at + "<link rel=\"stylesheet\"".len(), "<link rel=\"later\"");
    }
    Ok(html)
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result += part.split_once("*/").map_or("", |(_, rest)| rest);
    }
    result
}

/// Without indents, empty lines, and lines that are nothing but a comment.
fn without_indents(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_wait_and_a_page_of_another_make_is_refused() {
        let page = |first: &str| {
            format!(
                "<button id=\"mdbook-search-toggle\"><script src=\"{first}-1.min.js\"></script><script src=\"../mark-2.js\"></script>\n<script src=\"searcher-3.js\"></script><script src=\"book-4.js\"></script><script src=\"theme/workbench-5.js\"></script><link rel=\"stylesheet\" href=\"theme/workbook-6.css\"><link rel=\"stylesheet\" href=\"theme/workbench-7.css\">"
            )
        };
        let expected = page("elasticlunr").replace("<script src", "<script type=\"later\" src");
        let expected = expected.replace("type=\"later\" src=\"book", "src=\"book");
        let expected = expected.replace("stylesheet\" href=\"theme/workbench", "later\" href=\"theme/workbench");
        assert_eq!(scripts_later(page("elasticlunr")).unwrap(), expected);
        assert_eq!(scripts_later("<p>no search".into()).unwrap(), "<p>no search");
        let message = scripts_later(page("lunr")).unwrap_err().to_string();
        assert!(message.starts_with("found no <script src=\"elasticlunr-….js\">"), "{message}");
    }

    #[test]
    fn what_was_put_aside_comes_back_in_any_order() {
        let aside = Aside::default();
        let page = |a: &str, b: &str| format!("<p>{ASIDE}{a}{END_OF_ASIDE}</p>{ASIDE}{b}{END_OF_ASIDE}");
        assert_eq!(aside.take(&page("one", "two")), "<p><!--aside 0--></p><!--aside 1-->");
        assert_eq!(aside.take(&page("three", "")), "<p><!--aside 2--></p><!--aside 3-->");
        assert_eq!(aside.put_back("<!--aside 2--> <!--aside 0--><!-- aside -->").unwrap(), "three one<!-- aside -->");
        let message = aside.put_back("<!--aside 4-->").unwrap_err().to_string();
        assert_eq!(message, "found the mark <!--aside 4-->, expected one of the 4 that were made");
    }

    #[test]
    fn comments_and_indents_go() {
        let css = "/* One\n   two */\na {\n    color: red; /* three */\n}\n\n";
        assert_eq!(without_indents(&without_comments(css)), "a {\ncolor: red;\n}\n");
        assert_eq!(without_indents("f(\n    // why\n    \"//\", 1\n);\n"), "f(\n\"//\", 1\n);\n");
    }
}

//! Opens every page of the book in a real browser, in light and dark, wide and narrow, and lists everything that is
//! wrong with it: see `pages/events.rs` and `pages/inspect.js` for what is looked at.
//!
//! With `BOOK_SCREENSHOTS=DIR` it leaves a picture of each view in that folder.

mod events;
mod fonts;
pub mod scripts;
mod weight;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::browser::{self, Browser, Screen, Tab};
use crate::rendered;
use crate::site::Site;
use fonts::Characters;
use weight::Weight;

pub const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");
pub const INSPECT: &str = include_str!("pages/inspect.js");

/// The rules that axe-core looks for.
pub const AXE_TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

/// The font that the theme sets formulas in.
pub const MATH_FONT: &str = "STIX Two Math";
/// What one view of a page may take, all in all.
pub const PAGE_TIME: Duration = Duration::from_secs(20);
/// Pages that mdBook makes for printers, servers and browsers without scripts, not for readers.
const NOT_FOR_READERS: [&str; 3] = ["print.html", "404.html", "toc.html"];

/// What we call a theme, and what mdBook calls it.
const THEMES: [(&str, &str); 2] = [("light", "light"), ("dark", "navy")];
pub const SCREENS: [(&str, Screen); 2] = [
    ("wide", Screen { width: 1280, height: 900, scale: 1.0, mobile: false }),
    ("narrow", Screen { width: 360, height: 740, scale: 2.0, mobile: true }),
];

#[test]
fn every_page_of_the_book_is_sound() -> Result<()> {
    let Some(program) = browser_or_skip()? else {
        return Ok(());
    };
    let site = book()?;
    let screenshots = env::var_os("BOOK_SCREENSHOTS").map(PathBuf::from);
    let Round { mut faults, weights, characters } = inspect_site(&program, &site, screenshots.as_deref())?;
    characters.leave()?;
    faults.extend(weights.iter().filter_map(|(page, weight)| Some(format!("{page}: {}", weight.fault()?))));
    if let (Some((page, heaviest)), Some((_, median))) = (weights.last(), weights.get(weights.len() / 2)) {
        let (kb, parts) = (heaviest.total(), heaviest.heaviest());
        say(&format!("A page weighs {} kB (median), the heaviest, {page}, {kb} kB: {parts}.", median.total()));
    }
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    Ok(())
}

#[test]
fn a_bad_page_is_reported() -> Result<()> {
    let Some(program) = browser_or_skip()? else {
        return Ok(());
    };
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/book/fixtures/bad-page");
    let site = Site::serve(&fixture)?;
    let report = inspect_site(&program, &site, None)?.faults.join("\n").replace(&site.base_url, "");
    let expected = [
        "console error: a console error 7",
        "console warning: a console warning",
        "exception: Error: an exception",
        "request: to another host: http://elsewhere.invalid/picture.png",
        "request: failed, net::ERR_NAME_NOT_RESOLVED: http://elsewhere.invalid/picture.png",
        "request: answered 404: /missing.png",
        "overflow: <table id=\"too-wide\"> is 1500 px wide",
        "formula: not visible: h",
        "formula: set in serif, not in STIX Two Math: x",
        "formula: the font STIX Two Math is not loaded",
        "formula: not understood: \\oops",
        "formula: a $ is left in the text: Here is a bare $x$ here",
        "picture: no alt text: <img src=\"dot.svg\"",
        "picture: not shown: <img src=\"missing.png\" alt=\"A missing picture\"",
        "picture: no label: <svg role=\"img\" id=\"unnamed\"",
        "axe color-contrast (serious)",
        "axe svg-img-alt (serious)",
    ];
    for (theme, size) in THEMES.iter().flat_map(|(theme, _)| SCREENS.iter().map(move |(size, _)| (*theme, *size))) {
        if !is_opened(theme, size, false) {
            continue;
        }
        let axe = Axe::of(theme, size, 0);
        let is_looked_for = |fault: &str| match axe {
            Axe::All => true,
            Axe::Looks => !fault.starts_with("axe ") || fault.starts_with("axe color-contrast"),
            Axe::Nothing => !fault.starts_with("axe "),
        };
        for fault in expected.iter().filter(|fault| is_looked_for(fault)) {
            let line = format!("index.html [{theme}, {size}]: {fault}");
            ensure!(report.contains(&line), "not reported: {line}\nreported:\n{report}");
        }
    }
    // Each of these would be a false alarm.
    for sound in ["in code", "named.svg", "unfolded", "scrolls by itself"] {
        ensure!(!report.contains(sound), "reported, but sound: {sound}\nreported:\n{report}");
    }
    Ok(())
}

/// The book as it is now, rendered and served.
pub fn book() -> Result<Site> {
    let folder = rendered::book()?;
    Site::serve(folder)
}

/// The browser to test with. A newcomer may do without one; the machine that guards the book may not.
pub fn browser_or_skip() -> Result<Option<PathBuf>> {
    let program = browser::find()?;
    if program.is_none() {
        let missing = "no Chromium found: install one (`apt-get install chromium`) or set CHROME to its program";
        if env::var_os("CI").is_some() {
            bail!(missing);
        }
        say(&format!("Pages not opened in a browser: {missing}."));
    }
    Ok(program)
}

/// Each page is seen in both themes and in both sizes, but of the four pairs only two, which have all there is to see in one theme or in one
/// size; where the book is guarded, and for pictures, all four.
fn is_opened(theme: &str, size: &str, for_pictures: bool) -> bool {
    env::var_os("CI").is_some() || for_pictures || (theme == "light") == (size == "wide")
}

/// What axe-core looks at in a view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Axe {
    /// Everything.
    All,
    /// What depends on the theme or the width.
    Looks,
    /// Nothing.
    Nothing,
}

impl Axe {
    /// It takes most of the time. What does not depend on the theme or the width is looked at in one theme and one width at a time: where the
    /// book is guarded on every page in two of the four views, else in one. `k` is the number of the page: the two tabs share the work.
    fn of(theme: &str, size: &str, k: usize) -> Self {
        let is_guarded = env::var_os("CI").is_some();
        match (theme == "light", size == "wide") {
            (true, true) if is_guarded || k.is_multiple_of(2) => Self::All,
            (false, false) if is_guarded || !k.is_multiple_of(2) => Self::All,
            (true, true) | (false, false) => Self::Looks,
            _ if is_guarded => Self::Looks,
            _ => Self::Nothing,
        }
    }

    /// axe-core's `runOnly`.
    fn run_only(self) -> serde_json::Value {
        match self {
            Self::All => json!({"type": "tag", "values": AXE_TAGS}),
            Self::Looks => {
                json!({"type": "rule", "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]})
            }
            Self::Nothing => json!(null),
        }
    }
}

/// What is alike on every page, and is most of what axe-core has to look at: the table of contents, programs, formulas, the tables of
/// data under the figures, and exercises. One chapter, which has all of them, stands for all; where the book is guarded, each is looked at.
fn seen_elsewhere(page: &str) -> &'static [&'static str] {
    let stands_for_all = ["02-sigmoid.html", "index.html"].contains(&page);
    if env::var_os("CI").is_some() || stands_for_all { &[] } else { &["nav", "pre", "math", ".data", ".exercise"] }
}

/// Opens every page in every view and gives back what is wrong, sorted, one line each; and what each page weighs, the heaviest last.
fn inspect_site(program: &Path, site: &Site, screenshots: Option<&Path>) -> Result<Round> {
    let start = Instant::now();
    let pages = pages(&site.folder)?;
    ensure!(!pages.is_empty(), "no pages in {}", site.folder.display());
    if let Some(folder) = screenshots {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let inspection = Inspection { base_url: &site.base_url, pages: &pages, screenshots };

    let mut browser = Browser::launch(program)?;
    let tabs = [browser.open_tab()?, browser.open_tab()?];
    // One tab a theme, side by side: each keeps its theme, and two cores are busy.
    let rounds: Vec<Round> = thread::scope(|scope| {
        let inspection = &inspection;
        let running: Vec<_> = THEMES
            .into_iter()
            .zip(tabs)
            .map(|(theme, tab)| scope.spawn(move || inspection.in_theme(theme, tab)))
            .collect();
        running.into_iter().map(|thread| thread.join().expect("a tab's thread panicked")).collect()
    });
    let mut whole = Round::default();
    for round in rounds {
        whole.faults.extend(round.faults);
        if !round.weights.is_empty() {
            (whole.weights, whole.characters) = (round.weights, round.characters);
        }
    }
    whole.faults.sort();
    whole.weights.sort_by_key(|(_, weight)| weight.total());
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("{} pages opened in both themes and both sizes in {seconds:.1} s.", pages.len()));
    Ok(whole)
}

/// The paths of all pages for readers below a folder, with `/` between their parts, sorted.
fn pages(folder: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = fs::read_dir(&current).with_context(|| format!("cannot read {}", current.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                let parts: Vec<_> = path.strip_prefix(folder)?.iter().map(|part| part.to_string_lossy()).collect();
                pages.push(parts.join("/"));
            }
        }
    }
    pages.retain(|page| !NOT_FOR_READERS.contains(&page.as_str()));
    pages.sort();
    Ok(pages)
}

/// What is the same in all views.
struct Inspection<'a> {
    base_url: &'a str,
    pages: &'a [String],
    screenshots: Option<&'a Path>,
}

/// What was found: the faults, and in one view the weights and the characters.
#[derive(Default)]
struct Round {
    faults: Vec<String>,
    weights: Vec<(String, Weight)>,
    characters: Characters,
}

impl Inspection<'_> {
    /// Goes through all pages in one theme. An error, such as a page that hangs, ends the round and is one more fault.
    fn in_theme(&self, theme: (&str, &str), mut tab: Tab) -> Round {
        let mut round = Round::default();
        if let Err(error) = self.all_pages(theme, &mut tab, &mut round) {
            round.faults.push(format!("{error:#}; the pages after it were not opened in this theme"));
        }
        round
    }

    fn all_pages(&self, (theme, mdbook_theme): (&str, &str), tab: &mut Tab, round: &mut Round) -> Result<()> {
        // Also runs in the empty page a tab starts with, which has no storage.
        tab.run_before_pages(&format!(
            "if (location.protocol === 'http:') localStorage.setItem('mdbook-theme', '{mdbook_theme}')"
        ))?;
        for (size, screen) in SCREENS.iter().filter(|(size, _)| is_opened(theme, size, self.screenshots.is_some())) {
            tab.set_screen(screen)?;
            // Fonts and weight are the same in all views; in this one nothing is taken from a cache.
            let is_first_view = (theme, *size) == ("light", "wide");
            tab.keep_files(!is_first_view)?;
            for (k, page) in self.pages.iter().enumerate() {
                let view = format!("{page} [{theme}, {size}]");
                let (found, weight) = self.page(tab, page, Axe::of(theme, size, k)).with_context(|| view.clone())?;
                round.faults.extend(found.iter().map(|fault| format!("{view}: {fault}")));
                if is_first_view {
                    round.weights.push((page.clone(), weight));
                    round.characters.add(tab, page).with_context(|| view.clone())?;
                }
                if let Some(folder) = self.screenshots {
                    let name = page.trim_end_matches(".html").replace('/', "-");
                    let picture = tab.screenshot().with_context(|| view.clone())?;
                    fs::write(folder.join(format!("{name}-{theme}-{size}.png")), picture)?;
                }
            }
            if is_first_view {
                tab.allow(PAGE_TIME);
                round.faults.extend(round.characters.not_in_a_font(tab)?);
            }
        }
        Ok(())
    }

    /// Opens one page and gives back its faults and its weight.
    fn page(&self, tab: &mut Tab, page: &str, axe: Axe) -> Result<(Vec<String>, Weight)> {
        tab.allow(PAGE_TIME);
        // What the page before still did after it was looked at is not this page's fault.
        tab.take_events();
        tab.open(&format!("{}/{page}", self.base_url))?;
        let not_again = seen_elsewhere(page);
        let settings = json!({"mathFont": MATH_FONT, "axe": axe.run_only(), "notAgain": not_again});
        let axe = if axe == Axe::Nothing { "" } else { AXE };
        let found = tab.evaluate(&format!("{axe};\n{INSPECT};\ninspect({settings})"))?;
        let lines: Vec<String> = serde_json::from_value(found).context("the inspection gave no list")?;
        let reported = tab.take_events();
        let mut faults = events::faults(&reported, self.base_url);
        faults.extend(lines);
        Ok((faults, Weight::of(&reported)))
    }
}

/// Says something that is seen also when the test passes: the test harness withholds only what `println!` prints.
fn say(line: &str) {
    // Without a standard error nobody listens.
    let _ = writeln!(io::stderr(), "{line}");
}

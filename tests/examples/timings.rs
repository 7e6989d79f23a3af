//! What the workbook costs its writer and its reader, as a table: see "What it costs" in DESIGN.md.
//!
//! ```text
//! cargo run -p book-tests --example timings                 every row, in about three minutes
//! cargo run -p book-tests --example timings build paint     the rows that have one of these words in their name
//! ```
//!
//! It measures the tool as readers have it, in the development build, and redraws the figures and compiles the snippets anew. Two rows
//! are measured by hand: from clone to page, `git clone … && time cargo book build` with an empty `CARGO_HOME`, and `time cargo test`,
//! the second time.

#[path = "../tests/book/browser/mod.rs"]
#[allow(dead_code)] // The tests use more of it.
mod browser;
#[path = "../tests/book/site.rs"]
mod site;
#[path = "../tests/book/pages/weight.rs"]
#[allow(dead_code)]
mod weight;

use anyhow::{Context, Result, ensure};
use browser::{Browser, Screen, Tab};
use site::Site;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use weight::Weight;
use workbook::book;
use workbook::workbench::Workbench;

/// The screen that pages are opened on.
const SCREEN: Screen = Screen { width: 1280, height: 900, scale: 1.0, mobile: false };

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let rows: [Row; 8] = [
        ("second build", "2 s", second_build),
        ("where a build goes", "", shares),
        ("edit to page", "1 s", edit_to_page),
        ("all figures", "60 s", figures),
        ("all snippets", "20 s", snippets),
        ("page weight", "300 kB", page_weight),
        ("first paint", "", first_paint),
        ("click to output", "0.6 s", click_to_output),
    ];
    let names = rows.map(|(name, ..)| name);
    for word in &wanted {
        ensure!(
            names.iter().any(|name| name.contains(word.as_str())),
            "no row is named {word}; there are {}",
            names.join(", ")
        );
    }
    ensure!(cargo(&["build", "--quiet", "--package", "workbook"])?.status()?.success(), "the tool doesn't compile");
    println!("| what | limit | measured |\n| --- | --- | --- |");
    for (name, limit, measure) in rows {
        if wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str())) {
            println!("| {name} | {limit} | {} |", measure().context(name)?);
        }
    }
    Ok(())
}

/// A name, a limit, and how it is measured.
type Row = (&'static str, &'static str, fn() -> Result<String>);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::var_os("CARGO").context("run this with cargo")?);
    command.args(arguments).current_dir(root()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command)
}

/// How long `cargo book …` takes.
fn time_of(arguments: &[&str]) -> Result<Duration> {
    let start = Instant::now();
    let status = cargo(&[&["book"], arguments].concat())?.status()?;
    ensure!(status.success(), "cargo book {} ended with {status}", arguments.join(" "));
    Ok(start.elapsed())
}

fn median<T: Copy + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("a measurement is a number"));
    values[values.len() / 2]
}

fn repeated<T: Copy + PartialOrd>(times: usize, measure: impl FnMut() -> Result<T>) -> Result<T> {
    Ok(median(std::iter::repeat_with(measure).take(times).collect::<Result<_>>()?))
}

fn second_build() -> Result<String> {
    time_of(&["build"])?;
    let time = repeated(5, || time_of(&["build"]))?;
    Ok(format!("{:.2} s, `cargo book build` with nothing to do, median of 5", time.as_secs_f64()))
}

/// The parts of a build, in this process: ours, and the rest, which is mdBook's. Each is the shortest of five runs, since they are
/// subtracted from each other.
fn shares() -> Result<String> {
    let folder = tempfile::tempdir_in(root().join("target"))?;
    let to = folder.path().join("book");
    let milliseconds = |work: &dyn Fn() -> Result<()>| {
        let start = Instant::now();
        work()?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    };
    let shortest = |work: &dyn Fn() -> Result<f64>| {
        let times: Vec<f64> = std::iter::repeat_with(work).take(5).collect::<Result<_>>()?;
        Ok::<_, anyhow::Error>(times.into_iter().fold(f64::INFINITY, f64::min))
    };
    let figures = shortest(&|| milliseconds(&|| workbook::drawings::are_current(&root()).map(drop)))?;
    let pages = shortest(&|| {
        milliseconds(&|| {
            for page in book::pages(&root(), &[])? {
                page.render(&root()).map_err(workbook::Problems)?;
            }
            Ok(())
        })
    })?;
    let mdbook = |search: bool, lean: bool| {
        let (mut book, aside) = book::load(&root())?;
        book.config.build.build_dir = to.clone();
        book.config.set("output.html.search.enable", search)?;
        let built = milliseconds(&|| book.build())?;
        if lean { milliseconds(&|| workbook::lean::lean(&to, &aside)) } else { Ok(built) }
    };
    let without_search = shortest(&|| mdbook(false, false))?;
    let with_search = shortest(&|| mdbook(true, false))?;
    let lean = shortest(&|| mdbook(true, true))?;
    Ok(format!(
        "{:.0} ms: are the figures current {figures:.0}, our preprocessor {pages:.0}, mdBook {:.0} (of which the index of the search {:.0}), lean pages {lean:.0}; the shortest of 5",
        figures + with_search + lean,
        with_search - pages,
        with_search - without_search,
    ))
}

/// From a chapter that is saved to its change in the open page.
fn edit_to_page() -> Result<String> {
    let copy = tempfile::tempdir()?;
    for part in ["book.toml", "Cargo.lock", "src", "crates", "tests/ledgers"] {
        copy_all(&root().join(part), &copy.path().join(part))?;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let tool = root().join("target/debug/workbook").canonicalize()?;
    let mut server = Command::new(tool)
        .args(["serve", "--port", &port.to_string()])
        .current_dir(copy.path())
        .stderr(Stdio::null())
        .spawn()?;
    let measured = edits(&copy.path().join("src/23-skip-connections.md"), port);
    server.kill()?;
    server.wait()?;
    Ok(format!("{:.2} s, saved to shown, the longest chapter, median of 8", measured?.as_secs_f64()))
}

fn edits(chapter: &Path, port: u16) -> Result<Duration> {
    let (_browser, mut tab) = tab()?;
    let url = format!("http://127.0.0.1:{port}/23-skip-connections.html");
    while tab.open(&url).is_err() || title(&mut tab).is_none() {
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut k = 0;
    repeated(8, || {
        // The server listens to the page, and has seen the file at rest.
        std::thread::sleep(Duration::from_secs(1));
        k += 1;
        let text = std::fs::read_to_string(chapter)?;
        let new = format!("Edit {k}");
        let (_, rest) = text.split_once('\n').context("the chapter has a title")?;
        let start = Instant::now();
        std::fs::write(chapter, format!("# {new}\n{rest}"))?;
        while title(&mut tab).as_deref() != Some(&new) {
            ensure!(start.elapsed() < Duration::from_secs(30), "the edit did not show within 30 s");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(start.elapsed())
    })
}

/// The title on the page, unless it is being loaded.
fn title(tab: &mut Tab) -> Option<String> {
    let title = tab.evaluate("document.querySelector('main h1')?.textContent").ok()?;
    title.as_str().map(Into::into)
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        std::fs::copy(from, to)?;
        return Ok(());
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn figures() -> Result<String> {
    Ok(format!("{:.1} s, `cargo book figures`", time_of(&["figures"])?.as_secs_f64()))
}

fn snippets() -> Result<String> {
    let kept = root().join("target/snippets");
    if kept.exists() {
        std::fs::remove_dir_all(&kept)?;
    }
    let cold = time_of(&["test"])?.as_secs_f64();
    let warm = time_of(&["test"])?.as_secs_f64();
    Ok(format!("{cold:.1} s with all of them compiled, {warm:.1} s without; `cargo book test`"))
}

fn tab() -> Result<(Browser, Tab)> {
    let program = browser::find()?.context("no Chromium found: install one, or set CHROME to its program")?;
    let mut browser = Browser::launch(&program)?;
    let mut tab = browser.open_tab()?;
    tab.allow(Duration::from_secs(300));
    tab.set_screen(&SCREEN)?;
    tab.keep_files(false)?;
    Ok((browser, tab))
}

/// The chapters of the built book, the longest last.
fn chapters(folder: &Path) -> Result<Vec<String>> {
    let mut chapters = vec![];
    for page in book::pages(&root(), &[])? {
        let file = page.name.replace(".md", ".html");
        chapters.push((std::fs::metadata(folder.join(&file))?.len(), file));
    }
    chapters.sort();
    Ok(chapters.into_iter().map(|(_, file)| file).collect())
}

fn built() -> Result<Site> {
    time_of(&["build"])?;
    Site::serve(&root().join("book"))
}

fn page_weight() -> Result<String> {
    let site = built()?;
    let (_browser, mut tab) = tab()?;
    let mut weights = vec![];
    for page in chapters(&site.folder)? {
        tab.take_events();
        tab.open(&format!("{}/{page}", site.base_url))?;
        tab.evaluate("document.fonts.ready.then(() => null)")?;
        weights.push((Weight::of(&tab.take_events()).total(), page));
    }
    weights.sort();
    let (heaviest, page) = weights.last().context("the book has pages")?;
    Ok(format!("{heaviest} kB at most ({page}), {} kB in the median", weights[weights.len() / 2].0))
}

fn first_paint() -> Result<String> {
    let site = built()?;
    let (_browser, mut tab) = tab()?;
    let page = chapters(&site.folder)?.pop().context("the book has pages")?;
    let paint = repeated(7, || {
        tab.open(&format!("{}/{page}", site.base_url))?;
        let painted = tab.evaluate(
            "new Promise((painted) => new PerformanceObserver((list) => painted(list.getEntriesByName('first-contentful-paint')[0]?.startTime))
                .observe({ type: 'paint', buffered: true }))",
        )?;
        painted.as_f64().context("the browser reports no first paint")
    })?;
    Ok(format!("{paint:.0} ms, {page} with an empty cache, median of 7"))
}

/// From a press of Run to what the program printed, for every snippet of the book as it stands there.
fn click_to_output() -> Result<String> {
    time_of(&["build"])?;
    let answers = tempfile::tempdir()?;
    let workbench = Arc::new(Workbench::new(&root(), answers.path())?);
    let site = Site::serve_with(&root().join("book"), Some(workbench))?;
    let (_browser, mut tab) = tab()?;
    tab.allow(Duration::from_secs(600));
    let mut times = vec![];
    for page in book::pages(&root(), &[])? {
        tab.open(&format!("{}/{}", site.base_url, page.name.replace(".md", ".html")))?;
        let measured = tab.evaluate(
            "(async () => {
                const next = () => new Promise(requestAnimationFrame);
                const times = [];
                const boxes = document.querySelectorAll('.snippet');
                while (boxes.length && !document.querySelector('.bar .run')) await next();
                for (const box of boxes) {
                    const start = performance.now();
                    box.querySelector('.run').click();
                    while (!box.querySelector('.result').dataset.kind) await next();
                    if (box.querySelector('.result').dataset.kind !== 'well') throw new Error(`${box.id}: ${box.querySelector('.result-status').textContent}`);
                    times.push((performance.now() - start) / 1000);
                }
                return times;
            })()",
        );
        let measured = measured.with_context(|| page.name.clone())?;
        times.extend(measured.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64));
    }
    times.sort_by(f64::total_cmp);
    let share = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    Ok(format!(
        "{:.2} s in the median of {} snippets, {:.2} s for nine of ten, {:.2} s at most; compiled each time",
        share(0.5),
        times.len(),
        share(0.9),
        share(1.0)
    ))
}

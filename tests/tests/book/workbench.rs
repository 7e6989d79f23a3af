//! The page at work, in a real browser: programs edited and run, exercises checked, edits and progress kept.

use crate::browser::{Browser, Tab};
use crate::pages::scripts::run;
use crate::pages::{AXE, AXE_TAGS, INSPECT, MATH_FONT, SCREENS, book, browser_or_skip};
use crate::rendered::{self, root};
use crate::site::Site;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use workbook::workbench::Workbench;

/// What a test may take: it runs some twenty programs, and the machine has other tests to run.
const TIME: Duration = Duration::from_secs(120);

/// The book served with a workbench, whose progress is kept in a folder of its own.
struct Class {
    site: Site,
    answers: TempDir,
}

impl Class {
    fn begin() -> Result<Self> {
        let answers = tempfile::tempdir()?;
        let workbench = Arc::new(Workbench::new(&root(), answers.path())?);
        Ok(Self { site: Site::serve_with(rendered::book()?, Some(workbench))?, answers })
    }

    fn progress(&self) -> Result<Value> {
        let path = self.answers.path().join("progress.json");
        Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
    }
}

/// A class, and a tab that reads a page of it on a wide screen; nothing, where there is no browser.
fn reading(page: &str) -> Result<Option<(Class, Browser, Tab)>> {
    let Some(program) = browser_or_skip()? else {
        return Ok(None);
    };
    let class = Class::begin()?;
    let mut browser = Browser::launch(&program)?;
    let mut tab = browser.open_tab()?;
    tab.allow(TIME);
    tab.set_screen(&SCREENS[0].1)?;
    open(&mut tab, &class.site, page)?;
    Ok(Some((class, browser, tab)))
}

/// A tab with a page of the class, on which everything is ready.
fn open(tab: &mut Tab, site: &Site, page: &str) -> Result<()> {
    tab.open(&format!("{}/{page}.html", site.base_url))?;
    run(tab, "await until('the workbench', () => document.querySelector('.bar .run'))")?;
    Ok(())
}

/// What is to be said of a snippet or an exercise after its button was pressed, given as the body of a function of its `box`.
fn after_run(tab: &mut Tab, place: &str, what: &str) -> Result<Value> {
    let done = format!(
        "const box = document.querySelector(\"{place}\");
        const status = box.querySelector('.result-status');
        await until('the answer', () => status.textContent && !/…$/.test(status.textContent));
        {what}"
    );
    run(tab, &done).with_context(|| place.to_owned())
}

/// Replaces a program by typing another, and runs it with Ctrl and Enter: nothing but the keyboard.
fn type_and_run(tab: &mut Tab, place: &str, program: &str) -> Result<()> {
    let focus = format!(
        "document.querySelector(\"{place} textarea\").focus(); document.querySelector(\"{place} .result-status\").textContent = ''"
    );
    tab.evaluate(&focus)?;
    tab.press("a", true)?;
    tab.type_text(program)?;
    tab.press("Enter", true)
}

fn is(found: &Value, expected: Value) -> Result<()> {
    ensure!(*found == expected, "found {found}, expected {expected}");
    Ok(())
}

#[test]
fn a_program_is_edited_run_and_kept() -> Result<()> {
    let Some((class, _browser, mut tab)) = reading("06-five-layers")? else {
        return Ok(());
    };
    let first = "#snippet-1";

    // As it stands in the book.
    tab.evaluate("document.querySelector('#snippet-1 .run').click()")?;
    let said = after_run(
        &mut tab,
        first,
        "return [status.textContent.split('.')[0], box.querySelectorAll('.result .output').length, box.querySelector('.differs-note').hidden]",
    )?;
    is(&said, json!(["It prints what was recorded", 0, true]))?;

    // A number changed: the lines that differ are marked.
    let changed = "fn main() {\n    println!(\"arrives at the last layer: {}\", 25);\n    println!(\"{}\", vanishing::sigmoid(0.0));\n}\n";
    type_and_run(&mut tab, first, changed)?;
    let said = after_run(
        &mut tab,
        first,
        "return [box.querySelector('.result samp').textContent, box.querySelector('.result .differs').textContent, box.querySelector('.differs-note').hidden, box.classList.contains('edited')]",
    )?;
    is(&said, json!(["arrives at the last layer: 25\n0.5\n", "0.5", false, true]))?;

    // It is there again after a reload, and after another page.
    for page in ["06-five-layers", "05-one-step", "06-five-layers"] {
        open(&mut tab, &class.site, page)?;
    }
    let kept = tab.evaluate("[document.querySelector('#snippet-1 textarea').value, document.querySelector('#snippet-1 code').textContent.trimEnd(), document.querySelector('#snippet-1 .differs-note').hidden]")?;
    is(&kept, json!([changed, changed.trim_end(), false]))?;

    // An error of the compiler is at the program's own line, and leads there.
    type_and_run(&mut tab, first, "fn main() {\n    let w = 0.25;\n    println!(\"{}\", w.slope());\n}\n")?;
    let said = after_run(
        &mut tab,
        first,
        "const link = box.querySelector('.output.error .link');
        link.click();
        const area = box.querySelector('textarea');
        return [status.textContent.split('.')[0], link.textContent, document.activeElement === area, area.value.slice(area.selectionStart, area.selectionStart + 5),
            box.querySelectorAll('.error-line').length, box.querySelector('.output.error samp').textContent.startsWith('error[E')]",
    )?;
    is(&said, json!(["It doesn't compile", "line 3", true, "slope", 1, true]))?;

    // A panic is apart from what was printed before it.
    type_and_run(&mut tab, first, "fn main() {\n    println!(\"before\");\n    panic!(\"no gradient\");\n}\n")?;
    let said = after_run(
        &mut tab,
        first,
        "return [status.textContent.split('.')[0], ...Array.from(box.querySelectorAll('.result .output'), (output) => output.innerText.split('\\n').map((line) => line.trim()).filter(Boolean))]",
    )?;
    let panic = "thread 'main' panicked at snippet.rs:3:5:";
    is(&said, json!(["It panicked", ["prints now", "before"], ["the panic, line 3", panic, "no gradient"]]))?;

    // A plot is a picture.
    type_and_run(
        &mut tab,
        first,
        "use experiments::Table;\nuse figures::{Plot, plot_table};\n\nfn main() {\n    let mut table = Table::new([\"layer\", \"gradient\"]);\n    for l in 1..=5_usize {\n        table.push(vec![l.into(), 0.25_f64.powi(l as i32).into()]);\n    }\n    println!(\"before\");\n    println!(\"{}\", plot_table(&table, Plot { x: \"layer\", y: &[\"gradient\"], logarithmic: true }));\n}\n",
    )?;
    let said = after_run(
        &mut tab,
        first,
        "const picture = box.querySelector('img.drawn');\nawait picture.decode();\nreturn [box.querySelector('.result samp').textContent, picture.naturalWidth > 300, !!picture.alt]",
    )?;
    is(&said, json!(["before\n", true, true]))?;

    // What a program prints is text or a picture, and nothing in it runs.
    let hostile = "fn main() {\n    println!(\"<img src=x onerror='window.hacked = 1'><script>window.hacked = 2</script>\");\n    println!(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='parent.hacked = 3'><script>parent.hacked = 4</script></svg>\");\n}\n";
    type_and_run(&mut tab, first, hostile)?;
    let said = after_run(
        &mut tab,
        first,
        "await box.querySelector('img.drawn').decode();
        return [box.querySelectorAll('.result :is(script, svg, img:not(.drawn))').length, window.hacked ?? null, box.querySelector('.result samp').textContent.startsWith('<img src=x')]",
    )?;
    is(&said, json!([0, null, true]))?;

    // What never ends is stopped by the same button.
    type_and_run(&mut tab, first, "fn main() {\n    loop {}\n}\n")?;
    run(
        &mut tab,
        "const button = document.querySelector('#snippet-1 .run'); await until('the other word', () => button.textContent === 'Stop');
        // Sooner it would be taken for a double click.
        await new Promise((after) => setTimeout(after, 500));
        button.click()",
    )?;
    let said = after_run(&mut tab, first, "return [status.textContent, box.querySelector('.run').textContent]")?;
    is(&said, json!(["Stopped.", "Run"]))?;

    // An arrow in the editor turns no page, and a new line is indented as the one before.
    tab.evaluate("document.querySelector('#snippet-1 textarea').focus()")?;
    for key in ["ArrowLeft", "ArrowRight", "ArrowRight"] {
        tab.press(key, false)?;
    }
    tab.press("a", true)?;
    tab.type_text("fn main() {")?;
    tab.press("Enter", false)?;
    tab.type_text("let x = 1;")?;
    tab.press("Enter", false)?;
    let now = tab.evaluate("[location.pathname, document.querySelector('#snippet-1 textarea').value]")?;
    is(&now, json!(["/06-five-layers.html", "fn main() {\n    let x = 1;\n    "]))?;

    // Opening the page puts the caret nowhere, and a click on the line that is marked puts it there.
    type_and_run(&mut tab, first, "fn main() {\n    let w: f64 = true;\n}\n")?;
    after_run(&mut tab, first, "")?;
    let at = tab.evaluate(
        "(() => {
            const mark = document.querySelector('#snippet-1 .error-line').getBoundingClientRect();
            return document.elementFromPoint(mark.x + 60, mark.y + 5)?.className;
        })()",
    )?;
    is(&at, json!("editor-area"))?;
    open(&mut tab, &class.site, "06-five-layers")?;
    is(&tab.evaluate("document.activeElement === document.body")?, json!(true))?;

    // Reset, and nothing of the edit is left; but the browser can still undo it.
    let reset = tab.evaluate("(() => {
        const box = document.querySelector('#snippet-1');
        const edited = box.querySelector('textarea').value;
        box.querySelector('.quiet').click();
        const book = box.querySelector('textarea').value;
        const keys = Object.keys(localStorage).filter((key) => key.startsWith('vanishing-gradients/'));
        const state = [box.querySelector('.quiet').hidden, box.classList.contains('edited'), keys.length, book.startsWith('fn main() {\\n    let mut gradient = 25.0;')];
        box.querySelector('textarea').focus();
        document.execCommand('undo');
        return [...state, box.querySelector('textarea').value === edited];
    })()")?;
    is(&reset, json!([true, false, 0, true, true]))?;

    // Whoever clears the storage loses the edits and nothing else.
    tab.evaluate("localStorage.clear()")?;
    open(&mut tab, &class.site, "06-five-layers")?;
    let cleared = tab.evaluate("document.querySelector('#snippet-1 .differs-note').hidden")?;
    is(&cleared, json!(true))?;

    // An edit of a program that the book has changed since is offered where it belongs.
    tab.evaluate("localStorage.setItem('vanishing-gradients/06-five-layers/0123456789ab', JSON.stringify({ text: 'fn main() {}', original: document.querySelector('#snippet-2 textarea').value.replace('0.01', '0.1') }))")?;
    open(&mut tab, &class.site, "06-five-layers")?;
    let offered = tab.evaluate("(() => {
        const note = document.querySelector('.old-edit');
        const where = note.closest('.snippet').id;
        note.querySelector('.link').click();
        return [where, document.querySelector('#snippet-2 textarea').value, document.querySelector('.old-edit'), localStorage.getItem('vanishing-gradients/06-five-layers/0123456789ab')];
    })()")?;
    is(&offered, json!(["snippet-2", "fn main() {}", null, null]))
}

#[test]
fn an_exercise_is_checked_in_the_page() -> Result<()> {
    let Some((class, _browser, mut tab)) = reading("04-chain-rule")? else {
        return Ok(());
    };
    run(&mut tab, "await until('the exercises', () => document.querySelector('.progress p')?.textContent)")?;
    let count = "document.querySelector('#mdbook-sidebar a[href$=\"04-chain-rule.html\"] .count').textContent";
    let all = tab.evaluate(&format!("Number({count}.split('/')[1])"))?.as_u64().context("no count in the contents")?;
    is(&tab.evaluate(count)?, json!(format!("0/{all}")))?;

    // A prediction comes before the run, and a wrong one is known.
    let predict = "[data-exercise=what-one-link-leaves]";
    tab.evaluate(&format!("document.querySelector('{predict} .prediction').focus()"))?;
    tab.press("Enter", false)?;
    let said =
        after_run(&mut tab, predict, "return [status.textContent, box.querySelectorAll('.result .output').length]")?;
    is(&said, json!(["Predict first; then it runs.", 0]))?;
    // A slip of the finger gives nothing away.
    let slip = format!("document.querySelector('{predict} .result-status').textContent = ''");
    tab.evaluate(&slip)?;
    tab.type_text("a quarter")?;
    tab.press("Enter", false)?;
    let said =
        after_run(&mut tab, predict, "return [status.textContent, box.querySelectorAll('.result .output').length]")?;
    is(&said, json!(["Not yet. \"a quarter\" is no number.", 0]))?;
    tab.evaluate(&slip)?;
    tab.press("a", true)?;
    tab.type_text("1/4")?;
    tab.press("Enter", false)?;
    let said = after_run(
        &mut tab,
        predict,
        "return [status.textContent, box.querySelector('.known strong').textContent, box.querySelector('.result samp').textContent, box.querySelector('.solution').open, box.querySelector('.state').textContent]",
    )?;
    is(
        &said,
        json!(["Not yet. You predicted 1/4, which is not right.", "0.25: forgot the weight.", "0.125000\n", false, ""]),
    )?;
    run(
        &mut tab,
        &format!("await until('the state', () => document.querySelector('{predict} .state').textContent === 'tried')"),
    )?;

    // The starter of an implementation fails, and its solution, typed, passes.
    let implement = "[data-exercise=backward-of-a-link]";
    tab.evaluate(&format!("document.querySelector('{implement} .run').click()"))?;
    let said =
        after_run(&mut tab, implement, "return [status.textContent, box.querySelectorAll('.checks .failed').length]")?;
    is(&said, json!(["Not yet. 0 of 9 checks hold.", 9]))?;
    let solution = std::fs::read_to_string(root().join("crates/exercises/backward-of-a-link/solution.rs"))?;
    type_and_run(&mut tab, implement, &solution)?;
    let said = after_run(&mut tab, implement, "return [status.textContent, box.querySelector('.solution').open]")?;
    is(&said, json!(["Passed. All 9 checks hold.", true]))?;
    run(&mut tab, &format!("await until('the count', () => {count} === '1/{all}')"))?;
    let record = &class.progress()?["exercises"]["backward-of-a-link"];
    is(&record["state"], json!("passed"))?;

    // A hint is unfolded by the keyboard alone: from the button, Tab leads to it.
    tab.evaluate(&format!("document.querySelector('{implement} .result').hidden = true; document.querySelector('{implement} .quiet').focus()"))?;
    tab.press("Tab", false)?;
    tab.press("Enter", false)?;
    is(&tab.evaluate(&format!("document.querySelector('{implement} .hint').open"))?, json!(true))?;

    // Another browser, or this one with its storage cleared, finds what was checked.
    tab.evaluate("localStorage.clear()")?;
    open(&mut tab, &class.site, "04-chain-rule")?;
    run(
        &mut tab,
        &format!("await until('the exercises', () => document.querySelector('{implement} .state')?.textContent)"),
    )?;
    let found = tab.evaluate(&format!("[document.querySelector('{implement} textarea').value, document.querySelector('{implement} .state').textContent, document.querySelector('{predict} .prediction').value]"))?;
    is(&found, json!([solution, "done (9 of 9)", "1/4"]))?;

    // Exported, begun anew, and imported.
    let exported = run(
        &mut tab,
        &format!(
            "let blob;
            URL.createObjectURL = (it) => {{ blob = it; return 'javascript:void 0'; }};
            document.querySelectorAll('.progress .link')[0].click();
            const text = await blob.text();
            const anew = document.querySelector('{implement} .quiet');
            anew.click();
            if (anew.textContent !== 'Forget what you did here?') throw new Error('it forgets without a question');
            anew.click();
            await until('the count', () => {count} === '0/{all}');
            const file = document.querySelector('.progress input');
            const files = new DataTransfer();
            files.items.add(new File([text], 'progress.json'));
            file.files = files.files;
            file.dispatchEvent(new Event('change'));
            await until('the import', () => document.querySelector('.progress [role=status]').textContent);
            return [document.querySelector('.progress [role=status]').textContent, {count}, JSON.parse(text).version]"
        ),
    )?;
    is(&exported, json!(["Imported.", format!("1/{all}"), 1]))?;

    // What is no progress is refused, and nothing of it is taken.
    for (file, expected) in [
        ("null", "Not imported: the file is no progress of this book."),
        ("{", "Not imported: the file is no JSON."),
        ("{\"version\": 9, \"exercises\": {}}", "Not imported: found progress of version 9, expected version 1."),
        ("{\"version\": 1, \"exercises\": {\"nowhere\": {}}}", "Not imported: this book has no exercise nowhere."),
    ] {
        let said = run(
            &mut tab,
            &format!(
                "const told = document.querySelector('.progress [role=status]');
                told.textContent = '';
                const file = document.querySelector('.progress input');
                const files = new DataTransfer();
                files.items.add(new File([{}], 'progress.json'));
                file.files = files.files;
                file.dispatchEvent(new Event('change'));
                await until('the refusal', () => told.textContent);
                return told.textContent",
                json!(file)
            ),
        )?;
        is(&said, json!(expected))?;
    }

    // A server that is gone is said to be.
    drop(class);
    tab.evaluate("document.querySelector('#snippet-1 .run').click()")?;
    let said = after_run(&mut tab, "#snippet-1", "return status.textContent")?;
    is(&said, json!("Not run: the server doesn't answer. Is cargo book serve still running?"))
}

/// With results of all kinds on it, the page is as sound as the others: on a wide screen and on a phone, and for those who listen.
#[test]
fn a_page_at_work_is_sound() -> Result<()> {
    let Some(program) = browser_or_skip()? else {
        return Ok(());
    };
    let class = Class::begin()?;
    let mut browser = Browser::launch(&program)?;
    for (theme, (size, screen)) in ["light", "navy"].into_iter().zip(&SCREENS) {
        let mut tab = browser.open_tab()?;
        tab.allow(TIME);
        tab.run_before_pages(&format!(
            "if (location.protocol === 'http:') localStorage.setItem('mdbook-theme', '{theme}')"
        ))?;
        tab.set_screen(screen)?;
        open(&mut tab, &class.site, "04-chain-rule")?;
        run(&mut tab, "await until('the exercises', () => document.querySelector('.progress p')?.textContent)")?;
        type_and_run(
            &mut tab,
            "#snippet-1",
            "fn main() {\n    let w: f64 = \"a quarter that is so long that it leaves the page on every phone, and on most others\";\n}\n",
        )?;
        after_run(&mut tab, "#snippet-1", "")?;
        tab.evaluate("document.querySelector('[data-exercise=what-one-link-leaves] .prediction').value = '0.25'; for (const button of document.querySelectorAll('.exercise .run')) button.click()")?;
        for exercise in ["what-one-link-leaves", "backward-of-a-link"] {
            after_run(&mut tab, &format!("[data-exercise={exercise}]"), "")?;
        }
        let settings = json!({"mathFont": MATH_FONT, "axe": {"type": "tag", "values": AXE_TAGS}, "notAgain": []});
        let found = tab.evaluate(&format!("{AXE};\n{INSPECT};\ninspect({settings})"))?;
        ensure!(found == json!([]), "{theme}, {size}: {found:#}");
        // Every control has a name, and no two of a page the same one, but those that say what they belong to.
        let nameless = tab.evaluate("Array.from(document.querySelectorAll('main :is(button, textarea, input)'), (control) => [control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? control.textContent, control.getAttribute('aria-describedby')].join(' ').trim()).filter((name, k, names) => !name || names.indexOf(name) < k)")?;
        let repeated: Vec<_> = nameless.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        ensure!(
            repeated.iter().all(|name| name.starts_with("line ")
                || name.starts_with("Copy")
                || name.starts_with("Your prediction")),
            "{repeated:?}"
        );
    }
    Ok(())
}

/// Without a server the outputs are the recorded ones, nothing is dead, and what needs only the standard library can be sent away.
#[test]
fn on_a_static_host_nothing_is_broken() -> Result<()> {
    let Some(program) = browser_or_skip()? else {
        return Ok(());
    };
    let site = book()?;
    let mut browser = Browser::launch(&program)?;
    let mut tab = browser.open_tab()?;
    tab.allow(TIME);
    tab.set_screen(&SCREENS[0].1)?;
    tab.open(&format!("{}/06-five-layers.html", site.base_url))?;
    let page = workbook::book::pages(&root(), &["06".into()])?.remove(0);
    let needs_crates: Vec<bool> = page.snippets.iter().map(|snippet| snippet.code.contains("vanishing")).collect();
    let buttons = "Array.from(document.querySelectorAll('.snippet'), (box) => !box.querySelector('.run'))";
    is(&tab.evaluate(buttons)?, json!(needs_crates))?;
    let still = tab.evaluate("[document.querySelector('.output-label').textContent, document.querySelectorAll('textarea, .exercise button:not(.clip-button)').length, document.querySelector('.exercise-how').textContent.startsWith('To check it: cargo book exercise ')]")?;
    is(&still, json!(["prints, as recorded", 0, true]))?;

    // The playground is another host, which is not there; then one is put in its place.
    tab.evaluate("document.querySelector('#snippet-1 .run').click()")?;
    run(&mut tab, "await until('the editor', () => document.querySelector('#snippet-1 textarea'))")?;
    is(
        &tab.evaluate("Array.from(document.querySelectorAll('.snippet'), (box) => !box.querySelector('textarea'))")?,
        json!(needs_crates),
    )?;
    tab.evaluate("document.querySelector('#snippet-1 .run').click()")?;
    let said = after_run(&mut tab, "#snippet-1", "return [box.querySelector('.run').textContent, status.textContent]")?;
    is(&said, json!(["Run on play.rust-lang.org", "Not run: play.rust-lang.org doesn't answer."]))?;
    let sent = run(
        &mut tab,
        "let sent;
        window.fetch = async (url, { body }) => {
            sent = [url, JSON.parse(body)];
            return { ok: true, json: async () => ({ result: 'from afar\\n', error: null }) };
        };
        const box = document.querySelector('#snippet-1');
        box.querySelector('.result-status').textContent = '';
        box.querySelector('.run').click();
        await until('the answer', () => box.querySelector('.result samp'));
        return [sent[0], sent[1].edition, sent[1].code === box.querySelector('textarea').value, box.querySelector('.result samp').textContent]",
    )?;
    is(&sent, json!(["https://play.rust-lang.org/evaluate.json", "2024", true, "from afar\n"]))
}

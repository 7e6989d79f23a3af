//! The scripts that took the place of mdBook's: the search that is fetched when it is asked for, the colours of programs, the button that
//! copies them.

use super::{PAGE_TIME, SCREENS, book, browser_or_skip};
use crate::browser::{Browser, Tab};
use crate::rendered::root;
use anyhow::{Result, ensure};

/// Waits for a condition in the page.
const UNTIL: &str = "async function until(what, holds) {
    for (const start = performance.now(); !holds(); await new Promise(requestAnimationFrame)) {
        if (performance.now() - start > 10000) throw new Error(`waited ten seconds for ${what}`);
    }
}";

/// Evaluates the body of an asynchronous function, which can wait for what it needs.
pub fn run(tab: &mut Tab, script: &str) -> Result<serde_json::Value> {
    tab.evaluate(&format!("(async () => {{ {UNTIL}; {script} }})()"))
}

#[test]
fn the_search_comes_when_it_is_asked_for() -> Result<()> {
    let Some(program) = browser_or_skip()? else {
        return Ok(());
    };
    let site = book()?;
    let mut browser = Browser::launch(&program)?;
    let mut tab = browser.open_tab()?;
    tab.allow(PAGE_TIME);
    tab.set_screen(&SCREENS[0].1)?;
    let url = format!("{}/05-one-step.html", site.base_url);
    let is_open = "!document.getElementById('mdbook-search-wrapper').classList.contains('hidden')";
    let key =
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 's', bubbles: true, cancelable: true }))";
    for asked in ["document.getElementById('mdbook-search-toggle').click()", key] {
        tab.open(&url)?;
        let fetched = run(
            &mut tab,
            &format!(
                "const before = performance.getEntriesByType('resource').some(({{ name }}) => name.includes('search'));
                {asked};
                await until('the search', () => {is_open});
                const bar = document.getElementById('mdbook-searchbar');
                await until('the focus', () => document.activeElement === bar);
                bar.value = 'sigmoid';
                bar.dispatchEvent(new KeyboardEvent('keyup', {{ key: 'd', bubbles: true }}));
                await until('a result', () => document.querySelector('#mdbook-searchresults a'));
                return before"
            ),
        )?;
        ensure!(fetched == false, "the search was fetched before {asked}");
    }
    tab.open(&format!("{url}?highlight=sigmoid"))?;
    run(&mut tab, "await until('a word that is marked', () => document.querySelector('main mark'))")?;
    Ok(())
}

#[test]
fn programs_are_coloured_and_copied_as_they_stand_in_the_chapter() -> Result<()> {
    let Some(program) = browser_or_skip()? else {
        return Ok(());
    };
    let site = book()?;
    let mut browser = Browser::launch(&program)?;
    let mut tab = browser.open_tab()?;
    tab.allow(PAGE_TIME);
    tab.open(&format!("{}/05-one-step.html", site.base_url))?;
    let copied = run(
        &mut tab,
        "let copied;
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text; } } });
        document.querySelector('.snippet .clip-button').click();
        await until('the tip', () => document.querySelector('.tooltipped .tooltiptext')?.innerText === 'Copied!');
        return copied",
    )?;
    let page = workbook::book::pages(&root(), &["05".into()])?.remove(0);
    let code = page.snippets[0].code.trim_end();
    ensure!(copied == code, "copied {copied}, expected {code:?}");

    let coloured = tab.evaluate(
        r##"(() => {
            const block = Object.assign(document.createElement("code"), { className: "language-rust" });
            block.textContent = `#[test]\n/* a\nb */ fn f<'a>(x: &'a str) -> Vec<f64> { // not 1\n    println!("{} \\" 2", 'c'); 1.5e-3 + 0..x.0 != r#"a"b"# && Some(true) }`;
            const text = block.textContent;
            hljs.highlightBlock(block);
            const spans = Array.from(block.children, ({ className, textContent }) => `${className.slice(5)}: ${textContent}`);
            return [block.textContent === text, ...spans].join("\n");
        })()"##,
    )?;
    let expected = [
        "true",
        "meta: #[test]",
        "comment: /* a\nb */",
        "keyword: fn",
        "title: f",
        "symbol: 'a",
        "symbol: 'a",
        "built_in: str",
        "built_in: Vec",
        "built_in: f64",
        "comment: // not 1",
        "built_in: println!",
        "string: \"{} \\\" 2\"",
        "string: 'c'",
        "number: 1.5e-3",
        "number: 0",
        "number: 0",
        "string: r#\"a\"b\"#",
        "literal: Some",
        "literal: true",
    ]
    .join("\n");
    ensure!(
        coloured == expected.as_str(),
        "coloured:\n{}\nexpected:\n{expected}",
        coloured.as_str().unwrap_or_default()
    );
    Ok(())
}

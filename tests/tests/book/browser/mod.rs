//! Drives a headless Chromium: finds it, starts it with an empty profile, opens tabs, and leaves nothing behind.

mod cdp;

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;

use cdp::Connection;
pub use cdp::Event;

/// How long the browser may take to start; a cold one on a busy machine takes several seconds.
const START_TIME: Duration = Duration::from_secs(30);
/// How long the browser may take to close by itself before it is killed.
const CLOSE_TIME: Duration = Duration::from_secs(3);
/// Textures end here: beyond it a screenshot repeats its last rows.
const LONGEST_SCREENSHOT: f64 = 16_384.0;

const FLAGS: [&str; 11] = [
    "--headless=new",
    "--remote-debugging-port=0",
    // The sandbox needs privileges that containers lack; only our own pages are opened.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Nothing but this machine answers, with a network or without: a page that asks for more is caught asking.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "about:blank",
];

/// A Chromium on this machine: `$CHROME`, or the first of the usual names and places.
pub fn find() -> Result<Option<PathBuf>> {
    if let Some(chosen) = env::var_os("CHROME") {
        let program = PathBuf::from(chosen);
        ensure!(program.is_file(), "CHROME is {}, which is not a file", program.display());
        return Ok(Some(program));
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name).with_extension(env::consts::EXE_EXTENSION)));
    let elsewhere = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    Ok(on_path.chain(elsewhere.map(PathBuf::from)).find(|program| program.is_file()))
}

/// A running browser; dropping it closes it and removes its profile, also while a test panics.
pub struct Browser {
    connection: Connection,
    port: u16,
    // Dropped in this order: the profile is removed only when no process writes to it.
    process: Process,
    _profile: TempDir,
}

impl Browser {
    pub fn launch(program: &Path) -> Result<Self> {
        let profile = tempfile::tempdir().context("cannot make a folder for the browser's profile")?;
        let log = profile.path().join("browser.log");
        let child = Command::new(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut process = Process(child);
        let (port, path) = devtools_address(&mut process, profile.path()).with_context(|| {
            let said = fs::read_to_string(&log).unwrap_or_default();
            format!("{} did not start; it said:\n{said}", program.display())
        })?;
        let connection = Connection::open(port, &path)?;
        Ok(Self { connection, port, process, _profile: profile })
    }

    /// Opens a tab with a storage of its own, so that tabs can read the book in different themes at the same time.
    pub fn open_tab(&mut self) -> Result<Tab> {
        let context = self.connection.call("Target.createBrowserContext", json!({}))?;
        let target = self.connection.call(
            "Target.createTarget",
            json!({"url": "about:blank", "browserContextId": context["browserContextId"]}),
        )?;
        let id = target["targetId"].as_str().context("the new tab has no id")?;
        Tab::attach(Connection::open(self.port, &format!("/devtools/page/{id}"))?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.connection.allow(CLOSE_TIME);
        // Asked to close, it takes its helper processes with it; if it does not answer, `Process` kills it.
        if self.connection.call("Browser.close", json!({})).is_ok() {
            self.process.wait(CLOSE_TIME);
        }
    }
}

/// A child process that does not outlive this value.
struct Process(Child);

impl Process {
    fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }

    fn wait(&mut self, time: Duration) {
        let deadline = Instant::now() + time;
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if the process has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for the file in which the browser leaves the port it chose and the path of its DevTools.
fn devtools_address(process: &mut Process, profile: &Path) -> Result<(u16, String)> {
    let file = profile.join("DevToolsActivePort");
    let deadline = Instant::now() + START_TIME;
    while Instant::now() < deadline {
        let text = fs::read_to_string(&file).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n') {
            return Ok((port.parse()?, path.trim().to_owned()));
        }
        ensure!(!process.has_ended(), "it ended at once");
        thread::sleep(Duration::from_millis(10));
    }
    bail!("no DevTools port within {} s", START_TIME.as_secs())
}

/// The screen a page is shown on.
pub struct Screen {
    pub width: u32,
    pub height: u32,
    pub scale: f64,
    pub mobile: bool,
}

pub struct Tab {
    connection: Connection,
    scale: f64,
}

impl Tab {
    fn attach(mut connection: Connection) -> Result<Self> {
        for domain in ["Page", "Runtime", "Log", "Network"] {
            connection.call(&format!("{domain}.enable"), json!({}))?;
        }
        connection.call("Page.setLifecycleEventsEnabled", json!({"enabled": true}))?;
        Ok(Self { connection, scale: 1.0 })
    }

    /// Gives the following steps this long, all in all; then they fail instead of hanging.
    pub fn allow(&mut self, time: Duration) {
        self.connection.allow(time);
    }

    /// Has a script run in every page before the page's own.
    pub fn run_before_pages(&mut self, script: &str) -> Result<()> {
        self.connection.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}))?;
        Ok(())
    }

    pub fn set_screen(&mut self, screen: &Screen) -> Result<()> {
        self.scale = screen.scale;
        let metrics = json!({
            "width": screen.width,
            "height": screen.height,
            "deviceScaleFactor": screen.scale,
            "mobile": screen.mobile,
        });
        self.connection.call("Emulation.setDeviceMetricsOverride", metrics)?;
        Ok(())
    }

    /// Opens a page and waits until it has loaded.
    pub fn open(&mut self, url: &str) -> Result<()> {
        let navigation = self.connection.call("Page.navigate", json!({"url": url}))?;
        if let Some(error) = navigation["errorText"].as_str() {
            bail!("cannot open {url}: {error}");
        }
        let loader = &navigation["loaderId"];
        self.connection.wait_for("waiting for the page to load", |event| {
            event.method == "Page.lifecycleEvent"
                && event.params["name"] == "load"
                && event.params["loaderId"] == *loader
        })
    }

    /// Evaluates an expression in the page, waits if it is a promise, and gives back its value.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let mut answer = self
            .connection
            .call("Runtime.evaluate", json!({"expression": expression, "awaitPromise": true, "returnByValue": true}))?;
        if let Some(exception) = answer.get("exceptionDetails") {
            bail!("the script failed in the page: {exception}");
        }
        Ok(answer["result"]["value"].take())
    }

    /// Presses and lets go a key by its name, with Ctrl or without, as a reader does.
    pub fn press(&mut self, key: &str, ctrl: bool) -> Result<()> {
        // What the browser needs to know of the keys that do something, not of letters: those are typed.
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            " " => 32,
            "ArrowLeft" => 37,
            "ArrowRight" => 39,
            "a" => 65,
            _ => bail!("{key} is no key that a test presses"),
        };
        let text = match key {
            "Enter" if !ctrl => "\r",
            " " => " ",
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let kind = if text.is_empty() && kind == "keyDown" { "rawKeyDown" } else { kind };
            let mut event =
                json!({"type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": if ctrl { 2 } else { 0 }});
            if kind == "keyDown" {
                event["text"] = json!(text);
            }
            if ctrl && key == "a" && kind == "rawKeyDown" {
                event["commands"] = json!(["selectAll"]);
            }
            self.connection.call("Input.dispatchKeyEvent", event)?;
        }
        Ok(())
    }

    /// Types a text where the caret is.
    pub fn type_text(&mut self, text: &str) -> Result<()> {
        self.connection.call("Input.insertText", json!({"text": text}))?;
        Ok(())
    }

    /// Whether what one page fetched is kept for the next; at first it is.
    pub fn keep_files(&mut self, keep: bool) -> Result<()> {
        self.connection.call("Network.setCacheDisabled", json!({"cacheDisabled": !keep}))?;
        Ok(())
    }

    /// The fonts that the text of each matching element is drawn with, and whether the page brought them.
    pub fn fonts_of(&mut self, selector: &str) -> Result<Vec<Vec<(String, bool)>>> {
        for domain in ["DOM", "CSS"] {
            self.connection.call(&format!("{domain}.enable"), json!({}))?;
        }
        let document = self.connection.call("DOM.getDocument", json!({}))?;
        let found = json!({"nodeId": document["root"]["nodeId"], "selector": selector});
        let nodes = self.connection.call("DOM.querySelectorAll", found)?;
        let nodes = nodes["nodeIds"].as_array().context("no list of elements")?;
        let mut all = vec![];
        for node in nodes {
            let answer = self.connection.call("CSS.getPlatformFontsForNode", json!({"nodeId": node}))?;
            let fonts = answer["fonts"].as_array().context("no list of fonts")?.iter();
            all.push(
                fonts
                    .map(|font| {
                        (font["familyName"].as_str().unwrap_or_default().to_owned(), font["isCustomFont"] == true)
                    })
                    .collect(),
            );
        }
        Ok(all)
    }

    /// The whole page as PNG, also what lies below the screen.
    pub fn screenshot(&mut self) -> Result<Vec<u8>> {
        let metrics = self.connection.call("Page.getLayoutMetrics", json!({}))?;
        let size = &metrics["cssContentSize"];
        let height = size["height"].as_f64().context("the page has no height")?;
        let shrink = (LONGEST_SCREENSHOT / (height * self.scale)).min(1.0);
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": height, "scale": shrink});
        let answer = self
            .connection
            .call("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true, "clip": clip}))?;
        let data = answer["data"].as_str().context("the browser gave no picture")?;
        Ok(base64::engine::general_purpose::STANDARD.decode(data)?)
    }

    /// What the browser reported since the last call of this method: requests, console messages, exceptions.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.connection.take_events()
    }
}

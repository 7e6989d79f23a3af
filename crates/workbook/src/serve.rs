//! The book on a local address, rebuilt and reloaded on every change.

use crate::book::{self, For, LIVE_RELOAD};
use crate::exercises::ANSWERS;
use crate::workbench::{self, Workbench};
use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tower_http::services::ServeDir;

/// Serves a rendered book to those who come to a port. Gives what tells the open pages to reload, and the server to run.
/// With a workbench, the pages can run programs.
///
/// # Errors
///
/// If the port has no address.
pub fn server(
    port: TcpListener,
    book: PathBuf,
    workbench: Option<Arc<Workbench>>,
) -> Result<(broadcast::Sender<()>, impl Future<Output = Result<()>>)> {
    let address = port.local_addr()?;
    let (reload, _) = broadcast::channel(1);
    let pages = Router::new()
        .route(&format!("/{LIVE_RELOAD}"), get(live_reload))
        .fallback_service(ServeDir::new(book))
        .with_state(reload.clone());
    let router = match workbench {
        Some(workbench) => workbench.around(pages),
        None => pages,
    };
    let router = workbench::guarded(router, address.port());
    let server = async move { axum::serve(port, router).await.context("the server stopped") };
    Ok((reload, server))
}

/// A port that only this machine can reach, 0 for any that is free. Who comes before the server runs waits for it.
///
/// # Errors
///
/// If it is taken.
pub async fn listen(port: u16) -> Result<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!(
                "port {port} is in use; choose another one: cargo book serve --port {}",
                port.wrapping_add(1).max(1024)
            )
        }
        Err(error) => Err(error).with_context(|| format!("can't serve on port {port}")),
    }
}

/// Tells a page when to reload itself.
async fn live_reload(State(reload): State<broadcast::Sender<()>>, upgrade: WebSocketUpgrade) -> Response {
    let mut rebuilt = reload.subscribe();
    upgrade.on_upgrade(async move |mut page: WebSocket| {
        // A receiver that lags was told more than once, which is as good as once. A page that is gone needs nothing.
        while !matches!(rebuilt.recv().await, Err(broadcast::error::RecvError::Closed)) {
            if page.send(Message::text("reload")).await.is_err() {
                return;
            }
        }
    })
}

/// Builds the book, serves it with a workbench, and rebuilds it whenever a chapter, a figure or a source it quotes changes.
/// It ends at an interrupt, and then nothing of it is left: no program and no folder.
///
/// # Errors
///
/// If the port is taken or the book can't be built at the start. A chapter that is wrong later is said on the terminal, and
/// the pages stay as they were.
pub fn serve(root: &Path, port: u16, open: bool) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // The runtime is dropped with this call, and with it every request that is not answered: that stops its program.
    runtime.block_on(async {
        // From now on an interrupt is ours to answer.
        let interrupted = interrupted()?;
        // Before the build: whoever has the wrong port should not have to wait for it.
        let port = listen(port).await?;
        let address = port.local_addr()?;
        // What is saved while the first build runs is built after it.
        let building = Arc::new(Mutex::new(()));
        let first = building.lock();
        let workbench = Arc::new(Workbench::new(root, &root.join(ANSWERS))?);
        let able = workbench.able();
        let (reload, server) = server(port, root.join("book"), Some(workbench))?;
        let _watcher = watch(root, reload, building.clone())?;
        book::build(root, For::Serving)?;
        drop(first);
        let url = format!("http://localhost:{}", address.port());
        eprintln!("The book is at {url}; it follows your changes. Ctrl-C ends it.");
        if !(able.writes && able.processes) {
            eprintln!(
                "Programs that you run in its pages are limited, but this system can't confine them to a folder."
            );
        }
        if open {
            open_in_browser(&url);
        }
        tokio::select! {
            stopped = server => stopped,
            () = interrupted => Ok(()),
        }
    })
}

/// Ends when somebody wants the server to.
#[cfg(unix)]
fn interrupted() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

/// Ends when somebody wants the server to.
#[cfg(not(unix))]
fn interrupted() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a signal to wait for, the system ends us itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Rebuilds on every change, one after the other, until what it gives is dropped. It waits while `building` is locked.
fn watch(root: &Path, reload: broadcast::Sender<()>, building: Arc<Mutex<()>>) -> Result<impl Drop + use<>> {
    let folder = root.to_owned();
    let mut built = SystemTime::now();
    let on_change = move |events: DebounceEventResult| {
        let Ok(events) = events else { return };
        let _alone = building.lock();
        // A file that is only read makes an event too, and a build reads them all.
        let is_new = |path: &Path| path.metadata().and_then(|file| file.modified()).map_or(true, |at| at >= built);
        let Some(event) = events.iter().find(|event| is_source(&event.path) && is_new(&event.path)) else { return };
        built = SystemTime::now();
        let changed = event.path.strip_prefix(&folder).unwrap_or(&event.path).display().to_string();
        let start = Instant::now();
        match book::render(&folder, For::Serving, &folder.join("book")) {
            Ok(()) => {
                eprintln!("{changed} changed; rebuilt in {} ms", start.elapsed().as_millis());
                if changed.starts_with("crates") && changed.ends_with(".rs") {
                    eprintln!(
                        "figures and outputs are of the code before; restart `cargo book serve` to draw them anew"
                    );
                }
                // No page may be listening, and then there is none to reload.
                let _ = reload.send(());
            }
            Err(error) => eprintln!("error: {error:#}\nthe pages stay as they were"),
        }
    };
    // An editor writes a file in several steps; 60 ms after the last is soon enough for the eye.
    let mut debouncer = new_debouncer(Duration::from_millis(60), on_change)?;
    for path in ["src", "crates", "book.toml"] {
        debouncer.watcher().watch(&root.join(path), RecursiveMode::Recursive)?;
    }
    Ok(debouncer)
}

/// Not an editor's swap file, nor a file of ours that is still being written.
fn is_source(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        !name.starts_with('.') && !name.ends_with(['~']) && !name.ends_with(".swp")
    })
}

fn open_in_browser(url: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    if let Err(error) = std::process::Command::new(program).args(arguments).arg(url).spawn() {
        eprintln!("can't open a browser ({program}: {error}); open {url} yourself");
    }
}

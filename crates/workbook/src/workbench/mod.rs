//! What the served pages can ask for: run a program, check an exercise, say what is done.
//!
//! | what | module |
//! | --- | --- |
//! | who may ask | `guard.rs` |
//! | how many at once | `queue.rs` |
//! | where programs are run | `session.rs` |
//!
//! Every request is a POST of JSON to `/workbench/…`, and every answer is JSON; an error has one member, `error`.

mod guard;
mod queue;
pub(crate) mod session;

pub use session::Session;

use crate::exercises::{Exercise, Kind, Progress, Verdict, judge};
use crate::programs::trial::{LIMIT, Trial};
use crate::programs::{Able, Compiler};
use crate::{book, snippets};
use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use queue::Queue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much a request may say, in bytes.
pub const MOST_BODY: usize = 64 * 1024;

/// How long an answer to an exercise may be, in bytes: short enough to be imported again.
const MOST_ANSWER: usize = 32 * 1024;

/// How many may wait for their turn.
pub const MOST_WAITING: usize = 32;

/// More than the largest page of the book, the one to print.
const LARGEST_PAGE: usize = 64 * 1024 * 1024;

/// What runs the programs of a session.
pub struct Workbench {
    root: PathBuf,
    answers: PathBuf,
    compiler: Compiler,
    able: Able,
    session: Session,
    token: String,
    queue: Queue,
}

impl Workbench {
    /// Builds the crates that programs call, and makes a folder and a token for the session. The book is in `root`, the reader's
    /// progress in `answers`.
    ///
    /// # Errors
    ///
    /// If the crates don't compile, or there is no room for the folder.
    pub fn new(root: &Path, answers: &Path) -> Result<Self> {
        let compiler = Compiler::new()?;
        let able = compiler.able()?;
        let mut random = [0; 32];
        getrandom::fill(&mut random).context("the system gives no random numbers")?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let queue = Queue::new(cores, MOST_WAITING);
        let token = snippets::hex(&random);
        let session = Session::new()?;
        Ok(Self { root: root.into(), answers: answers.into(), compiler, able, session, token, queue })
    }

    /// What this system keeps programs from.
    pub fn able(&self) -> Able {
        self.able
    }

    /// The pages, each with the token, and what they can ask for.
    pub(crate) fn around(self: Arc<Self>, pages: Router) -> Router {
        let routes = Router::new()
            .route("/run", post(run))
            .route("/check", post(check))
            .route("/reset", post(reset))
            .route("/progress", post(progress))
            .route("/import", post(import))
            .fallback(async || Refusal(StatusCode::NOT_FOUND, "there is nothing of that name".into()))
            .layer(DefaultBodyLimit::max(MOST_BODY))
            .layer(from_fn_with_state(self.clone(), guard::request))
            .with_state(self.clone());
        pages.layer(from_fn_with_state(self, with_token)).nest("/workbench", routes)
    }

    /// Has one program run when it is its turn. If nobody waits for the answer any more, it is stopped.
    async fn in_turn<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self, &AtomicBool) -> Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = self.queue.turn().await.ok_or_else(|| {
            let message = format!("{MOST_WAITING} programs are waiting already; try again in a moment");
            Refusal(StatusCode::TOO_MANY_REQUESTS, message)
        })?;
        let stop = StopWhenDropped::default();
        let stopped = stop.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&self, &stopped);
            drop(turn);
            result
        });
        let result = done.await.map_err(|error| Refusal::failed(&error.into()))?;
        result.map_err(|error| Refusal::failed(&error))
    }
}

/// Pages are served from this machine alone and under its own names; see [`guard::host`].
pub(crate) fn guarded(router: Router, port: u16) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| guard::host(port, request, next)))
}

#[derive(Default)]
struct StopWhenDropped(Arc<AtomicBool>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why a request is not answered.
struct Refusal(StatusCode, String);

impl Refusal {
    fn failed(error: &anyhow::Error) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
    }

    fn bad(error: &anyhow::Error) -> Self {
        Self(StatusCode::BAD_REQUEST, format!("{error:#}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, json(&serde_json::json!({ "error": self.1 }))).into_response()
    }
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn asked<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal(StatusCode::PAYLOAD_TOO_LARGE, format!("found a body of more than {MOST_BODY} bytes"))
        }
        status => Refusal(status, rejection.body_text()),
    })?;
    serde_json::from_slice(&body).map_err(|error| Refusal::bad(&error.into()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToRun {
    code: String,
}

async fn run(
    State(workbench): State<Arc<Workbench>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let ToRun { code } = asked(body)?;
    let trial: Trial = workbench
        .in_turn(move |workbench, stop| {
            workbench.compiler.try_out(workbench.session.folder(), &[("snippet.rs", &code)], LIMIT, stop)
        })
        .await?;
    Ok(json(&trial))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToCheck {
    exercise: String,
    answer: String,
}

async fn check(
    State(workbench): State<Arc<Workbench>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let ToCheck { exercise, answer } = asked(body)?;
    let exercise = Exercise::load(&workbench.root, &exercise).map_err(|error| Refusal::bad(&error))?;
    if answer.len() > MOST_ANSWER {
        let message = format!("found an answer of {} bytes, expected at most {MOST_ANSWER}", answer.len());
        return Err(Refusal(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    let verdict: Verdict = workbench
        .in_turn(move |workbench, stop| {
            let folder = workbench.session.folder();
            let verdict = judge(&workbench.compiler, folder, &exercise, &answer, LIMIT, stop)?;
            // What was no answer was not tried.
            if verdict.trial.is_some() && !stop.load(Ordering::Relaxed) {
                Progress::change(&workbench.answers, |progress| {
                    progress.record(&exercise.name, &answer, verdict.passed, verdict.score);
                })?;
            }
            Ok(verdict)
        })
        .await?;
    Ok(json(&verdict))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToReset {
    exercise: String,
}

async fn reset(
    State(workbench): State<Arc<Workbench>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let ToReset { exercise } = asked(body)?;
    let exercise = Exercise::load(&workbench.root, &exercise).map_err(|error| Refusal::bad(&error))?;
    aside(move || {
        Progress::change(&workbench.answers, |progress| {
            progress.exercises.remove(&exercise.name);
        })?;
        overview(&workbench)
    })
    .await
}

async fn progress(State(workbench): State<Arc<Workbench>>) -> Result<Response, Refusal> {
    aside(move || overview(&workbench)).await
}

/// Takes over what another copy of the book has done.
async fn import(
    State(workbench): State<Arc<Workbench>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let other: serde_json::Value = asked(body)?;
    let other = Progress::parse(&other.to_string()).map_err(|error| Refusal::bad(&error))?;
    for name in other.exercises.keys() {
        Exercise::load(&workbench.root, name).map_err(|error| Refusal::bad(&error))?;
    }
    aside(move || {
        Progress::change(&workbench.answers, |progress| progress.merge(other))?;
        overview(&workbench)
    })
    .await
}

/// What waits for the disk, or for another who writes, keeps no page waiting.
async fn aside(work: impl FnOnce() -> Result<Overview> + Send + 'static) -> Result<Response, Refusal> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::failed(&error.into()))?;
    done.map(|overview| json(&overview)).map_err(|error| Refusal::failed(&error))
}

/// What a page shows of the progress.
#[derive(Serialize)]
struct Overview {
    /// In the order of the pages.
    exercises: Vec<Entry>,
    /// As it is kept, to be exported.
    progress: Progress,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    /// The page's file, without its ending.
    page: String,
    kind: Kind,
}

fn overview(workbench: &Workbench) -> Result<Overview> {
    let exercises = Exercise::all(&workbench.root)?;
    let pages = book::pages(&workbench.root, &[])?;
    let here = pages.iter().flat_map(|page| page.exercises.iter().map(move |here| (page, &here.name)));
    let entries = here.filter_map(|(page, name)| {
        let kind = exercises.get(name)?.about.kind;
        Some(Entry { name: name.clone(), page: page.name.trim_end_matches(".md").to_owned(), kind })
    });
    Ok(Overview { exercises: entries.collect(), progress: Progress::load(&workbench.answers)? })
}

/// Puts the token into a page, which is the only place where it can be had from.
async fn with_token(State(workbench): State<Arc<Workbench>>, mut request: Request, next: Next) -> Response {
    // A page that the browser kept has the token of another session.
    for condition in [header::IF_MODIFIED_SINCE, header::IF_NONE_MATCH, header::RANGE] {
        request.headers_mut().remove(condition);
    }
    let (mut head, body) = next.run(request).await.into_parts();
    let is_page = head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return Response::from_parts(head, body);
    }
    let Ok(page) = axum::body::to_bytes(body, LARGEST_PAGE).await else {
        return Refusal(StatusCode::INTERNAL_SERVER_ERROR, "the page can't be read".into()).into_response();
    };
    let page = String::from_utf8_lossy(&page);
    let Able { writes, processes } = workbench.able;
    let meta = format!(
        "<meta name=\"workbench\" content=\"{}\" data-writes=\"{writes}\" data-processes=\"{processes}\">\n</head>",
        workbench.token
    );
    let page = page.replacen("</head>", &meta, 1);
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::LAST_MODIFIED);
    let with = |name, value| (name, header::HeaderValue::from_static(value));
    head.headers.extend([
        with(header::CACHE_CONTROL, "no-store"),
        // No other site may show it in a frame, where a click meant for that site would land here.
        with(header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    ]);
    Response::from_parts(head, Body::from(page))
}

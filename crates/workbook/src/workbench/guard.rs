//! Who may ask. A program that a page asks for is run with the reader's rights, so the page must be ours.

use super::{Refusal, Workbench};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Where a page says the token of the session.
const TOKEN: HeaderName = HeaderName::from_static("x-workbench-token");

/// The names under which this machine can be reached from itself. A site that has its own name point here, to be taken for
/// ours, still says its own name.
fn is_ours(host: &str, port: u16) -> bool {
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(if port == 80 { host } else { "" });
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

/// What a header says, if it says it once.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let only = all.next()?;
    if all.next().is_some() { None } else { only.to_str().ok() }
}

/// Every request must name this machine as its host; one that opens a socket must come from our own pages.
pub(super) async fn host(port: u16, request: Request, next: Next) -> Response {
    let host = text(request.headers(), &header::HOST).unwrap_or_default();
    if !is_ours(host, port) {
        let message = format!("found the host \"{host}\", expected localhost:{port} or 127.0.0.1:{port}");
        return Refusal(StatusCode::MISDIRECTED_REQUEST, message).into_response();
    }
    if request.headers().contains_key(header::UPGRADE)
        && let Err(refusal) = same_origin(request.headers())
    {
        return refusal.into_response();
    }
    next.run(request).await
}

/// A browser says from which site a request comes, and no script can make it say another.
fn same_origin(headers: &HeaderMap) -> Result<(), Refusal> {
    let host = text(headers, &header::HOST).unwrap_or_default();
    let origin = text(headers, &header::ORIGIN).unwrap_or_default();
    if origin == format!("http://{host}") {
        return Ok(());
    }
    Err(Refusal(StatusCode::FORBIDDEN, format!("found the origin \"{origin}\", expected http://{host}")))
}

/// A request to the workbench: a POST of JSON, from a page of ours.
pub(super) async fn request(State(workbench): State<Arc<Workbench>>, request: Request, next: Next) -> Response {
    match allowed(&workbench.token, request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn allowed(token: &str, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    if method != Method::POST {
        return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, format!("found {method}, expected POST")));
    }
    same_origin(headers)?;
    if text(headers, &TOKEN) != Some(token) {
        let message = "this page is of another session; reload it".into();
        return Err(Refusal(StatusCode::FORBIDDEN, message));
    }
    let kind = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/json")) {
        let message = format!("found the content type \"{kind}\", expected application/json");
        return Err(Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names() {
        for ours in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(is_ours(ours, 3000), "{ours}");
        }
        for other in
            ["localhost", "localhost:3001", "example.com:3000", "localhost.example.com:3000", "127.0.0.2:3000", ""]
        {
            assert!(!is_ours(other, 3000), "{other}");
        }
        assert!(is_ours("localhost", 80) && !is_ours("example.com", 80));
    }

    #[test]
    fn each_thing_that_is_missing_is_refused() {
        let headers = |changes: &[(HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            let right = [
                (header::HOST, "localhost:3000"),
                (header::ORIGIN, "http://localhost:3000"),
                (TOKEN, "secret"),
                (header::CONTENT_TYPE, "application/json; charset=utf-8"),
            ];
            for (name, value) in right.iter().chain(changes) {
                headers.insert(name.clone(), value.parse().unwrap());
            }
            headers
        };
        let status = |method: Method, changes: &[(HeaderName, &str)]| {
            allowed("secret", &method, &headers(changes)).err().map(|refusal| refusal.0.as_u16())
        };
        assert_eq!(status(Method::POST, &[]), None);
        assert_eq!(status(Method::GET, &[]), Some(405));
        for origin in [
            "http://example.com",
            "https://localhost:3000",
            "http://localhost:3001",
            "http://localhost:3000/x",
            "null",
            "",
        ] {
            assert_eq!(status(Method::POST, &[(header::ORIGIN, origin)]), Some(403), "{origin}");
        }
        for token in ["", "secre", "secret2"] {
            assert_eq!(status(Method::POST, &[(TOKEN, token)]), Some(403), "{token}");
        }
        for kind in ["text/plain", "", "application/x-www-form-urlencoded"] {
            assert_eq!(status(Method::POST, &[(header::CONTENT_TYPE, kind)]), Some(415), "{kind}");
        }
    }
}

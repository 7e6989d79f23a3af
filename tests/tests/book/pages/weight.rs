//! What a page weighs: all that a browser with an empty cache fetches to show it, as it is after unpacking.

use crate::browser::Event;
use std::collections::HashMap;

/// The most that a page may weigh, in kB.
pub const LIMIT: usize = 300;

/// A page's parts, the heaviest first.
pub struct Weight(Vec<(String, usize)>);

impl Weight {
    /// From what the browser reported since the page was opened.
    pub fn of(events: &[Event]) -> Self {
        let mut parts = HashMap::<&str, (String, usize)>::new();
        for Event { method, params } in events {
            let id = params["requestId"].as_str().unwrap_or_default();
            match method.as_str() {
                "Network.requestWillBeSent" => {
                    let url = params["request"]["url"].as_str().unwrap_or_default();
                    // What the page carries in itself is weighed with it.
                    if !url.starts_with("data:") {
                        parts.insert(id, (url.rsplit('/').next().unwrap_or_default().to_owned(), 0));
                    }
                }
                "Network.dataReceived" => {
                    if let Some((_, bytes)) = parts.get_mut(id) {
                        *bytes += params["dataLength"].as_u64().unwrap_or_default() as usize;
                    }
                }
                _ => {}
            }
        }
        let mut parts: Vec<_> = parts.into_values().collect();
        parts.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then(a.cmp(b)));
        Self(parts)
    }

    /// In kB.
    pub fn total(&self) -> usize {
        self.0.iter().map(|(_, bytes)| bytes).sum::<usize>().div_ceil(1000)
    }

    /// The heaviest parts, in words.
    pub fn heaviest(&self) -> String {
        let parts: Vec<_> =
            self.0.iter().take(6).map(|(part, bytes)| format!("{part} {} kB", bytes.div_ceil(1000))).collect();
        parts.join(", ")
    }

    /// Whether it is too heavy.
    pub fn fault(&self) -> Option<String> {
        let total = self.total();
        (total > LIMIT)
            .then(|| format!("weight: {total} kB, expected at most {LIMIT}; the heaviest: {}", self.heaviest()))
    }
}

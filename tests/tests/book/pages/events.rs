//! What a tab reported while it showed a page, as faults: console messages, exceptions and requests.

use std::collections::HashMap;

use serde_json::Value;

use crate::browser::Event;

/// The faults among a page's events, one line each. `base_url` is the only place a page may ask for anything.
pub fn faults(events: &[Event], base_url: &str) -> Vec<String> {
    let home = format!("{base_url}/");
    // A failure names its request only by its id. One without a request here belongs to the page before, which was
    // left while it was still asking.
    let mut requests = HashMap::new();
    let mut faults = Vec::new();
    for Event { method, params } in events {
        match method.as_str() {
            "Log.entryAdded" => faults.extend(log_entry(&params["entry"])),
            "Runtime.consoleAPICalled" => faults.extend(console_call(params)),
            "Runtime.exceptionThrown" => faults.push(exception(&params["exceptionDetails"])),
            "Network.requestWillBeSent" => {
                let url = text(&params["request"]["url"]);
                if !is_inside(url, &home) {
                    faults.push(format!("request: to another host: {url}"));
                }
                requests.insert(text(&params["requestId"]), url);
            }
            "Network.responseReceived" => {
                let response = &params["response"];
                if let Some(status) = response["status"].as_u64().filter(|status| *status >= 400) {
                    faults.push(format!("request: answered {status}: {}", text(&response["url"])));
                }
            }
            "Network.loadingFailed" => {
                if let Some(url) = requests.get(text(&params["requestId"])) {
                    faults.push(format!("request: failed, {}: {url}", text(&params["errorText"])));
                }
            }
            _ => {}
        }
    }
    faults
}

fn is_inside(url: &str, home: &str) -> bool {
    ["data:", "blob:", home].iter().any(|start| url.starts_with(start))
}

/// What the browser itself complains about. Failed requests are told apart by the network's own events.
fn log_entry(entry: &Value) -> Option<String> {
    let level = text(&entry["level"]);
    let is_fault = matches!(level, "error" | "warning") && entry["source"] != "network";
    is_fault.then(|| format!("console {level}: {} ({})", text(&entry["text"]), text(&entry["url"])))
}

fn console_call(params: &Value) -> Option<String> {
    let level = text(&params["type"]);
    let arguments = params["args"].as_array()?;
    let said: Vec<String> = arguments.iter().map(argument).collect();
    matches!(level, "error" | "warning" | "assert").then(|| format!("console {level}: {}", said.join(" ")))
}

/// A string or number comes with its value, an object with a description.
fn argument(argument: &Value) -> String {
    match (&argument["value"], &argument["description"]) {
        (Value::Null, description) => text(description).to_owned(),
        (Value::String(value), _) => value.clone(),
        (value, _) => value.to_string(),
    }
}

fn exception(details: &Value) -> String {
    let thrown = argument(&details["exception"]);
    let line = details["lineNumber"].as_u64().unwrap_or_default() + 1;
    format!("exception: {thrown} ({}:{line})", text(&details["url"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

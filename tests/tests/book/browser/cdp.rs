//! A thin client of the Chrome DevTools Protocol: one blocking WebSocket, calls on it, and the events that arrive
//! between their answers.
//!
//! Why not a library: compiled cold on two cores on top of everything else in this workspace, `headless_chrome` 1.0.22
//! takes 79 s (50 more crates) and `chromiumoxide` 0.9.1 takes 64 s (50 more crates), most of it for bindings generated
//! from the whole protocol. These tests call a dozen methods of it, and `tungstenite` and `serde_json` are compiled
//! anyway, for axum's WebSockets: this file adds no crate.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, Message, WebSocket};

/// How long opening a connection and setting it up may take; [`Connection::allow`] replaces it.
const SETUP_TIME: Duration = Duration::from_secs(10);

pub struct Connection {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    events: Vec<Event>,
    deadline: Instant,
    allowed: Duration,
}

/// Something the browser reports on its own, such as `Network.requestWillBeSent`.
pub struct Event {
    pub method: String,
    pub params: Value,
}

impl Connection {
    /// Connects to one of the browser's DevTools addresses.
    pub fn open(port: u16, path: &str) -> Result<Self> {
        let address = (Ipv4Addr::LOCALHOST, port);
        let stream = TcpStream::connect(address).context("cannot reach the browser")?;
        // A full-page screenshot comes as one frame, larger than the frames allowed by default.
        let config = WebSocketConfig::default().max_frame_size(None).max_message_size(None);
        let url = format!("ws://127.0.0.1:{port}{path}");
        let (socket, _) = tungstenite::client::client_with_config(url, stream, Some(config))
            .with_context(|| format!("the browser refused a connection to {path}"))?;
        Ok(Self { socket, last_id: 0, events: Vec::new(), deadline: Instant::now() + SETUP_TIME, allowed: SETUP_TIME })
    }

    /// Gives everything that is called or waited for from now on this long, all in all.
    pub fn allow(&mut self, time: Duration) {
        self.deadline = Instant::now() + time;
        self.allowed = time;
    }

    /// Calls a method and waits for its answer; events that arrive before it are kept.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        self.last_id += 1;
        let request = json!({"id": self.last_id, "method": method, "params": params});
        self.socket
            .send(Message::text(request.to_string()))
            .with_context(|| format!("cannot send {method} to the browser"))?;
        loop {
            let mut answer = self.receive().context(method.to_owned())?;
            if answer["id"] == self.last_id {
                if let Some(error) = answer.get("error") {
                    bail!("{method}: the browser answered {error}");
                }
                return Ok(answer["result"].take());
            }
            self.keep(answer);
        }
    }

    /// Waits until an event arrives, or takes one that already has; it stays among the events.
    pub fn wait_for(&mut self, name: &str, wanted: impl Fn(&Event) -> bool) -> Result<()> {
        while !self.events.iter().any(&wanted) {
            let message = self.receive().with_context(|| name.to_owned())?;
            self.keep(message);
        }
        Ok(())
    }

    /// The events since the last call of this method.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    fn keep(&mut self, mut message: Value) {
        if let Some(method) = message["method"].as_str() {
            let method = method.to_owned();
            let params = message["params"].take();
            self.events.push(Event { method, params });
        }
    }

    fn receive(&mut self) -> Result<Value> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("no answer within {} s", self.allowed.as_secs());
            }
            self.socket.get_ref().set_read_timeout(Some(left))?;
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(serde_json::from_str(&text)?),
                Ok(_) => {}
                // The time is up, and the next turn of the loop says so; or a signal came, such as that a child of another test has
                // ended, which interrupts a read that has a time limit.
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {
                }
                Err(error) => return Err(error).context("the browser closed the connection"),
            }
        }
    }
}

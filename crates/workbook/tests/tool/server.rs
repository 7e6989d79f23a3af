//! The running server against those who mean it harm, or run what does.

use crate::common::Book;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A running `cargo book serve` with a copy of the book, a home and a place for temporary files of its own.
struct Server {
    book: Book,
    child: Child,
    port: u16,
    token: String,
    /// Whether this system confines programs; where it can't, they are only limited.
    confined: bool,
}

impl Server {
    fn start() -> Self {
        let book = Book::new();
        for folder in ["home", "temporary"] {
            std::fs::create_dir(book.path(folder)).unwrap();
        }
        Self::start_with(book)
    }

    fn start_with(book: Book) -> Self {
        let mut command = book.command(&["serve", "--port", "0"]);
        // The toolchain is the real home's; what programs see as their home is not.
        let toolchain = |name: &str, folder: &str| {
            let home = std::env::var_os("HOME").unwrap_or_default();
            std::env::var_os(name).unwrap_or_else(|| PathBuf::from(home).join(folder).into())
        };
        command.env("RUSTUP_HOME", toolchain("RUSTUP_HOME", ".rustup"));
        command.env("CARGO_HOME", toolchain("CARGO_HOME", ".cargo"));
        command.env("HOME", book.path("home")).env("TMPDIR", book.path("temporary"));
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address =
            lines.find_map(|line| line.unwrap().split_once("http://localhost:").map(|(_, rest)| rest.to_owned()));
        let port = address.expect("the server says where it is");
        let port = port.split(';').next().unwrap().parse().unwrap();
        // What else it says goes nowhere, but it must be able to say it.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Self { book, child, port, token: String::new(), confined: false };
        let page = server.request("GET", "/05-one-step.html", &[], "").1;
        let meta = page.split("<meta name=\"workbench\" content=\"").nth(1).expect("a served page has a token");
        server.token = meta.split('"').next().unwrap().to_owned();
        server.confined = meta.starts_with(&format!("{}\" data-writes=\"true\" data-processes=\"true\"", server.token));
        server
    }

    /// One request; headers given here come in the place of the right ones, and an empty one is left out. Gives the status and the body.
    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // It may be refused before all of it was said.
        let _ = socket.write_all(self.message(method, path, headers, body).as_bytes());
        let mut answer = vec![];
        let _ = socket.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) =
            answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {method} {path}: {answer}"));
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn message(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let host = format!("localhost:{}", self.port);
        let origin = format!("http://{host}");
        let right = [
            ("Host", host.as_str()),
            ("Origin", &origin),
            ("X-Workbench-Token", &self.token),
            ("Content-Type", "application/json"),
        ];
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in right {
            let value = headers.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| value);
            if !value.is_empty() {
                text += &format!("{name}: {value}\r\n");
            }
        }
        text + "\r\n" + body
    }

    fn post(&self, what: &str, body: &Value) -> (u16, Value) {
        let (status, body) = self.request("POST", &format!("/workbench/{what}"), &[], &body.to_string());
        (status, serde_json::from_str(&body).unwrap_or_else(|_| panic!("no JSON: {body}")))
    }

    /// Runs the body of a program.
    fn run(&self, body: &str) -> Value {
        let (status, trial) = self.post("run", &json!({ "code": format!("fn main() {{\n{body}\n}}\n") }));
        assert_eq!(status, 200, "{trial}");
        trial
    }

    /// The folders and files of the session, without its lock.
    fn left(&self) -> Vec<PathBuf> {
        let mut left = vec![];
        for session in std::fs::read_dir(self.book.path("temporary")).unwrap() {
            let inside = std::fs::read_dir(session.unwrap().path()).unwrap().map(|entry| entry.unwrap().path());
            left.extend(inside.filter(|path| !path.ends_with(".lock")));
        }
        left
    }

    /// The processes that work in a folder of the session.
    fn processes(&self) -> BTreeSet<u32> {
        let temporary = self.book.path("temporary").canonicalize().unwrap();
        let numbers = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        numbers
            .filter(|number| {
                std::fs::read_link(format!("/proc/{number}/cwd")).is_ok_and(|folder| folder.starts_with(&temporary))
            })
            .collect()
    }

    /// Nothing of a run is left, and the next one works.
    fn is_as_new(&self, after: &str) {
        let trial = self.run("println!(\"{}\", vanishing::sigmoid(0.0));");
        assert_eq!(
            (trial["end"].as_str(), trial["stdout"].as_str()),
            (Some("well"), Some("0.5\n")),
            "after {after}: {trial}"
        );
        assert_eq!(self.left(), [] as [PathBuf; 0], "after {after}");
        assert_eq!(self.processes(), BTreeSet::new(), "after {after}");
    }

    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "waited 20 s until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn whoever_is_not_a_page_of_ours_is_refused() {
    let server = Server::start();
    let run = json!({ "code": "fn main() {}" }).to_string();
    let ask = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let (status, said) = server.request(method, path, headers, body);
        let said = said.replace(&server.port.to_string(), "PORT");
        format!("{status} {said}")
    };
    let evil = format!("evil.example:{}", server.port);
    let large = json!({ "code": " ".repeat(1024 * 1024) }).to_string();
    let cases = [
        ("a forged origin", ask("POST", "/workbench/run", &[("Origin", "http://evil.example")], &run)),
        ("no origin", ask("POST", "/workbench/run", &[("Origin", "")], &run)),
        (
            "a name that points here",
            ask("POST", "/workbench/run", &[("Host", &evil), ("Origin", &format!("http://{evil}"))], &run),
        ),
        ("no token", ask("POST", "/workbench/run", &[("X-Workbench-Token", "")], &run)),
        ("a forged token", ask("POST", "/workbench/run", &[("X-Workbench-Token", "0123")], &run)),
        ("another method", ask("PUT", "/workbench/run", &[], &run)),
        ("a link", ask("GET", "/workbench/run", &[], "")),
        ("a form", ask("POST", "/workbench/run", &[("Content-Type", "text/plain")], &run)),
        ("a mebibyte", ask("POST", "/workbench/run", &[], &large)),
        ("no JSON", ask("POST", "/workbench/run", &[], "fn main() {}")),
        ("JSON of another form", ask("POST", "/workbench/run", &[], "{\"program\": 1}")),
        ("another exercise", ask("POST", "/workbench/check", &[], "{\"exercise\": \"../../x\", \"answer\": \"\"}")),
        ("something else", ask("POST", "/workbench/shell", &[], "{}")),
    ];
    let text: Vec<_> = cases.iter().map(|(what, said)| format!("{what}: {said}")).collect();
    insta::assert_snapshot!(text.join("\n"));

    // It is on this machine's own network alone.
    let elsewhere = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        // No packet is sent; it only says which address would send it.
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(address) = elsewhere {
        assert!(TcpStream::connect((address.ip(), server.port)).is_err(), "it can be reached at {}", address.ip());
    }

    // A page, and with it the token, is not given to a name that points here either, and the old address of none.
    let (status, said) = server.request("GET", "/05-one-step.html", &[("Host", &evil)], "");
    assert!(status == 421 && !said.contains(&server.token), "{status} {said}");
    let (_, again) = server.request("GET", "/05-one-step.html", &[("Origin", "")], "");
    assert!(again.contains(&server.token));
    server.is_as_new("all of these");
}

#[test]
fn programs_that_do_harm_are_ended_with_a_clear_answer() {
    let server = Server::start();
    let home = server.book.path("home/written.txt");
    // The slowest of them beside the others.
    std::thread::scope(|scope| {
        let endless = scope.spawn(|| {
            let start = Instant::now();
            (server.run("loop {}"), start.elapsed())
        });
        let trial = server.run("let all = vec![1_u8; 10 << 30];\nprintln!(\"{}\", all.len());");
        assert_eq!(
            (trial["end"].as_str(), trial["message"].as_str()),
            (Some("out-of-memory"), Some("It needed more than 1024 MiB of memory, and was stopped.")),
            "{trial}"
        );

        let trial = server.run("for _ in 0..1 << 20 {\nprintln!(\"{}\", \"a\".repeat(1023));\n}");
        assert_eq!(
            (trial["end"].as_str(), trial["message"].as_str()),
            (Some("too-much-output"), Some("It printed more than 64 KiB, and was stopped."))
        );
        assert_eq!(trial["stdout"].as_str().unwrap().len(), 64 * 1024);

        let trial = server.run("for k in 0.. {\nstd::fs::write(format!(\"{k}\"), \"many\").unwrap();\n}");
        assert_eq!(trial["end"], "too-many-files", "{trial}");

        let trial =
            server.run("let file = std::fs::File::create(\"large\").unwrap();\nfile.set_len(1 << 40).unwrap();");
        assert_ne!(trial["end"], "well", "{trial}");

        let many = "let wait = || std::thread::sleep(std::time::Duration::from_secs(60));\nlet small = || std::thread::Builder::new().stack_size(16384);\nlet all: Vec<_> = (0..20000).filter_map(|_| small().spawn(wait).ok()).collect();\nprintln!(\"{}\", all.len());\nwait();";
        if cfg!(target_os = "linux") {
            let trial = server.run(many);
            assert_eq!(trial["end"], "too-many-threads", "{trial}");
        }

        let trial = server.run(
            "let here = std::env::current_dir().unwrap();\nlet _ = std::fs::remove_dir_all(here);\nprintln!(\"gone\");",
        );
        assert_eq!(trial["end"], "well", "{trial}");

        let trial = server.run("println!(\"one\");\nlet none: Option<u8> = None;\nnone.unwrap();");
        assert_eq!(
            (trial["end"].as_str(), trial["stdout"].as_str(), trial["line"].as_u64()),
            (Some("panicked"), Some("one\n"), Some(4)),
            "{trial}"
        );

        let trial = server.run("let w: f64 = \"a quarter\";");
        assert_eq!(
            (trial["end"].as_str(), &trial["diagnostics"][0]["line"], &trial["diagnostics"][0]["column"]),
            (Some("not-compiled"), &json!(2), &json!(14))
        );

        if server.confined {
            let write = format!("std::fs::write({home:?}, \"here\").unwrap();");
            let trial = server.run(&write);
            assert!(trial["stderr"].as_str().unwrap().contains("PermissionDenied"), "{trial}");
            assert!(!home.exists());

            // Neither a lock that the server waits for, nor a folder, nor the mode of a file that is not its own.
            let lock = server.book.path("answers/.lock");
            std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
            std::fs::write(&lock, "").unwrap();
            for refused in [
                format!("std::fs::File::open({lock:?}).unwrap().lock().unwrap();"),
                "std::fs::create_dir(\"deeper\").unwrap();".into(),
                format!(
                    "let mode = std::os::unix::fs::PermissionsExt::from_mode(0o777);\nstd::fs::set_permissions({lock:?}, mode).unwrap();"
                ),
            ] {
                let trial = server.run(&refused);
                assert_eq!(trial["end"], "panicked", "{refused}: {trial}");
            }

            for start in [
                "loop {\nstd::process::Command::new(\"/proc/self/exe\").spawn().unwrap();\n}",
                "std::process::Command::new(\"sh\").args([\"-c\", \"setsid sleep 100 &\"]).spawn().unwrap();",
                "std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();",
            ] {
                let trial = server.run(start);
                let said = trial["stderr"].as_str().unwrap();
                assert!(trial["end"] == "panicked" && said.contains("Operation not permitted"), "{trial}");
            }
        }
        let (trial, took) = endless.join().unwrap();
        assert_eq!(
            (trial["end"].as_str(), trial["message"].as_str()),
            (Some("too-long"), Some("It still ran after 10 seconds, and was stopped."))
        );
        assert!((Duration::from_secs(10)..Duration::from_secs(13)).contains(&took), "{took:?}");
    });
    server.is_as_new("all of these");
    assert_eq!(std::fs::read_dir(server.book.path("home")).unwrap().count(), 0);
}

#[test]
fn two_hundred_at_once_from_twenty_clients() {
    let server = Server::start();
    server.is_as_new("nothing");
    let before = server.memory();
    let outcomes: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..20)
            .map(|client| {
                let server = &server;
                let ask = move |k: u32| {
                    server
                        .post("run", &json!({ "code": format!("fn main() {{\n    println!(\"{client} {k}\");\n}}\n") }))
                };
                scope.spawn(move || {
                    std::thread::scope(|scope| {
                        let asked: Vec<_> = (0..10).map(|k| (k, scope.spawn(move || ask(k)))).collect();
                        let answers =
                            asked.into_iter().map(|(k, asked)| (format!("{client} {k}\n"), asked.join().unwrap()));
                        answers
                            .map(|(expected, (status, answer))| {
                                let right = if status == 200 {
                                    answer["stdout"] == expected
                                } else {
                                    answer["error"] == "32 programs are waiting already; try again in a moment"
                                };
                                assert!(right, "{status} {answer}");
                                (status, answer)
                            })
                            .collect::<Vec<_>>()
                    })
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let ran = outcomes.iter().filter(|(status, _)| *status == 200).count();
    let turned_away = outcomes.iter().filter(|(status, _)| *status == 429).count();
    assert_eq!(ran + turned_away, 200);
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!(ran >= 32 + cores.min(8), "only {ran} ran");
    server.is_as_new("two hundred");
    let after = server.memory();
    assert!(after < before + 64 * 1024, "the server had {before} kB, and has {after} kB now");
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_that_stops_takes_its_programs_with_it() {
    use rustix::process::{Pid, Signal, kill_process};
    let endless = json!({ "code": "fn main() {\n    loop {}\n}\n" }).to_string();
    let mut server = Server::start();
    let start_endless = |server: &Server| {
        let mut socket = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        socket.write_all(server.message("POST", "/workbench/run", &[], &endless).as_bytes()).unwrap();
        // The compiler is gone, and the program there.
        let runs =
            |number: &u32| std::fs::read_link(format!("/proc/{number}/exe")).is_ok_and(|exe| exe.ends_with("program"));
        wait_until("the program runs", || server.processes().iter().any(runs));
        socket
    };

    // Who goes away needs no answer.
    drop(start_endless(&server));
    wait_until("the program is ended", || server.processes().is_empty() && server.left().is_empty());
    server.is_as_new("a client that went away");

    // Asked to end, it leaves nothing.
    let _socket = start_endless(&server);
    kill_process(Pid::from_child(&server.child), Signal::TERM).unwrap();
    let start = Instant::now();
    assert!(server.child.wait().unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(server.processes(), BTreeSet::new());
    assert_eq!(std::fs::read_dir(server.book.path("temporary")).unwrap().count(), 0);

    // Ended hard, its program goes with it, and the next server sweeps up.
    let mut server = Server::start();
    let _socket = start_endless(&server);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    wait_until("the program is ended", || server.processes().is_empty());
    let left = std::fs::read_dir(server.book.path("temporary")).unwrap().count();
    assert_eq!(left, 1);
    let again = server
        .book
        .command(&["exercise", "what-one-link-leaves", "--answer", "1/8"])
        .env("TMPDIR", server.book.path("temporary"))
        .output()
        .unwrap();
    assert!(again.status.success(), "{again:?}");
    assert_eq!(std::fs::read_dir(server.book.path("temporary")).unwrap().count(), 0);
}

#[test]
fn an_exercise_is_checked_and_only_the_progress_is_written() {
    let server = Server::start();
    let files = || {
        let all = std::process::Command::new("find")
            .arg(server.book.path("."))
            .args(["-type", "f", "-newer"])
            .arg(server.book.path("Cargo.lock"))
            .output()
            .unwrap();
        String::from_utf8(all.stdout)
            .unwrap()
            .lines()
            .filter(|line| !line.contains("/temporary/"))
            .map(String::from)
            .collect::<BTreeSet<_>>()
    };
    let before = files();
    let check =
        |exercise: &str, answer: &str| server.post("check", &json!({ "exercise": exercise, "answer": answer })).1;
    let verdict = check("what-one-link-leaves", "0.25");
    assert_eq!((&verdict["passed"], &verdict["misconception"][0]), (&json!(false), &json!("forgot the weight")));
    assert_eq!(verdict["trial"]["stdout"], "0.125000\n");
    assert_eq!(check("what-one-link-leaves", "0.125")["passed"], true);
    let solution =
        std::fs::read_to_string(server.book.path("crates/exercises/backward-of-a-link/solution.rs")).unwrap();
    let verdict = check("backward-of-a-link", &solution.replace("delta * w)", "delta)"));
    assert_eq!(verdict["score"], json!([6, 9]), "{verdict}");
    let verdict = check("backward-of-a-link", "pub fn backward() {}\n");
    assert_eq!((&verdict["passed"], verdict["trial"]["end"].as_str()), (&json!(false), Some("not-compiled")));

    let overview = server.post("progress", &json!({})).1;
    let states = &overview["progress"]["exercises"];
    assert_eq!(
        (&states["what-one-link-leaves"]["state"], &states["backward-of-a-link"]["score"]),
        (&json!("passed"), &json!([6, 9]))
    );
    // The terminal sees the same.
    let list = String::from_utf8(server.book.run(&["exercise"]).stdout).unwrap();
    assert!(list.contains("done  what-one-link-leaves") && list.contains("tried backward-of-a-link"), "{list}");
    let new: Vec<_> =
        files().difference(&before).filter_map(|file| file.rsplit("/./").next().map(String::from)).collect();
    assert_eq!(new, ["answers/.lock", "answers/progress.json"]);

    // Exported here, imported there.
    server.post("reset", &json!({ "exercise": "what-one-link-leaves" }));
    assert_eq!(server.post("progress", &json!({})).1["progress"]["exercises"].as_object().unwrap().len(), 1);
    let imported = server.post("import", &overview["progress"]).1;
    assert_eq!(imported["progress"], overview["progress"]);
    let (status, said) = server
        .post("import", &json!({ "version": 1, "exercises": { "nowhere": { "state": "passed", "answer": "" } } }));
    assert_eq!(
        (status, said["error"].as_str()),
        (400, Some("there is no exercise nowhere; `cargo book exercise` lists them"))
    );
}

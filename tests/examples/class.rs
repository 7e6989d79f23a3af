//! A class at work: `cargo book serve` runs programs, two at a time, for as long as it is told to, and is watched.
//!
//! ```text
//! cargo run -p book-tests --example class            5,000 runs, in about half an hour
//! cargo run -p book-tests --example class 200        fewer
//! ```
//!
//! It fails if the server's memory grows, or a file or a process of a run is left. Linux only: it looks into `/proc`.

use anyhow::{Context, Result, ensure};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

/// What readers do: most programs end well, some don't compile, panic, print too much, or want too much memory.
const PROGRAMS: [&str; 6] = [
    "fn main() {\n    println!(\"{}\", vanishing::sigmoid(NUMBER as f64));\n}\n",
    "fn main() {\n    println!(\"{}\", 25.0 * 0.25 * 0.20 * NUMBER as f64);\n}\n",
    "fn main() {\n    let w: f64 = \"NUMBER\";\n}\n",
    "fn main() {\n    panic!(\"NUMBER\");\n}\n",
    "fn main() {\n    loop {\n        println!(\"NUMBER\");\n    }\n}\n",
    "fn main() {\n    std::fs::write(\"NUMBER.txt\", vec![1_u8; 10_000_000]).unwrap();\n    let all = vec![1_u8; 10 << 30];\n    println!(\"{}\", all.len());\n}\n",
];
const ENDS: [&str; 6] = ["well", "well", "not-compiled", "panicked", "too-much-output", "out-of-memory"];

/// What may come and go in the memory of a server that holds two requests at a time, in kB.
const LITTLE: u64 = 8 * 1024;

struct Server {
    child: Child,
    port: u16,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() -> Result<()> {
    let runs: usize = match std::env::args().nth(1) {
        Some(text) => text.parse().with_context(|| format!("found {text}, expected a number of runs"))?,
        None => 5000,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let temporary = tempfile::tempdir()?;
    let server = start(&root, temporary.path())?;
    // The first programs bring the caches and the pools of threads.
    work(&server, 24)?;
    let before = memory(&server)?;
    println!(
        "| runs | the server's memory, kB | files and folders left | processes left | median, s |\n| --- | --- | --- | --- | --- |"
    );
    println!("| 24 | {before} | {} | {} | |", left(temporary.path())?, processes(temporary.path()));
    let mut done = 0;
    while done < runs {
        let part = (runs - done).min(500);
        let median = work(&server, part)?;
        done += part;
        let (now, left, processes) = (memory(&server)?, left(temporary.path())?, processes(temporary.path()));
        println!("| {done} | {now} | {left} | {processes} | {median:.2} |");
        ensure!(left == 0 && processes == 0, "a run left something behind");
        ensure!(now < before + LITTLE, "the server's memory grew from {before} to {now} kB");
    }
    Ok(())
}

fn start(root: &Path, temporary: &Path) -> Result<Server> {
    let cargo = std::env::var_os("CARGO").context("run this with cargo")?;
    let built = Command::new(cargo).args(["build", "--quiet", "--package", "workbook"]).current_dir(root).status()?;
    ensure!(built.success(), "the tool doesn't compile");
    let tool = root.join("target/debug/workbook").canonicalize()?;
    let mut child = Command::new(tool)
        .args(["serve", "--port", "0"])
        .current_dir(root)
        .env("TMPDIR", temporary)
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stderr.take().context("it is piped")?).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.split_once("http://localhost:").map(|(_, rest)| rest.to_owned()));
    let address = address.context("the server did not start")?;
    let port = address.split(';').next().context("it says its port")?.parse()?;
    std::thread::spawn(move || lines.for_each(drop));
    let page = ureq::get(format!("http://localhost:{port}/05-one-step.html")).call()?.into_body().read_to_string()?;
    let token = page.split("<meta name=\"workbench\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    Ok(Server { child, port, token: token.context("the page has a token")?.to_owned() })
}

/// Has that many programs run, two at a time; gives the median time of those that end well, in seconds.
fn work(server: &Server, count: usize) -> Result<f64> {
    let waiting: Mutex<VecDeque<usize>> = Mutex::new((0..count).collect());
    let one_client = || -> Result<Vec<f64>> {
        let mut times = vec![];
        while let Some(k) = { waiting.lock().expect("no client panics").pop_front() } {
            // Of twelve, seven end well.
            let kind = [0, 1, 0, 2, 1, 3, 0, 4, 1, 5, 0, 2][k % 12];
            let start = Instant::now();
            let code = PROGRAMS[kind].replace("NUMBER", &k.to_string());
            let answer = ureq::post(format!("http://localhost:{}/workbench/run", server.port))
                .header("Origin", format!("http://localhost:{}", server.port))
                .header("X-Workbench-Token", &server.token)
                .header("Content-Type", "application/json")
                .send(serde_json::json!({ "code": code }).to_string())?
                .into_body()
                .read_to_string()?;
            let answer: serde_json::Value = serde_json::from_str(&answer)?;
            ensure!(answer["end"] == ENDS[kind], "found {}, expected {}: {answer}", answer["end"], ENDS[kind]);
            if kind < 2 {
                times.push(start.elapsed().as_secs_f64());
            }
        }
        Ok(times)
    };
    let mut times = std::thread::scope(|scope| -> Result<Vec<f64>> {
        let clients = [scope.spawn(one_client), scope.spawn(one_client)];
        let mut all = vec![];
        for client in clients {
            all.extend(client.join().expect("no client panics")?);
        }
        Ok(all)
    })?;
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

fn memory(server: &Server) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no memory in /proc")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// What is in the session's folder beside its lock.
fn left(temporary: &Path) -> Result<usize> {
    let mut count = 0;
    for session in std::fs::read_dir(temporary)? {
        count += std::fs::read_dir(session?.path())?.count() - 1;
    }
    Ok(count)
}

/// The processes that work in the session's folder.
fn processes(temporary: &Path) -> usize {
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter(|entry| std::fs::read_link(entry.path().join("cwd")).is_ok_and(|folder| folder.starts_with(temporary)))
        .count()
}

//! The tool from outside: what it says, what it leaves alone.

use crate::common::Book;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

#[test]
fn a_book_that_cannot_be_built_leaves_the_old_one_as_it_was() {
    let book = Book::new();
    let built = book.run(&["build"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let old = std::fs::read(book.path("book/05-one-step.html")).unwrap();

    book.replace("src/05-one-step.md", r"\frac{\partial L}{\partial w_{11}}", r"\frac{\partial L}{\partial w_{11}");
    insta::assert_snapshot!(book.fails_at("src/05-one-step.md", r"\partial w_{11} = 25"));
    assert_eq!(std::fs::read(book.path("book/05-one-step.html")).unwrap(), old);
    book.replace("src/05-one-step.md", r"\frac{\partial L}{\partial w_{11}", r"\frac{\partial L}{\partial w_{11}}");

    book.replace("src/06-five-layers.md", "figures/gradient-by-depth.svg", "figures/gradient-by-width.svg");
    insta::assert_snapshot!(book.fails_at("src/06-five-layers.md", "gradient-by-width"));
    book.replace("src/06-five-layers.md", "figures/gradient-by-width.svg", "figures/gradient-by-depth.svg");

    book.replace("src/05-one-step.md", "sgd.rs#updated", "sgd.rs#upgraded");
    insta::assert_snapshot!(book.fails_at("src/05-one-step.md", "sgd.rs#upgraded"));
    book.replace("src/05-one-step.md", "sgd.rs#upgraded", "sgd.rs#updated");

    assert_eq!(std::fs::read(book.path("book/05-one-step.html")).unwrap(), old);
    let litter: Vec<_> =
        std::fs::read_dir(book.path("target")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(litter.is_empty(), "left behind: {litter:?}");
}

#[test]
fn the_summary_and_the_folder_must_agree() {
    let book = Book::new();
    std::fs::write(book.path("src/11-new.md"), "# New\n").unwrap();
    // The last line of the summary, which is another one with every page.
    let last = std::fs::read_to_string(book.path("src/SUMMARY.md")).unwrap().lines().count();
    let expected = "has no entry for src/11-new.md; expected a line like - [Title](11-new.md)";
    assert_eq!(book.fails(&["build"]), format!("error: src/SUMMARY.md:{last}: {expected}"));
    std::fs::remove_file(book.path("src/11-new.md")).unwrap();
    std::fs::remove_file(book.path("src/03-network.md")).unwrap();
    insta::assert_snapshot!(book.fails(&["test"]));
    assert!(!book.path("src/03-network.md").exists(), "it is not made up");
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    let book = Book::new();
    let message = book.fails(&["test", "99"]);
    assert!(
        message.starts_with("error: there is no chapter 99; there are 01-small-numbers.md, 02-sigmoid.md, "),
        "{message}"
    );
    insta::assert_snapshot!(book.fails(&["figures", "nowhere"]));
    let elsewhere = tempfile::tempdir().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_workbook")).arg("build").current_dir(elsewhere.path()).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && message.lines().count() == 1, "{message}");
    assert!(message.starts_with("error: found no book.toml in "), "{message}");
}

#[test]
fn a_port_in_use_is_named_with_a_way_out() {
    let book = Book::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = book.fails(&["serve", "--port", &port]);
    let next = port.parse::<u16>().unwrap() + 1;
    assert_eq!(message, format!("error: port {port} is in use; choose another one: cargo book serve --port {next}"));
}

#[test]
fn without_a_command_it_lists_them_and_each_has_an_example() {
    let book = Book::new();
    let output = book.run(&[]);
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap());
    for command in ["build", "serve", "test", "bless", "new", "figures", "exercise"] {
        let help = String::from_utf8(book.run(&[command, "--help"]).stdout).unwrap();
        assert!(help.contains(&format!("Example:\n  cargo book {command}")), "{help}");
    }
}

#[test]
fn a_saved_chapter_is_served_and_the_page_told_to_reload() {
    let book = Book::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = std::fs::File::create(book.path("serve.log")).unwrap();
    let mut server = book.command(&["serve", "--port", &port.to_string()]).stderr(log).spawn().unwrap();
    let result = std::panic::catch_unwind(|| follow_a_change(&book, port));
    server.kill().unwrap();
    server.wait().unwrap();
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

/// The next message to a page.
fn told<S: std::io::Read + std::io::Write>(socket: &mut tungstenite::WebSocket<S>) -> String {
    loop {
        match socket.read() {
            Ok(message) => return message.into_text().unwrap().to_string(),
            // A signal, such as that a child of another test has ended, interrupts a read that has a time limit.
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn follow_a_change(book: &Book, port: u16) {
    let wait_until = |what: &str, holds: &mut dyn FnMut() -> bool| {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < Duration::from_secs(60), "waited a minute for {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let page = |name: &str| {
        let response = ureq::get(format!("http://127.0.0.1:{port}/{name}")).call().ok()?;
        response.into_body().read_to_string().ok()
    };
    wait_until("the first build", &mut || page("05-one-step.html").is_some_and(|html| html.contains("</html>")));
    let request = |origin: &str| {
        let address = format!("ws://127.0.0.1:{port}/__livereload").parse().unwrap();
        tungstenite::ClientRequestBuilder::new(address).with_header("Origin", origin)
    };
    assert!(tungstenite::connect(request("http://example.com")).is_err(), "another site may listen in");
    let (mut socket, _) = tungstenite::connect(request(&format!("http://127.0.0.1:{port}"))).unwrap();
    if let tungstenite::stream::MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    }

    book.replace("src/05-one-step.md", "# One step of gradient descent", "# One small step");
    assert_eq!(told(&mut socket), "reload");
    assert!(page("05-one-step.html").unwrap().contains("One small step"));
    assert!(page("nowhere.html").is_none());

    // A file that is only read changes nothing, or every build would set off the next.
    std::fs::read(book.path("src/06-five-layers.md")).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let log = std::fs::read_to_string(book.path("serve.log")).unwrap();
    assert_eq!(log.matches("rebuilt in").count(), 1, "{log}");

    // A chapter that is wrong in the meantime leaves the pages as they are.
    book.replace("src/05-one-step.md", "$\\alpha$", "$\\alpha{$");
    std::thread::sleep(Duration::from_millis(500));
    assert!(page("05-one-step.html").unwrap().contains("One small step"));
    book.replace("src/05-one-step.md", "$\\alpha{$", "$\\alpha$");
    assert_eq!(told(&mut socket), "reload");
}

/// `cargo book run …` in an empty folder; what it prints.
fn run_experiment(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
    command.arg("run").args(arguments.split_whitespace()).current_dir(folder).output().unwrap()
}

#[test]
fn an_experiment_prints_a_table_json_or_csv_and_draws_it() {
    let folder = tempfile::tempdir().unwrap();
    let printed = |arguments: &str| {
        let output = run_experiment(folder.path(), arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    insta::assert_snapshot!(printed(""));
    insta::assert_snapshot!(printed("chain --depth 3 --activation gelu --weight -1.5"));
    let rows: Vec<serde_json::Map<_, _>> =
        serde_json::from_str(&printed("chain --depth 2 --format json --plot chain.svg")).unwrap();
    assert_eq!(rows[1].keys().collect::<Vec<_>>(), ["a", "factor", "layer", "product", "z"]);
    assert_eq!(rows[1]["layer"], 2);
    let drawing = std::fs::read_to_string(folder.path().join("chain.svg")).unwrap();
    assert!(drawing.starts_with("<svg") && drawing.ends_with("</svg>\n"));
    assert_eq!(printed("chain --depth 1 --format csv --input 0").lines().nth(1), Some("1,0,0.5,0.125,0.125"));
}

/// Whatever a reader asks of a network, the answer is a table and a word on what happened, and no panic.
#[test]
fn extremes_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        "--depth 1000 --width 10 --seeds 2",
        "--depth 1000 --width 1 --batch 1 --seeds 1",
        "--width 1 --depth 1 --batch 1 --seeds 1",
        "--weight-std 1e300 --activation identity --seeds 2 --depth 4",
        "--weight-std 1e300 --depth 4",
        "--weight-std 0 --activation relu --depth 4",
        "--bias-std 1e300 --activation relu --norm batch --batch 1 --depth 4",
        "--residual 1e6 --activation selu --depth 200 --width 8",
    ];
    let said: Vec<_> = cases
        .iter()
        .map(|case| {
            let output = run_experiment(folder.path(), &format!("gradient-by-layer {case} --format json"));
            let remarks = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{case}: {remarks}");
            let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
            format!("{case}\n{remarks}{}\n\n", rows[0])
        })
        .collect();
    insta::assert_snapshot!(said.concat());
}

#[test]
fn a_wrong_setting_is_said_in_one_line_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        "chain --depth 0 --plot a.svg",
        "chain --depth",
        "chain --depth 3 --depth 4",
        "chain --weight 1e301",
        "chain --activation softplus",
        "chain --width 3",
        "chain --format xml",
        "chain --plot a.png",
        "chain --plot nowhere/is/../a.svg extra",
        "gradient-by-layer --width 2048 --depth 10000 --plot a.svg",
        "sharpness",
    ];
    let said: Vec<_> = cases
        .iter()
        .map(|case| {
            let output = run_experiment(folder.path(), case);
            assert!(!output.status.success() && output.stdout.is_empty(), "{case}");
            let message = String::from_utf8(output.stderr).unwrap();
            assert_eq!(message.lines().count(), 1, "{message}");
            format!("{case}\n    {message}")
        })
        .collect();
    insta::assert_snapshot!(said.concat());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = "run gradient-by-layer --width 300 --depth 300 --seeds 10000 --plot a.svg";
    let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
    let mut child = command.args(arguments.split_whitespace()).current_dir(folder.path()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was over before it could be interrupted");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_new_page_passes_every_check_at_once() {
    let book = Book::new();
    let made = book.run(&["new", "made-by-a-test"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = String::from_utf8(made.stderr).unwrap();
    let file = said.lines().next().unwrap().strip_prefix("wrote ").unwrap().to_owned();
    assert!(file.ends_with("-made-by-a-test.md"), "{said}");
    let number = file.trim_start_matches("src/").get(..2).unwrap();
    for arguments in [&["test", number, "source-map"] as &[&str], &["build"]] {
        let checked = book.run(arguments);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
    let page = std::fs::read_to_string(book.path(&file.replace("src/", "book/").replace(".md", ".html"))).unwrap();
    assert!(page.contains("Made by a test: compute") && page.contains("after 3 layers: 0.200"));

    let taken = book.fails(&["new", "made-by-a-test"]);
    assert_eq!(taken, format!("error: {file} is there already"));
    let message = book.fails(&["new", "Made By"]);
    assert_eq!(
        message,
        "error: found the name Made By, expected small letters, digits and hyphens, such as warm-restarts"
    );
}

/// An exercise that proves nothing is named, with what is wrong with it.
#[test]
fn an_exercise_that_is_wrong_fails_the_test_of_its_page() {
    let book = Book::new();
    let folder = "crates/exercises/sixth-layer";
    let cases = [
        (
            "solution.rs",
            "0.12",
            "0.13",
            "found a solution that fails: Your program printed 0.000536, which is not right.",
        ),
        ("starter.rs", "0.10]", "0.10, 0.12]", "found a starter that passes, expected one that doesn't"),
        ("misconceptions.rs", "factors[..5]", "factors[..4]", "stopped at five: found 0.04125, expected 0.004125"),
        (
            "exercise.toml",
            "answer = 26.04",
            "answer = 0.000495",
            "added the factors: found 0.000495, which is the answer within twice the tolerance",
        ),
        (
            "exercise.toml",
            "a loss gradient of 25.",
            "a loss gradient of 77.7.",
            "found 77.7, expected a number that a snippet of this page prints, or a declaration of where it is from",
        ),
        ("exercise.toml", "tolerance = 1e-9", "", "the answer is a number; expected a tolerance above 0"),
        ("exercise.toml", "kind = \"compute\"", "kind = \"guess\"", "unknown variant `guess`"),
    ];
    for (file, old, new, expected) in cases {
        let path = format!("{folder}/{file}");
        let whole = std::fs::read_to_string(book.path(&path)).unwrap();
        book.replace(&path, old, new);
        let message = book.fails(&["test", "06"]);
        assert!(message.contains(expected) && message.contains(folder), "{file}: {message}");
        std::fs::write(book.path(&path), whole).unwrap();
    }

    let folder = "crates/exercises/a-check-that-bites";
    book.replace(&format!("{folder}/solution.rs"), "1e-7", "0.9");
    let message = book.fails(&["test", "02"]);
    assert!(
        message.contains(&format!("{folder}/solution.rs:1: found a solution that fails: Your test is right about")),
        "{message}"
    );
    assert!(message.contains("\nsurvives: "), "{message}");
}

#[test]
fn an_answer_is_checked_whenever_it_is_saved() {
    let book = Book::new();
    assert!(book.run(&["exercise", "sixth-layer"]).status.success());
    let mut watching =
        book.command(&["exercise", "sixth-layer", "--watch"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(watching.stdout.take().unwrap()));
    let mut wait_for = |what: &str| lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(what))).is_some();
    assert!(wait_for("It looks like this: stopped at five."));
    assert!(wait_for("Not yet."));
    // As an editor saves: a new file in the place of the old.
    std::fs::copy(book.path("crates/exercises/sixth-layer/solution.rs"), book.path("answers/new")).unwrap();
    std::fs::rename(book.path("answers/new"), book.path("answers/sixth-layer.rs")).unwrap();
    assert!(wait_for("Passed."));
    assert!(watching.wait().unwrap().success());

    let reset = String::from_utf8(book.run(&["exercise", "reset", "sixth-layer"]).stdout).unwrap();
    assert_eq!(reset, "sixth-layer is as new; your program is kept as answers/sixth-layer.before.rs\n");
    let failed = book.run(&["exercise", "what-one-link-leaves", "--answer", "0.25"]);
    assert_eq!(failed.status.code(), Some(1));
    let message = book.fails(&["exercise", "sixth-layer", "--answer", "1"]);
    assert_eq!(
        message,
        "error: sixth-layer asks for a program, not for a prediction; write it in answers/sixth-layer.rs"
    );
}

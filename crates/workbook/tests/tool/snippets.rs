//! Programs that go wrong, each with a message that leads to the chapter's line.

use std::path::Path;
use std::time::Duration;
use workbook::snippets::{Outcome, Runner};

fn runner() -> Runner {
    Runner::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

fn failure(runner: &Runner, code: &str) -> String {
    match runner.run(code, "src/05-one-step.md", 40).unwrap() {
        Outcome::Failed(why) => why,
        Outcome::Printed(text) => panic!("it printed {text}"),
    }
}

#[test]
fn a_program_that_ends_well() {
    let code = "fn main() {\n    println!(\"{:.4}\", vanishing::sigmoid(1.0));\n    println!();\n    println!(\"end  \");\n}\n";
    let outcome = runner().run(code, "src/05-one-step.md", 40).unwrap();
    assert_eq!(outcome, Outcome::Printed("0.7311\n\nend\n".into()));
}

#[test]
fn a_program_that_does_not_compile() {
    let message = failure(&runner(), "fn main() {\n    let w: f64 = \"a quarter\";\n}\n");
    assert!(message.starts_with("the snippet doesn't compile:\nerror[E0308]: mismatched types"), "{message}");
    assert!(message.contains("--> src/05-one-step.md:41:18"), "{message}");
}

#[test]
fn a_program_that_panics() {
    let message = failure(&runner(), "fn main() {\n    let none: Option<f64> = None;\n    none.unwrap();\n}\n");
    assert!(message.contains("panicked at src/05-one-step.md:42:10"), "{message}");
}

#[test]
fn a_program_that_never_ends() {
    let runner = runner().with_limit(Duration::from_millis(300));
    let message = failure(&runner, "fn main() {\n    loop {}\n}\n");
    assert_eq!(message, "the snippet still ran after 0.3 seconds, and was stopped");
}

#[test]
fn a_program_that_never_stops_printing() {
    let message = failure(&runner(), "fn main() {\n    loop {\n        println!(\"again and again\");\n    }\n}\n");
    assert_eq!(message, "the snippet printed more than 65536 bytes");
}

/// Compiled together, programs print what they print alone; and one that goes wrong is named at the chapter's line all the same.
#[test]
fn programs_compiled_together_are_as_those_compiled_alone() {
    // The process's number makes them new to every run of this test.
    let mark = format!("// {}, now {:?}\n", std::process::id(), std::time::Instant::now());
    let one = format!("{mark}struct Same(f64);\n\nfn main() {{\n    println!(\"{{}}\", Same(1.5).0);\n}}\n");
    let two = format!(
        "{mark}enum Same {{}}\n\nfn main() -> Result<(), String> {{\n    println!(\"{{}}\", size_of::<Same>());\n    Ok(())\n}}\n"
    );
    let wrong = format!("{mark}\nfn main() {{\n    println!(\"before\");\n    panic!(\"no\");\n}}\n");
    let runner = runner();
    runner.prepare([one.as_str(), &two, &wrong, &one]).unwrap();
    assert_eq!(runner.run(&one, "src/a.md", 40).unwrap(), Outcome::Printed("1.5\n".into()));
    assert_eq!(runner.run(&two, "src/a.md", 40).unwrap(), Outcome::Printed("0\n".into()));
    let message = failure(&runner, &wrong);
    assert!(message.contains("panicked at src/05-one-step.md:44:5:\nno"), "{message}");

    // One that is no program keeps none of the others from being one.
    let (three, broken) = (one.replace("1.5", "2.5"), two.replace("Ok(())", "Ok(1)"));
    runner.prepare([three.as_str(), &broken]).unwrap();
    assert_eq!(runner.run(&three, "src/a.md", 40).unwrap(), Outcome::Printed("2.5\n".into()));
    let message = failure(&runner, &broken);
    assert!(message.contains("--> src/05-one-step.md:45:8"), "{message}");
}

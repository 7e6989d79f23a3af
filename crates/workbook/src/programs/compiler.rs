//! A program compiled against the crates as they are now.

use super::confined::{Able, Company, Confined, Ended, Limits};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// What a program may `use`.
const CRATES: [&str; 4] = ["vanishing", "experiments", "figures", "exercises"];

/// Knows the libraries, the compiler and the launcher.
#[derive(Clone, Debug)]
pub struct Compiler {
    rustc: PathBuf,
    arguments: Vec<String>,
    /// Changes whenever a crate or the compiler does.
    pub(crate) version: String,
    pub(crate) confined: Confined,
}

impl Compiler {
    /// Builds the crates that programs call, with the tool's own build so that they are built once, and finds them.
    ///
    /// # Errors
    ///
    /// If the crates don't compile.
    pub fn new() -> Result<Self> {
        // The workspace that the tool itself was built in, which need not be the one whose book it reads.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--package", "workbook", "--lib", "--package", "exercises", "--package", "confine"])
            .args(["--bin", "confine", "--message-format=json-render-diagnostics"])
            .current_dir(&root)
            // Cargo tells a program it runs about the package; what it runs in turn would take that for its own.
            .env_remove("CARGO_MANIFEST_DIR")
            .stderr(Stdio::piped())
            .output()
            .context("can't run cargo")?;
        if !built.status.success() {
            let said = String::from_utf8_lossy(&built.stderr);
            bail!("the crates that the snippets call don't compile:\n{}", said.trim());
        }
        let artifacts: Vec<serde_json::Value> =
            built.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let launcher = executable(&artifacts, "confine").context("cargo built no program confine")?;
        let mut arguments: Vec<String> = ["--edition", "2024", "--color", "never"].map(Into::into).into();
        // The standard library's: 16 MB in every program, for traces that nobody asks for.
        arguments.extend(["-C".into(), "strip=debuginfo".into()]);
        let mut hash = Sha256::new();
        for name in CRATES {
            let library = library(&artifacts, name).with_context(|| format!("cargo built no library {name}"))?;
            let changed = library.metadata()?.modified()?.duration_since(SystemTime::UNIX_EPOCH)?;
            hash.update(format!("{} {changed:?}", library.display()));
            let folder = library.parent().context("a library lies in a folder")?;
            arguments.extend(["--extern".into(), format!("{name}={}", library.display())]);
            arguments.extend(["-L".into(), format!("dependency={}", folder.display())]);
        }
        let asked = |what: &str| -> Result<String> {
            let said = Command::new("rustc").arg("--print").arg(what).current_dir(&root).output();
            let said = said.context("can't run rustc")?;
            Ok(String::from_utf8(said.stdout)?.trim().to_owned())
        };
        // The compiler itself: the one on the path may be rustup's, which would look up each time which one is meant.
        let rustc = Path::new(&asked("sysroot")?).join("bin/rustc").with_extension(std::env::consts::EXE_EXTENSION);
        hash.update(Command::new(&rustc).arg("-vV").output().context("can't run rustc")?.stdout);
        let version = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { rustc, arguments, version, confined: Confined { launcher } })
    }

    /// What programs can be kept from on this system.
    ///
    /// # Errors
    ///
    /// If the launcher can't be run.
    pub fn able(&self) -> Result<Able> {
        self.confined.able()
    }

    /// Compiles a file of a folder to `program` in it, with further arguments for rustc.
    pub(crate) fn compile(&self, folder: &Path, file: &str, further: &[&str], limits: Limits) -> Result<Ended> {
        let name = ["--crate-name", "snippet", "--crate-type", "bin", "-o", "program", file];
        let arguments = self.arguments.iter().map(String::as_str).chain(further.iter().copied()).chain(name);
        self.confined.run(folder, Company::Helped, &self.rustc, arguments, limits)
    }

    /// What clippy has to say about a crate, or nothing if this toolchain has no clippy. The first file is its root.
    ///
    /// # Errors
    ///
    /// If clippy can't be run.
    pub fn clippy(&self, file: &Path) -> Result<Option<String>> {
        let driver = self.rustc.with_file_name("clippy-driver").with_extension(std::env::consts::EXE_EXTENSION);
        if !driver.is_file() {
            return Ok(None);
        }
        let out = tempfile::tempdir()?;
        let said = Command::new(driver)
            .args(&self.arguments)
            .args(["--crate-type", "lib", "--crate-name", "all", "--emit", "metadata", "-Wclippy::all", "--out-dir"])
            .arg(out.path())
            .arg(file)
            .output()
            .context("can't run clippy")?;
        Ok(Some(String::from_utf8_lossy(&said.stderr).trim().to_owned()))
    }

    /// Runs a program in a folder.
    pub(crate) fn execute(&self, folder: &Path, program: &Path, limits: Limits) -> Result<Ended> {
        self.confined.run(folder, Company::Alone, program, [] as [&str; 0], limits)
    }
}

/// What cargo built of that name, as its messages say.
fn artifact<'a>(artifacts: &'a [serde_json::Value], name: &str) -> impl Iterator<Item = &'a serde_json::Value> {
    artifacts.iter().filter(move |artifact| {
        artifact["reason"] == "compiler-artifact" && artifact["target"]["name"].as_str() == Some(name)
    })
}

fn library(artifacts: &[serde_json::Value], name: &str) -> Option<PathBuf> {
    let files = artifact(artifacts, name).flat_map(|artifact| artifact["filenames"].as_array()).flatten();
    let files = files.filter_map(|file| file.as_str()).map(PathBuf::from);
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rlib")).last()
}

fn executable(artifacts: &[serde_json::Value], name: &str) -> Option<PathBuf> {
    artifact(artifacts, name).filter_map(|artifact| artifact["executable"].as_str()).map(PathBuf::from).last()
}

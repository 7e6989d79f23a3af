//! Runs a program in its place: with limits, and where the system can, without a way to write outside its folder, to
//! connect to anything, or to start another program.
//!
//! ```text
//! confine able
//! confine FOLDER MEBIBYTES alone|helped PROGRAM [ARGUMENT…]
//! ```
//!
//! `able` says what this system can do, a word a line: `writes`, if writing can be confined to a folder; `processes`, if
//! reaching other processes, starting them and opening sockets can be refused. The other form sets the limits, confines itself, and becomes
//! the program. `alone` is for a program that needs nobody's help; `helped` for a compiler, which starts a linker.
//!
//! It is a program of its own because limits set between fork and exec would need `unsafe`, and because it stays small
//! enough to be read by whoever wants to know what is enforced.

#[cfg(target_os = "linux")]
mod linux;

use std::ffi::OsString;
use std::process::ExitCode;

/// What a shell says for a program that could not be started.
const NOT_STARTED: u8 = 126;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let result = match arguments.as_slice() {
        [word] if word == "able" => able(),
        [folder, memory, how, program, arguments @ ..] => run(folder, memory, how, program, arguments),
        _ => Err("expected able, or FOLDER MEBIBYTES alone|helped PROGRAM [ARGUMENT…]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("confine: {why}");
            ExitCode::from(NOT_STARTED)
        }
    }
}

#[cfg(target_os = "linux")]
fn able() -> Result<(), String> {
    if linux::can_confine_writes() {
        println!("writes");
    }
    if linux::forbid_company().is_ok() {
        println!("processes");
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn able() -> Result<(), String> {
    Ok(())
}

#[cfg(unix)]
fn run(
    folder: &OsString,
    memory: &OsString,
    how: &OsString,
    program: &OsString,
    arguments: &[OsString],
) -> Result<(), String> {
    use std::os::unix::process::CommandExt;
    let mebibytes = memory.to_str().and_then(|text| text.parse::<u64>().ok());
    let mebibytes = mebibytes.ok_or_else(|| format!("found {} for the memory, expected a number", memory.display()))?;
    let alone = match how.to_str() {
        Some("alone") => true,
        Some("helped") => false,
        _ => return Err(format!("found {}, expected alone or helped", how.display())),
    };
    set_limits(mebibytes << 20, alone)?;
    // What the one who starts us has open is nothing to the program.
    close_fds::set_fds_cloexec(3, &[]);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // Whoever started it may be killed without a chance to stop it; this outlives the exec below.
        set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| error.to_string())?;
        // A system that can't is no reason not to run: who starts us has asked what it is able to, and says so.
        let _ = linux::confine_writes(folder.as_ref());
        if alone {
            let _ = linux::forbid_company();
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = folder;
    let error = std::process::Command::new(program).args(arguments).exec();
    Err(format!("can't run {}: {error}", program.display()))
}

#[cfg(unix)]
fn set_limits(memory: u64, alone: bool) -> Result<(), String> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // Of processor time, which a clock outside cuts much shorter; it is for a program whose clock was killed.
    const SECONDS: u64 = 60;
    let mut limits = vec![(Resource::Cpu, SECONDS), (Resource::Core, 0), (Resource::Data, memory)];
    if alone {
        limits.extend([(Resource::As, memory), (Resource::Nofile, 64), (Resource::Fsize, 16 << 20)]);
    } else {
        limits.push((Resource::Fsize, 256 << 20));
    }
    for (resource, most) in limits {
        // A limit that is lower already stays.
        let most = getrlimit(resource).maximum.map_or(most, |there| there.min(most));
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).map_err(|error| format!("can't limit {resource:?} to {most}: {error}"))?;
    }
    Ok(())
}

/// Without limits: what starts us still has its clock.
#[cfg(not(unix))]
fn run(_: &OsString, _: &OsString, _: &OsString, program: &OsString, arguments: &[OsString]) -> Result<(), String> {
    let status = std::process::Command::new(program).args(arguments).status();
    let status = status.map_err(|error| format!("can't run {}: {error}", program.display()))?;
    std::process::exit(status.code().unwrap_or(1));
}

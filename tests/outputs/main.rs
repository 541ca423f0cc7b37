//! Every output of the command line, of a spec whose every text means something to some output.
//!
//! This executable is two things: the tests, and a program with specs of its own ([`hostile`]) that the tests start.

#[cfg(not(loom))]
mod commands;
#[cfg(not(loom))]
#[path = "../common/harness.rs"]
mod harness;
#[cfg(not(loom))]
mod hostile;
#[cfg(not(loom))]
mod kept;
#[cfg(not(loom))]
mod safe;
#[cfg(not(loom))]
mod site;
#[cfg(not(loom))]
mod words;

use std::process::ExitCode;

#[cfg(loom)]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}

#[cfg(not(loom))]
use harness::Test;

#[cfg(not(loom))]
const TESTS: [&[Test]; 4] = [&commands::TESTS, &kept::TESTS, &site::TESTS, &words::TESTS];

/// In the environment of the program that the tests start.
#[cfg(not(loom))]
const STARTED: &str = "PAGELOCK_OUTPUTS";

#[cfg(not(loom))]
fn main() -> ExitCode {
    if std::env::var_os(STARTED).is_some() {
        return pagelock::cli::run(hostile::SPECS);
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    harness::run(&TESTS, &arguments)
}

/// What the program says.
#[cfg(not(loom))]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Starts the program. Its standard output is no terminal, and no summary of a job is asked for.
#[cfg(not(loom))]
fn program(arguments: &[&str]) -> Said {
    program_in(arguments, &[])
}

#[cfg(not(loom))]
fn program_in(arguments: &[&str], environment: &[(&str, &str)]) -> Said {
    let executable = std::env::current_exe().expect("it is running");
    let output = std::process::Command::new(executable)
        .args(arguments)
        .env(STARTED, "1")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env_remove("CLICOLOR_FORCE")
        .envs(environment.iter().copied())
        .output()
        .expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("it says text");
    Said {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A folder for a test, with nothing in it.
#[cfg(not(loom))]
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("outputs-{name}"));
    // What an earlier run has left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder is made");
    folder
}

//! The program under load and abuse: interrupted, short of memory, with thousands of failing searches.
//!
//! This executable is two things: the tests, and a program with a spec of its own ([`model`]) that the tests
//! start. It has a `main` of its own for that, which does what cargo and nextest ask of one.

#[cfg(not(loom))]
mod altered;
#[cfg(not(loom))]
mod cases;
#[cfg(not(loom))]
mod failing;
#[cfg(not(loom))]
mod failures;
#[cfg(not(loom))]
#[path = "../common/harness.rs"]
mod harness;
#[cfg(not(loom))]
mod interrupt;
#[cfg(not(loom))]
mod late;
#[cfg(not(loom))]
mod limits;
#[cfg(not(loom))]
mod model;
#[cfg(not(loom))]
mod program;

use std::process::ExitCode;

#[cfg(loom)]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}

#[cfg(not(loom))]
use harness::Test;

#[cfg(not(loom))]
const TESTS: [&[Test]; 4] = [
    &interrupt::TESTS,
    &limits::TESTS,
    &failing::TESTS,
    &altered::TESTS,
];

#[cfg(not(loom))]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["worker"]
        && let Ok(how) = std::env::var(altered::ALTERED)
    {
        return altered::work(&how);
    }
    match arguments.first().map(String::as_str) {
        Some("worker") => {
            model::measure();
            return pagelock::cli::run(model::SPECS);
        }
        Some("check" | "explore" | "merge" | "trace" | "diff" | "replay" | "export" | "report") => {
            return pagelock::cli::run(model::SPECS);
        }
        Some(failing::CHILD) => return failing::child(),
        _ => (),
    }
    harness::run(&TESTS, &arguments)
}

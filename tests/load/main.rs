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

/// A test with its name.
#[cfg(not(loom))]
type Test = (&'static str, fn());

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
        Some("check" | "merge" | "trace" | "diff" | "replay" | "export" | "report") => {
            return pagelock::cli::run(model::SPECS);
        }
        Some(failing::CHILD) => return failing::child(),
        _ => (),
    }
    let is = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let words: Vec<&String> = (arguments.iter())
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let wanted = |name: &str| {
        let exact = is("--exact");
        let fits =
            |word: &&String| name == word.as_str() || (!exact && name.contains(word.as_str()));
        !is("--ignored") && (words.is_empty() || words.iter().any(fits))
    };
    for (name, test) in TESTS.into_iter().flatten().filter(|(name, _)| wanted(name)) {
        if is("--list") {
            println!("{name}: test");
        } else {
            // A test that fails panics, and so ends all of this with an error.
            test();
            println!("test {name} ... ok");
        }
    }
    ExitCode::SUCCESS
}

//! The command line of [`pagelock`].

use std::process::ExitCode;

fn main() -> ExitCode {
    pagelock::cli::run(pagelock::protocols::ALL)
}

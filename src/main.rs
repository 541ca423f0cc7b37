//! The command line of [`pagelock`].

use std::process::ExitCode;

fn main() -> ExitCode {
    pagelock::cli::run(std::env::args_os())
}

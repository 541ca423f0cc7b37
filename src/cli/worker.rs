//! `pagelock worker`, which `pagelock check` starts.

use super::Answer;
use crate::plan::serve;
use std::io::{self, BufReader};

pub(super) fn run() -> Answer {
    // Only this writes to standard output: the engines are silent.
    match serve(BufReader::new(io::stdin()), io::stdout()) {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(format!("worker: {error}")),
    }
}

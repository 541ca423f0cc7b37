//! `pagelock worker`, which `pagelock check` starts.

use super::Answer;
use crate::plan::serve;
use crate::spec::Specs;
use std::io::{self, BufReader};

pub(super) fn run(specs: Specs) -> Answer {
    // Only this writes to standard output: the engines are silent.
    match serve(specs, BufReader::new(io::stdin()), io::stdout()) {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(format!("worker: {error}")),
    }
}

//! Where an answer goes: standard output, or a file that is not there yet.

use super::Answer;
use super::args::Output;
use crate::output::{is_ready, write};

/// Complains of a file that is there, or that cannot be written: better before the work than after it.
pub(super) fn ready(output: &Output) -> Result<(), String> {
    let ready = |path| is_ready(path, output.force).map_err(|error| error.to_string());
    output.output.as_deref().map_or(Ok(()), ready)
}

/// Writes a text where the arguments say. A file that is there is left alone unless it is given up.
pub(super) fn deliver(text: String, output: &Output) -> Answer {
    let Some(path) = &output.output else {
        return Answer::good(text);
    };
    match write(path, &text, output.force) {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(error.to_string()),
    }
}

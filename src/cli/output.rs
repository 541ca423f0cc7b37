//! The output of a command: standard output, or a new file.

use super::answer::Answer;
use super::args::Output;
use crate::output::{is_ready, write};

/// Refuses a file that exists, or that cannot be written, before the work is done.
pub(super) fn ready(output: &Output) -> Result<(), String> {
    let ready = |path| is_ready(path, output.force).map_err(|error| error.to_string());
    output.output.as_deref().map_or(Ok(()), ready)
}

/// Writes a text where the arguments say. An existing file is replaced only with `--force`.
pub(super) fn deliver(text: String, output: &Output) -> Answer {
    let Some(path) = &output.output else {
        return Answer::good(text);
    };
    match write(path, &text, output.force) {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(error.to_string()),
    }
}

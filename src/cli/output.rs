//! The output of a command: standard output, or a new file.

use super::answer::Answer;
use super::args::Output;
use crate::output::{is_ready, write};
use terminal_size::{Width, terminal_size_of};

/// The columns of the terminal that standard output is, or 100; no fewer and no more than a screen can do with.
pub(super) fn screen_width() -> usize {
    let size = terminal_size_of(std::io::stdout());
    size.map_or(100, |(Width(width), _)| usize::from(width).clamp(60, 160))
}

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

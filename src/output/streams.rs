//! Standard output and standard error.

use crate::escape;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

/// Prints to standard output. A reader that has closed it wants no more, which is no error.
///
/// # Errors
/// That of writing.
pub(crate) fn print(text: &str) -> io::Result<bool> {
    let mut out = anstream::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes an error to standard error. It may have more lines, as a panic of an encoding has, but none of them looks
/// like another error. Where it cannot be written, nothing is left to tell it: the exit code says that there was
/// something.
pub(crate) fn print_error(text: impl Display) {
    let lines = text.to_string().replace('\n', "\n       ");
    let _ = writeln!(anstream::stderr(), "error: {}", escape::screen(&lines));
}

/// Writes a line to standard error that is no error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{}", escape::screen(text));
}

/// Writes to standard error as it is, if that is a terminal.
pub(crate) fn progress(text: &str) {
    let mut terminal = io::stderr();
    if terminal.is_terminal() {
        // Progress that cannot be shown is no error.
        let _ = write!(terminal, "{text}").and_then(|()| terminal.flush());
    }
}

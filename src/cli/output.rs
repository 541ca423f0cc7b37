//! Where an answer goes: standard output, or a file that is not there yet.

use super::Answer;
use super::args::Output;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Complains of a file that is there, for who would rather know before the work than after it.
pub(super) fn ready(output: &Output) -> Result<(), String> {
    match &output.output {
        Some(path) if !output.force && path.exists() => Err(is_there(path)),
        _ => Ok(()),
    }
}

fn is_there(path: &Path) -> String {
    format!("{} is there already; --force replaces it", path.display())
}

/// Writes a text where the arguments say. A file that is there is left alone unless it is given up.
pub(super) fn deliver(text: String, output: &Output) -> Answer {
    let Some(path) = &output.output else {
        return Answer::good(text);
    };
    match create(path, output.force).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Answer::good(String::new()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Answer::bad(is_there(path)),
        Err(error) => Answer::bad(format!("{}: {error}", path.display())),
    }
}

fn create(path: &Path, force: bool) -> io::Result<File> {
    if force {
        return File::create(path);
    }
    OpenOptions::new().write(true).create_new(true).open(path)
}

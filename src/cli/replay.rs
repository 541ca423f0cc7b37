//! `pagelock replay`.

use super::args::Replay;
use super::output::{deliver, ready};
use super::{Answer, Exit, cannot_print};
use crate::engine::Engine;
use crate::output::print;
use crate::render::{Layout, execution, render, steps};
use crate::spec::{self, AgainError, Specs};
use crate::trace::{self, SCHEMA, Trace};
use std::io::{self, BufRead as _, Read as _};
use std::path::Path;

/// What was given: a record, or a word.
enum Kept {
    Record(Box<Trace>),
    Word(trace::Replay),
}

pub(super) fn run(specs: Specs, arguments: &Replay) -> Answer {
    // Before anything is searched in vain.
    if let Err(complaint) = ready(&arguments.output) {
        return Answer::bad(complaint);
    }
    let kept = match read(&arguments.what) {
        Ok(kept) => kept,
        Err(complaint) => return Answer::bad(complaint),
    };
    let engine = arguments.engine.map_or(Engine::Shuttle, Into::into);
    let layout = Layout {
        width: arguments.shape.width,
        full: arguments.shape.full,
    };
    let again = match &kept {
        Kept::Record(record) => spec::record_again(specs, record, engine),
        Kept::Word(word) => spec::again(specs, word, None, engine),
    };
    let trace = match again {
        Ok(trace) => trace,
        Err(error) => {
            let exit = match error {
                AgainError::Passes { .. } | AgainError::Differs { .. } => Exit::Differs,
                _ => Exit::BadInput,
            };
            return Answer {
                text: passing(specs, &kept, &error, layout),
                exit,
                ..Answer::bad(error.to_string())
            };
        }
    };
    if arguments.step {
        return stepped(&trace, layout);
    }
    match render(&trace, arguments.shape.format, layout) {
        Ok(text) => deliver(text, &arguments.output),
        Err(error) => Answer::bad(error.to_string()),
    }
}

/// The execution of a word that violates nothing, as those of `graph` do.
fn passing(specs: Specs, kept: &Kept, error: &AgainError, layout: Layout) -> String {
    match (kept, error) {
        (Kept::Word(word), AgainError::Passes { .. }) => spec::execution(specs, word)
            .map_or_else(|_| String::new(), |events| execution(&events, layout)),
        _ => String::new(),
    }
}

/// Reads a file of that name, standard input for `-`, or the word itself.
fn read(what: &str) -> Result<Kept, String> {
    let text = if what == "-" {
        let mut text = String::new();
        let read = io::stdin().read_to_string(&mut text);
        read.map_err(|error| format!("standard input: {error}"))?;
        text
    } else if Path::new(what).exists() {
        std::fs::read_to_string(what).map_err(|error| format!("{what}: {error}"))?
    } else if what.contains('@') {
        return word(what);
    } else {
        return Err(format!(
            "{what}: no such file, and no replay of the form SPEC/DESIGN@SCENARIO:FINGERPRINT:SCHEDULE"
        ));
    };
    let text = text.trim();
    if !text.starts_with('{') {
        return word(text);
    }
    let whence = if what == "-" { "standard input" } else { what };
    let complain = |error: serde_json::Error| format!("{whence}: {error}");
    let value: serde_json::Value = serde_json::from_str(text).map_err(complain)?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => (),
        Some(other) => {
            return Err(format!(
                "{whence}: its schema is `{other}`, and this program reads `{SCHEMA}`"
            ));
        }
        None => {
            return Err(format!(
                "{whence}: no `schema`: this is no record of a counterexample"
            ));
        }
    }
    // From the text, not from the value: an error then has its place.
    let record = serde_json::from_str(text).map_err(complain)?;
    Ok(Kept::Record(Box::new(record)))
}

fn word(text: &str) -> Result<Kept, String> {
    let word = text.parse().map_err(|error| format!("{text}: {error}"))?;
    Ok(Kept::Word(word))
}

/// Shows a step, and waits for a line before the next.
fn stepped(trace: &Trace, layout: Layout) -> Answer {
    let mut lines = io::stdin().lock().lines();
    let texts = steps(trace, layout);
    let last = texts.len().saturating_sub(1);
    for (place, text) in texts.into_iter().enumerate() {
        match print(&text) {
            Ok(true) => (),
            Ok(false) => break,
            Err(error) => return Answer::bad(cannot_print(&error)),
        }
        if place == last {
            break;
        }
        match lines.next() {
            Some(Ok(line)) if line.trim() != "q" => (),
            _ => break,
        }
    }
    Answer::good(String::new())
}

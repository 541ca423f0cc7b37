//! `pagelock replay`.

use super::args::Replay;
use super::output::{deliver, ready};
use super::{Answer, Exit, cannot_print};
use crate::engine::Engine;
use crate::input::{self, brief, brief_error};
use crate::output::print;
use crate::render::{Layout, execution, render, steps};
use crate::spec::{self, AgainError, Specs};
use crate::trace::{self, ReplayTextError, SCHEMA, Trace};
use serde::Deserialize;
use std::io;
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

/// The one field that says what a file is. Of the others nothing is kept until that is known.
#[derive(Deserialize)]
struct Kind {
    schema: Option<String>,
}

/// Reads a file of that name, standard input for `-`, or the word itself.
fn read(what: &str) -> Result<Kept, String> {
    let (whence, text) = if what == "-" {
        ("standard input", input::standard_input()?)
    } else if Path::new(what).exists() {
        (what, input::file(Path::new(what))?)
    } else if what.contains('@') {
        return word(what).map_err(|error| format!("{}: {error}", brief(what)));
    } else {
        return Err(format!(
            "{}: no such file, and no replay of the form SPEC/DESIGN@SCENARIO:FINGERPRINT:SCHEDULE",
            brief(what)
        ));
    };
    let text = text.trim();
    if !text.starts_with('{') {
        let neither = |error| {
            format!(
                "{whence}: it begins with `{}`, and so is no record of a counterexample, and no replay either: {error}",
                brief(text)
            )
        };
        return word(text).map_err(neither);
    }
    let complain = |error: serde_json::Error| format!("{whence}: {}", brief_error(&error));
    let kind: Kind = serde_json::from_str(text).map_err(complain)?;
    match kind.schema.as_deref() {
        Some(SCHEMA) => (),
        Some(other) => {
            return Err(format!(
                "{whence}: its schema is `{}`, and this program reads `{SCHEMA}`",
                brief(other)
            ));
        }
        None => {
            return Err(format!(
                "{whence}: no `schema`: this is no record of a counterexample"
            ));
        }
    }
    let record = serde_json::from_str(text).map_err(complain)?;
    Ok(Kept::Record(Box::new(record)))
}

fn word(text: &str) -> Result<Kept, ReplayTextError> {
    text.parse().map(Kept::Word)
}

/// Shows a step, and waits for a line before the next.
fn stepped(trace: &Trace, layout: Layout) -> Answer {
    let mut lines = io::stdin().lock();
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
        match input::line(&mut lines) {
            Ok(Some(line)) if line.trim() != "q" => (),
            _ => break,
        }
    }
    Answer::good(String::new())
}

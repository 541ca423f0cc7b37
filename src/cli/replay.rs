//! `pagelock replay`.

use super::args::Replay;
use super::output::deliver;
use super::{Answer, Exit};
use crate::engine::Engine;
use crate::input::{self, brief, brief_error};
use crate::render::{Layout, render, steps};
use crate::spec::{self, AgainError, Specs};
use crate::trace::{self, ReplayTextError, SCHEMA, Trace};
use serde::Deserialize;
use std::io::{self, Write as _};
use std::path::Path;

/// What was given: a record, or a word.
enum Kept {
    Record(Box<Trace>),
    Word(trace::Replay),
}

pub(super) fn run(specs: Specs, arguments: &Replay) -> Answer {
    let kept = match read(&arguments.what) {
        Ok(kept) => kept,
        Err(complaint) => return Answer::bad(complaint),
    };
    let engine = arguments.engine.map_or(Engine::Shuttle, Into::into);
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
                exit,
                ..Answer::bad(error.to_string())
            };
        }
    };
    let layout = Layout {
        width: arguments.shape.width,
        full: arguments.shape.full,
    };
    if arguments.step {
        return stepped(&trace, layout);
    }
    match render(&trace, arguments.shape.format, layout) {
        Ok(text) => deliver(text, &arguments.output),
        Err(error) => Answer::bad(error.to_string()),
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
    let mut out = anstream::stdout().lock();
    let texts = steps(trace, layout);
    let last = texts.len().saturating_sub(1);
    for (place, text) in texts.into_iter().enumerate() {
        // Who closes the output wants no more.
        if write!(out, "{text}").and_then(|()| out.flush()).is_err() {
            break;
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

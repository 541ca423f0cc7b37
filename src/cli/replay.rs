//! `pagelock replay`.

use super::answer::{Answer, Exit, cannot_print};
use super::args::Replay;
use super::output::{deliver, ready, screen_width};
use crate::engine::Engine;
use crate::input::{self, brief, brief_error};
use crate::output::print;
use crate::render::{Layout, execution, render, steps};
use crate::spec::{self, ReplayError, Specs};
use crate::trace::{self, ReplayTextError, SCHEMA, Trace};
use serde::Deserialize;
use std::io;
use std::path::Path;

/// A stored counterexample: a whole trace, or a replay word.
enum Stored {
    Trace(Box<Trace>),
    Word(trace::Replay),
}

pub(super) fn run(specs: Specs, arguments: &Replay) -> Answer {
    // Before any search: a refusal must not come after it.
    if let Err(error) = ready(&arguments.output) {
        return Answer::bad(error);
    }
    let stored = match read(&arguments.what) {
        Ok(stored) => stored,
        Err(error) => return Answer::bad(error),
    };
    let engine = arguments.engine.map_or(Engine::Shuttle, Into::into);
    let layout = Layout {
        width: arguments.shape.width.unwrap_or_else(screen_width),
        full: arguments.shape.full,
    };
    let replayed = match &stored {
        Stored::Trace(trace) => spec::replay_trace(specs, trace, engine),
        Stored::Word(word) => spec::replay(specs, word, None, engine),
    };
    let trace = match replayed {
        Ok(trace) => trace,
        Err(error) => {
            let exit = match error {
                ReplayError::Passes { .. } | ReplayError::Differs { .. } => Exit::Differs,
                _ => Exit::BadInput,
            };
            return Answer {
                text: passing(specs, &stored, &error, layout),
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
fn passing(specs: Specs, stored: &Stored, error: &ReplayError, layout: Layout) -> String {
    match (stored, error) {
        (Stored::Word(word), ReplayError::Passes { .. }) => spec::execution(specs, word)
            .map_or_else(|_| String::new(), |events| execution(&events, layout)),
        _ => String::new(),
    }
}

/// The field that names the version of a file, which is read first.
#[derive(Deserialize)]
struct Kind {
    schema: Option<String>,
}

/// Reads a file of that name, standard input for `-`, or the word itself.
fn read(what: &str) -> Result<Stored, String> {
    let (whence, text) = if what == "-" {
        ("standard input", input::standard_input()?)
    } else if Path::new(what).exists() {
        (what, input::file(Path::new(what))?)
    } else if what.contains('@') {
        return word(what).map_err(|error| format!("{}: {error}", brief(what)));
    } else {
        return Err(format!(
            "{}: no such file, and no replay word of the form SPEC/DESIGN@SCENARIO:FINGERPRINT:SCHEDULE",
            brief(what)
        ));
    };
    let text = text.trim();
    if !text.starts_with('{') {
        let neither = |error| {
            format!(
                "{whence}: it begins with `{}`, and so is no trace of a counterexample, and no replay word either: {error}",
                brief(text)
            )
        };
        return word(text).map_err(neither);
    }
    let malformed = |error: serde_json::Error| format!("{whence}: {}", brief_error(&error));
    let kind: Kind = serde_json::from_str(text).map_err(malformed)?;
    match kind.schema.as_deref() {
        Some(SCHEMA) => (),
        Some(other) => {
            return Err(format!(
                "{whence}: its schema is `{}`, and this program reads `{SCHEMA}`: write the trace again by `pagelock \
                 trace --format json` of this version",
                brief(other)
            ));
        }
        None => {
            return Err(format!(
                "{whence}: no `schema`: this is no trace of a counterexample"
            ));
        }
    }
    let trace = serde_json::from_str(text).map_err(malformed)?;
    Ok(Stored::Trace(Box::new(trace)))
}

fn word(text: &str) -> Result<Stored, ReplayTextError> {
    text.parse().map(Stored::Word)
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

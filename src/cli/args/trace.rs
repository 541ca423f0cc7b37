//! The arguments of `trace`, `diff` and `replay`.

use super::formats::EngineName;
use crate::render::Format;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// The design whose counterexample to show; if left out, the first that is expected to deadlock
    #[arg(value_name = "SPEC/DESIGN")]
    pub(crate) target: Option<String>,
    /// The scenario; if left out, the first in which the design is expected to fail
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// The property that it violates; if left out, the first of the expected ones
    #[arg(long, value_name = "NAME")]
    pub(crate) property: Option<String>,
    /// Show the design without this clause, in the given scenario; may be given more than once
    #[arg(long, value_name = "CLAUSE", requires = "scenario")]
    pub(crate) without: Vec<String>,
    #[command(flatten)]
    pub(crate) shape: Shape,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How to show a counterexample.
#[derive(Debug, Args)]
pub(crate) struct Shape {
    /// How to show it
    #[arg(long, default_value = "screen")]
    pub(crate) format: Format,
    /// Show every event, on as many lines as it takes
    #[arg(long)]
    pub(crate) full: bool,
    /// The most columns; if left out, those of the terminal, or 100
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub(crate) width: Option<usize>,
}

/// Where an answer goes.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Write to a file, which must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
}

/// Show two designs in the schedule that makes the first one fail, side by side.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The spec
    #[arg(value_name = "SPEC")]
    pub(crate) spec: String,
    /// The design that fails; if left out, the old one
    #[arg(value_name = "OLD")]
    pub(crate) old: Option<String>,
    /// The reference design; if left out, the patched one
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,
    /// The scenario; if left out, the first in which the one fails and the other does not
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// The property that is violated; if left out, the first of the expected ones
    #[arg(long, value_name = "NAME")]
    pub(crate) property: Option<String>,
    /// Show every event of both to their ends
    #[arg(long)]
    pub(crate) full: bool,
    /// The most columns; if left out, those of the terminal, or 100
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub(crate) width: Option<usize>,
    /// Print the trace as JSON, which has both executions
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Execute a stored counterexample again, and show it.
///
/// It is refused if its model has changed, and the exit code is 1 if it does not fail again.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// A trace that `trace --format json` has written, a file with a replay word, the word itself, or
    /// `-` for standard input
    #[arg(value_name = "FILE|WORD")]
    pub(crate) what: String,
    /// Show a step at a time: a line of input for the next one, `q` to end
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(crate) step: bool,
    /// Execute it by this engine
    #[arg(long)]
    pub(crate) engine: Option<EngineName>,
    #[command(flatten)]
    pub(crate) shape: Shape,
    #[command(flatten)]
    pub(crate) output: Output,
}

pub(super) fn width(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(width) if (60..=400).contains(&width) => Ok(width),
        _ => Err("a width lies between 60 and 400 columns".to_string()),
    }
}

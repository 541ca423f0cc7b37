//! The faces of a counterexample. Each is a leaf: it reads a [`Trace`] and nothing else.

mod beside;
mod changelog;
mod dept;
pub(crate) mod html;
mod lanes;
mod lockdep;
mod mermaid;
mod rows;
mod sarif;
mod screen;
mod steps;
pub(crate) mod text;

use crate::trace::{Cycle, Trace};
use std::fmt;
use thiserror::Error;

/// The faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One screen of ASCII: verdict, lanes, cycle, receipt, replay.
    Screen,
    /// The record itself, as JSON.
    Json,
    /// A sequence diagram of Mermaid: at most 8 lanes and 40 steps.
    Mermaid,
    /// A deadlock in the shape of lockdep's report.
    Lockdep,
    /// A deadlock in DEPT's letters.
    Dept,
    /// Columns of calls in 75 characters, for a commit message.
    Changelog,
    /// SARIF 2.1.0, one thread flow for each thread.
    Sarif,
    /// One document for a browser, with nothing that has to be fetched.
    Html,
}

impl Format {
    /// Every face.
    pub const ALL: &[Self] = &[
        Self::Screen,
        Self::Json,
        Self::Mermaid,
        Self::Lockdep,
        Self::Dept,
        Self::Changelog,
        Self::Sarif,
        Self::Html,
    ];

    /// The name, as the command line spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Json => "json",
            Self::Mermaid => "mermaid",
            Self::Lockdep => "lockdep",
            Self::Dept => "dept",
            Self::Changelog => "changelog",
            Self::Sarif => "sarif",
            Self::Html => "html",
        }
    }

    /// What it is for, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Screen => "At most 40 lines of ASCII",
            Self::Json => "The whole record; its schema is schemas/pagelock-trace-1.json",
            Self::Mermaid => {
                "A sequence diagram that GitHub draws, of at most 8 lanes and 40 steps"
            }
            Self::Lockdep => "A deadlock in the shape of lockdep's report",
            Self::Dept => "A deadlock in DEPT's letters",
            Self::Changelog => "Columns of calls in 75 characters, for a commit message",
            Self::Sarif => "SARIF 2.1.0, for tools that read results of analyses",
            Self::Html => "One document for a browser, with nothing that has to be fetched",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How large a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The most columns. What has a width of its own, a commit message, keeps it.
    pub width: usize,
    /// Whether every event is shown; otherwise what does not matter to the failure is folded, and the
    /// screen has at most 40 lines.
    pub full: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            width: 100,
            full: false,
        }
    }
}

/// Why a counterexample has no such face.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Nobody waits for ever in it.
    #[error(
        "`{format}` tells of threads that wait for one another, and this counterexample violates \
         `{property}`: the formats screen, changelog and mermaid show it"
    )]
    NoCycle {
        /// The face.
        format: Format,
        /// The property that is violated.
        property: String,
    },
    /// It has no twin.
    #[error("no design passes where this one fails: there is nothing to show beside it")]
    NoTwin,
}

/// Renders a counterexample.
///
/// # Errors
/// [`RenderError::NoCycle`] for [`Format::Lockdep`] and [`Format::Dept`] of what is no deadlock.
pub fn render(trace: &Trace, format: Format, layout: Layout) -> Result<String, RenderError> {
    Ok(match format {
        Format::Screen => screen(trace, layout),
        Format::Json => json(trace),
        Format::Mermaid => mermaid::render(trace, layout.full),
        Format::Lockdep => lockdep::render(trace, cycle(trace, format)?, layout),
        Format::Dept => dept::render(trace, cycle(trace, format)?),
        Format::Changelog => changelog::render(trace, layout.full),
        Format::Sarif => sarif::render(trace),
        Format::Html => html::render(trace),
    })
}

/// The screen: the face that every counterexample has.
#[must_use]
pub fn screen(trace: &Trace, layout: Layout) -> String {
    screen::render(trace, layout)
}

/// The counterexample step by step: its head, a text for each operation, its end.
#[must_use]
pub fn steps(trace: &Trace, layout: Layout) -> Vec<String> {
    steps::render(trace, layout)
}

/// The counterexample beside its twin in the same schedule, step by step.
///
/// # Errors
/// [`RenderError::NoTwin`] if it has none.
pub fn beside(trace: &Trace, layout: Layout) -> Result<String, RenderError> {
    let twin = trace.twin.as_ref().ok_or(RenderError::NoTwin)?;
    Ok(beside::render(trace, twin, layout))
}

fn cycle(trace: &Trace, format: Format) -> Result<&Cycle, RenderError> {
    trace.cycle.as_ref().ok_or_else(|| RenderError::NoCycle {
        format,
        property: trace.property.clone(),
    })
}

/// The record as JSON, as its schema has it.
#[must_use]
pub fn json(trace: &Trace) -> String {
    // A record consists of texts, numbers and lists: there is nothing in it that has no JSON.
    let text = serde_json::to_string_pretty(trace);
    text.map_or_else(|error| error.to_string(), |text| text + "\n")
}

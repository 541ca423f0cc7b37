//! The formats, the size of a text, and why a counterexample does not have a format.

use std::fmt;
use thiserror::Error;

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One screen of ASCII: verdict, a column for each thread, cycle, search statistics, replay.
    Screen,
    /// The trace itself, as JSON.
    Json,
    /// A sequence diagram of Mermaid: at most 8 threads and 40 steps.
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
    /// Every format.
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
            Self::Json => "The whole trace; its schema is schemas/pagelock-trace-2.json",
            Self::Mermaid => {
                "A sequence diagram that GitHub draws, of at most 8 threads and 40 steps"
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
    /// The most columns. A commit message has a fixed width.
    pub width: usize,
    /// Whether every event is shown; otherwise events that the failure does not depend on are folded, and the
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

/// Why a counterexample does not have a format.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// It is no deadlock.
    #[error(
        "`{format}` shows threads that wait for one another, and this counterexample violates \
         `{property}`: the formats screen, changelog and mermaid show it"
    )]
    NoCycle {
        /// The format.
        format: Format,
        /// The property that is violated.
        property: String,
    },
    /// It has no reference design.
    #[error("no design passes where this one fails: there is nothing to compare it with")]
    NoReference,
}

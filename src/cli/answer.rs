//! The result of a command.

use std::io;

/// How a command ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Exit {
    #[default]
    AsExpected = 0,
    Differs = 1,
    BadInput = 2,
    Incomplete = 3,
    Disagree = 4,
}

/// The result of a command: its output, its diagnostics, and its exit code.
pub(super) struct Answer {
    pub(super) text: String,
    /// Goes to standard error, after the output.
    pub(super) diagnostics: Vec<String>,
    pub(super) exit: Exit,
}

impl Answer {
    pub(super) fn good(text: String) -> Self {
        Self {
            text,
            diagnostics: Vec::new(),
            exit: Exit::AsExpected,
        }
    }

    pub(super) fn add(&mut self, exit: Exit, diagnostic: String) {
        self.diagnostics.push(diagnostic);
        self.exit = self.exit.max(exit);
    }

    pub(super) fn bad(diagnostic: impl Into<String>) -> Self {
        Self {
            text: String::new(),
            diagnostics: vec![diagnostic.into()],
            exit: Exit::BadInput,
        }
    }
}

pub(super) fn cannot_print(error: &io::Error) -> String {
    format!("cannot write to standard output: {error}")
}

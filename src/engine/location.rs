//! Where in a model something is wrong.

use crate::trace::Source;
use std::fmt;

/// Where in a model something is wrong: as much of it as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelLocation {
    /// The thread's name; empty if it is nothing of a thread's.
    pub thread: String,
    /// The function of the operation that the thread is at, or that it has taken last; empty before the
    /// first.
    pub function: String,
    /// The object of that operation.
    pub object: Option<String>,
    /// Where it is in the encoding.
    pub at: Option<Source>,
}

impl fmt::Display for ModelLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.thread.is_empty() {
            return f.write_str("the model");
        }
        write!(f, "`{}`", self.thread)?;
        if self.function.is_empty() {
            return f.write_str(" before its first operation");
        }
        write!(f, " at {}", self.operation())
    }
}

impl ModelLocation {
    /// The operation, with its object and its place in the source.
    pub(crate) fn operation(&self) -> String {
        let object = self.object.as_ref().map(|object| format!(" of `{object}`"));
        let at = self
            .at
            .as_ref()
            .map(|at| format!(" ({}:{})", at.file, at.line));
        let function = &self.function;
        format!(
            "`{function}`{}{}",
            object.unwrap_or_default(),
            at.unwrap_or_default()
        )
    }
}

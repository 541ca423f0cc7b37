//! What happens in an execution: objects, and events on them.

use serde::{Deserialize, Serialize};
use std::panic::Location;

/// What kind of thing an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A lock was taken.
    Acquire,
    /// A lock was released.
    Release,
    /// What a lock protects was changed, by the thread that holds it.
    Update,
    /// An atomic step on an object.
    Step,
    /// The thread is blocked.
    Wait,
    /// A lock was released without a function of its own, as by a guard that is dropped. Renderers leave it out,
    /// except to know which locks are held.
    Drop,
}

/// A place in the source of an encoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Source {
    /// The file, as the compiler was given it: relative to the root of the package.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl From<&Location<'_>> for Source {
    fn from(location: &Location<'_>) -> Self {
        // Where the crate is built as a dependency, the compiler is given a path of that machine.
        let file = location.file().replace('\\', "/");
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
        Self {
            file: file.strip_prefix(root).unwrap_or(&file).to_string(),
            line: location.line(),
        }
    }
}

/// A shared object, in its initial state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Object {
    /// The name that it is made under.
    pub name: String,
    /// The object's class in the lock order; empty for an object that is not held.
    pub class: String,
    /// Its initial value; of a lock, the value that the lock protects.
    pub value: String,
}

/// What a thread waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Wait {
    /// A lock's name, or an event.
    pub what: String,
    /// The thread that holds it or has to bring it about, if there is exactly one.
    pub held_by: Option<String>,
}

/// One event of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Event {
    /// The operation's number in the schedule, from 1. Releases, updates and waits are not
    /// operations: no other thread can come between them and what goes before.
    pub operation: Option<usize>,
    /// The thread.
    pub thread: String,
    /// What happened.
    pub kind: EventKind,
    /// The function that the event mirrors.
    pub function: String,
    /// The file that the function stands in.
    pub file: String,
    /// The commit whose tree the function is mirrored from; a `^` is its parent.
    pub commit: String,
    /// Where in the encoding the operation stands. An update, a release and a drop have that of the
    /// thread's last operation.
    pub model: Option<Source>,
    /// The functions that called it, outermost first.
    pub callers: Vec<String>,
    /// The object touched.
    pub object: Option<String>,
    /// Its index among the objects of the trace.
    pub object_index: Option<usize>,
    /// The object's class in the lock order; empty for an object that is not held.
    pub class: Option<String>,
    /// The object before and after, if a step or an update changed it.
    pub change: Option<(String, String)>,
    /// For a wait, what for.
    pub waits_for: Option<Wait>,
    /// What the thread holds after the event, in the order in which it was taken.
    pub holds: Vec<String>,
}

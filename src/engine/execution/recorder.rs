//! The record of one execution: every event of it.

use crate::trace::{Event, EventKind, Object, ThreadId};
use std::collections::BTreeSet;

/// Every event of one execution.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) events: Vec<Event>,
    /// What every object held at first.
    pub(crate) objects: Vec<Object>,
    /// The threads whose present wait is in the record already.
    pub(crate) waiting: BTreeSet<ThreadId>,
}

impl Recorder {
    /// A lock has another name now: the event of taking it shows that.
    pub(crate) fn rename(&mut self, thread: &str, old: &str, new: &str) {
        let last = self
            .events
            .iter_mut()
            .rev()
            .find(|event| event.thread == thread);
        if let Some(event) = last.filter(|event| event.kind == EventKind::Acquire) {
            let names = event.object.iter_mut().chain(&mut event.holds);
            names
                .filter(|name| *name == old)
                .for_each(|name| *name = new.to_string());
        }
    }
}

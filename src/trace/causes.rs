//! Which events a failure depends on.

use super::{EventKind, NO_DEADLOCK, Trace};
use std::collections::BTreeSet;

/// How the message of a property begins that is checked after the last thread has returned.
pub(crate) const AT_THE_END: &str = "at the end";

impl Trace {
    /// Whether threads block forever: in a cycle, or for an event that no thread is left to bring about.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.property == NO_DEADLOCK
    }

    /// For each event, whether the failure depends on it: whether it lies before the failure in the order of
    /// threads and objects (Lamport, 1978). What is checked after the last thread has returned depends on
    /// every event, and so does a wait that no thread is left to end.
    ///
    /// The other events can be taken from the schedule, and the rest still fails.
    #[must_use]
    pub fn causes(&self) -> Vec<bool> {
        if self.message.starts_with(AT_THE_END) || (self.is_stuck() && self.cycle.is_none()) {
            return vec![true; self.events.len()];
        }
        let (mut threads, mut objects) = self.failure();
        // Backwards: an event matters if a later one that does is of its thread or on its object.
        let mut matters = vec![false; self.events.len()];
        for (place, event) in self.events.iter().enumerate().rev() {
            let on_object = (event.object_index).is_some_and(|object| objects.contains(&object));
            if threads.contains(event.thread.as_str()) || on_object {
                matters[place] = true;
                threads.insert(&event.thread);
                objects.extend(event.object_index);
            }
        }
        matters
    }

    /// The threads and the objects of the failure itself. Of a cycle, these are its threads, including one that has
    /// left, since what it has read may be why; and the objects that they wait for, to the end of the trace, since a
    /// later event on them may be what keeps a wait from ending. Otherwise it is the thread of the last operation, with
    /// all that it does after it: the trace does not say where in it the property is checked.
    fn failure(&self) -> (BTreeSet<&str>, BTreeSet<usize>) {
        let Some(cycle) = &self.cycle else {
            let last = self.events.iter().rfind(|event| event.operation.is_some());
            let thread = last.map(|event| event.thread.as_str());
            return (thread.into_iter().collect(), BTreeSet::new());
        };
        let mut threads = BTreeSet::new();
        let mut objects = BTreeSet::new();
        for edge in &cycle.edges {
            threads.extend([edge.thread.as_str(), edge.held_by.as_str()]);
            let last = self
                .events
                .iter()
                .rfind(|event| event.thread == edge.thread);
            let waits = last.filter(|event| event.kind == EventKind::Wait);
            objects.extend(waits.and_then(|event| event.object_index));
        }
        (threads, objects)
    }
}

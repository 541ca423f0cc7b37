//! Which events a failure depends on.

use super::{EventKind, NO_DEADLOCK, Trace};
use std::collections::BTreeSet;

/// Where a property is looked at after the last thread has returned, in the words of a message.
pub(crate) const AT_THE_END: &str = "at the end";

impl Trace {
    /// Whether the failure is that threads wait for ever: in a cycle, or for what nobody is left to do.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.property == NO_DEADLOCK
    }

    /// For each event, whether the failure depends on it: whether it lies before the failure in the order of
    /// threads and objects (Lamport, 1978). What is looked at after the last thread has returned depends on
    /// everything, and so does that no thread is left that ends a wait.
    ///
    /// The events that are left over can be taken from the schedule, and the others fail as before.
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

    /// The threads and the objects that the failure consists of. Those of a cycle are its threads, also the one
    /// that is gone, since what it has read may be why it is; and what they wait for, to the very end: what
    /// happens there after a wait has begun may be what keeps it from ending. Otherwise it is the thread of the
    /// last operation, with what it does after that: where in it the property is looked at is not on record.
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

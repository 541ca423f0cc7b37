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

    /// For each event, whether the failure depends on it: whether it lies before the last event of the
    /// failure in the order of threads and objects (Lamport, 1978). What is looked at after the last
    /// thread has returned depends on everything, and so does that nobody is left to end a wait.
    #[must_use]
    pub fn causes(&self) -> Vec<bool> {
        let of_all =
            self.message.starts_with(AT_THE_END) || (self.is_stuck() && self.cycle.is_none());
        let mut matters = vec![of_all; self.events.len()];
        for last in self.last_events() {
            matters[last] = true;
        }
        // Backwards: an event matters if a later one that does is of its thread or on its object.
        let (mut threads, mut objects) = (BTreeSet::new(), BTreeSet::new());
        for (place, event) in self.events.iter().enumerate().rev() {
            let on_object = event
                .object_index
                .is_some_and(|object| objects.contains(&object));
            matters[place] |= threads.contains(&event.thread) || on_object;
            if matters[place] {
                threads.insert(event.thread.clone());
                objects.extend(event.object_index);
            }
        }
        matters
    }

    /// The events that the failure consists of: the last wait of each thread of a cycle, or the last
    /// operation.
    fn last_events(&self) -> Vec<usize> {
        let last = |wanted: &dyn Fn(&super::Event) -> bool| self.events.iter().rposition(wanted);
        match &self.cycle {
            Some(cycle) => (cycle.edges.iter())
                .filter_map(|edge| {
                    last(&|event| event.kind == EventKind::Wait && event.thread == edge.thread)
                })
                .collect(),
            None => last(&|event| event.operation.is_some())
                .into_iter()
                .collect(),
        }
    }
}

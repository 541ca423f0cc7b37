//! Sleep sets (Godefroid, 1996): what spares loom the executions that it would repeat.
//!
//! loom finds by dynamic partial-order reduction (Flanagan and Godefroid, POPL 2005) where threads have to
//! be tried in another order, and keeps nothing of what it has explored from there: most of its
//! executions differ from an earlier one in the order of independent operations alone. This watches it.
//! Where it has come back from a thread's operation, everything that can follow that is known; as long as
//! the others' operations are on other objects, it could be moved in front of them, and is *asleep*. An
//! execution in which it is taken all the same has nothing new in it, and is cut short.
//!
//! What is cut off might have shown loom a race, and so another thread to be tried at the same place. So at
//! the place of a cut every thread is tried that is not asleep.

use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::observer::Observer;
use crate::engine::execution::state::ExecutionState;
use crate::trace::ThreadId;
use std::collections::BTreeSet;

/// An operation: the thread, and the object that it accesses. Operations of different threads on
/// different objects are independent.
type Operation = (ThreadId, ObjectId);

/// What is known at each operation of the present execution.
#[derive(Debug, Default)]
pub(crate) struct SleepSets {
    /// The operations of the execution before.
    before: Vec<Operation>,
    /// Those of the present one.
    now: Vec<Operation>,
    /// For each of its places, the operations that loom has come back from there.
    explored: Vec<Vec<Operation>>,
    /// What is asleep at the present place, of what was explored at an earlier one.
    asleep: Vec<Operation>,
    /// The present execution has left the path of the one before.
    parted: bool,
    /// The execution is cut short at this object, and these threads have to be tried there.
    cut: Option<(ObjectId, BTreeSet<ThreadId>)>,
}

impl SleepSets {
    /// A thread arrives at an object. Whether the execution has nothing new in it from here on. `enabled`
    /// are the threads whose operation can take place.
    pub(crate) fn operation(&mut self, operation: Operation, enabled: &[ThreadId]) -> bool {
        let place = self.now.len();
        if !self.parted && self.before.get(place) != Some(&operation) {
            // loom has come back from the other one, here and everywhere behind.
            self.parted = true;
            self.explored.truncate(place + 1);
            if let (Some(other), Some(explored)) =
                (self.before.get(place), self.explored.get_mut(place))
            {
                explored.push(*other);
            }
        }
        if self.explored.len() <= place {
            self.explored.push(Vec::new());
        }
        self.now.push(operation);
        self.asleep.extend(&self.explored[place]);
        let (thread, object) = operation;
        let sleeps = |thread: ThreadId| self.asleep.iter().any(|(sleeper, _)| *sleeper == thread);
        let known = sleeps(thread);
        if known {
            let awake = enabled.iter().copied().filter(|thread| !sleeps(*thread));
            self.cut = Some((object, awake.collect()));
        }
        self.asleep
            .retain(|(sleeper, at)| *sleeper != thread && *at != object);
        known
    }

    /// The next execution begins.
    fn next_execution(&mut self) {
        self.before = std::mem::take(&mut self.now);
        self.asleep.clear();
        self.parted = false;
        self.cut = None;
    }
}

impl Observer for SleepSets {
    fn is_explored(&mut self, operation: Operation, enabled: &[ThreadId]) -> bool {
        self.operation(operation, enabled)
    }

    /// The object at which a thread has to be tried, as the execution is being cut short there.
    fn due(&mut self, thread: ThreadId) -> Option<ObjectId> {
        let (object, threads) = self.cut.as_mut()?;
        threads.remove(&thread).then_some(*object)
    }

    fn ended(&mut self, _execution: &mut ExecutionState) -> bool {
        self.next_execution();
        false
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn threads<const N: usize>(threads: [usize; N]) -> [ThreadId; N] {
        threads.map(ThreadId::new)
    }

    /// A thread's operation on an object.
    fn at(thread: usize, object: usize) -> Operation {
        (ThreadId::new(thread), ObjectId::new(object))
    }

    /// Runs one execution of three threads that are always enabled; how many operations it had when it was
    /// cut short, if it was.
    fn cut(sets: &mut SleepSets, operations: &[Operation]) -> Option<usize> {
        let all = threads([0, 1, 2]);
        let cut = (operations.iter()).position(|operation| sets.operation(*operation, &all));
        let due: Vec<ThreadId> = all
            .into_iter()
            .filter(|thread| sets.due(*thread).is_some())
            .collect();
        assert_eq!(due.is_empty(), cut.is_none());
        sets.next_execution();
        cut
    }

    #[test]
    fn an_operation_that_was_explored_is_asleep_behind_independent_ones() {
        let mut sets = SleepSets::default();
        assert_eq!(cut(&mut sets, &[at(0, 7), at(1, 8), at(2, 9)]), None);
        // Thread 0 could have come first.
        assert_eq!(cut(&mut sets, &[at(1, 8), at(2, 9), at(0, 7)]), Some(2));
    }

    #[test]
    fn an_operation_on_the_same_object_wakes_it() {
        let mut sets = SleepSets::default();
        assert_eq!(cut(&mut sets, &[at(0, 7), at(1, 7), at(2, 9)]), None);
        assert_eq!(cut(&mut sets, &[at(1, 7), at(0, 7), at(2, 9)]), None);
    }

    #[test]
    fn a_thread_that_is_asleep_is_not_tried_at_a_cut() {
        let mut sets = SleepSets::default();
        assert_eq!(cut(&mut sets, &[at(0, 7), at(1, 8), at(2, 9)]), None);
        assert!(!sets.operation(at(1, 8), &threads([0, 1, 2])));
        assert!(sets.operation(at(0, 7), &threads([0, 2])));
        assert_eq!(
            threads([0, 1, 2]).map(|thread| sets.due(thread)),
            [None, None, Some(ObjectId::new(7))]
        );
        assert_eq!(sets.due(ThreadId::new(2)), None);
    }
}

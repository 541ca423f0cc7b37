//! Threads and schedules: who takes the operations of an execution, in which order.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;

/// A thread of a model: its place, from 0, in the order in which the threads were added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(inline))]
#[serde(transparent)]
pub struct ThreadId(u8);

impl ThreadId {
    /// The thread at a place. A model has a handful of threads; a place that no model can have is the last one.
    #[must_use]
    pub fn new(index: usize) -> Self {
        Self(u8::try_from(index).unwrap_or(u8::MAX))
    }

    /// Its place among the threads.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The thread of each operation of an execution, in their order.
///
/// ```
/// use pagelock::trace::{Schedule, ThreadId};
///
/// let schedule = Schedule::from([0, 0, 1]);
/// assert_eq!(schedule.len(), 3);
/// assert_eq!(schedule.prefix(2), Schedule::from([0, 0]));
/// assert_eq!(schedule.last(), Some(&ThreadId::new(1)));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(inline))]
#[serde(transparent)]
pub struct Schedule(Vec<ThreadId>);

impl Schedule {
    /// One more operation.
    pub fn push(&mut self, thread: ThreadId) {
        self.0.push(thread);
    }

    /// Its first operations, or all if it has not so many.
    #[must_use]
    pub fn prefix(&self, operations: usize) -> Self {
        self.iter().copied().take(operations).collect()
    }

    /// This schedule, and one more operation.
    #[must_use]
    pub fn then(&self, thread: ThreadId) -> Self {
        self.iter().copied().chain([thread]).collect()
    }
}

impl Deref for Schedule {
    type Target = [ThreadId];

    fn deref(&self) -> &[ThreadId] {
        &self.0
    }
}

impl FromIterator<ThreadId> for Schedule {
    fn from_iter<I: IntoIterator<Item = ThreadId>>(threads: I) -> Self {
        Self(threads.into_iter().collect())
    }
}

impl<const N: usize> From<[u8; N]> for Schedule {
    fn from(threads: [u8; N]) -> Self {
        threads.into_iter().map(ThreadId).collect()
    }
}

impl From<Vec<u8>> for Schedule {
    fn from(threads: Vec<u8>) -> Self {
        threads.into_iter().map(ThreadId).collect()
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'s> IntoIterator for &'s Schedule {
    type Item = &'s ThreadId;
    type IntoIter = std::slice::Iter<'s, ThreadId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

//! An operation of a thread, as the graph of states names it.

use crate::engine::execution::thread::ThreadState;
use std::hash::Hash;

/// An operation of a thread: an acquisition, a step, or a wait that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The function of the mirrored system that it stands for, `lock_page`.
    pub function: &'static str,
    /// The function that it is called from, if the thread has entered one.
    pub caller: Option<&'static str>,
    /// Whether the thread holds a lock when it comes there.
    pub locked: bool,
}

impl Operation {
    /// The operation that a thread is at.
    pub(crate) fn of(thread: &ThreadState) -> Self {
        Self {
            function: thread.pending.name,
            caller: thread.stack.last().map(|function| function.name),
            locked: !thread.holds.is_empty(),
        }
    }
}

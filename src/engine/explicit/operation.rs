//! An operation of a thread, as the graph of states names it.

use crate::engine::execution::thread::ThreadState;
use std::hash::Hash;

/// An operation of a thread: an acquisition, a step, or a wait that ends.
///
/// The same function under a lock and without it are two operations:
/// ```
/// use pagelock::engine::{Encoding, Function, World, merges};
/// use std::sync::Arc;
///
/// const ENTRY: Function = Function::new("sys_write", "fs/read_write.c");
/// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
/// const GROW: Function = Function::new("i_size_write", "include/linux/fs.h");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let (lock, size) = (world.lock("i_mutex", "i_mutex", ()), world.cell("i_size", 0));
///     world.thread("writer", move |task| {
///         let _entry = task.enter(ENTRY);
///         let _locked = task.acquire(&lock, LOCK)?;
///         task.step(&size, GROW, |size: &mut u8| *size += 1)
///     });
/// });
/// let found = merges(&model).unwrap();
/// let (acquires, grows) = found.hidden.keys().next().unwrap();
/// assert_eq!((acquires.function, acquires.caller, acquires.locked), ("mutex_lock", Some("sys_write"), false));
/// assert_eq!((grows.function, grows.locked), ("i_size_write", true));
/// ```
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

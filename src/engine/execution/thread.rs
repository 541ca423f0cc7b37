//! The state of a thread: where it is, what it holds, what it waits for and what it has observed.

use crate::engine::execution::function::Function;
use crate::engine::execution::hash::Digest;
use crate::engine::execution::ids::ObjectId;
use crate::trace::ThreadId;
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

/// What a thread is about to do, or can no longer do.
#[derive(Clone)]
pub(crate) enum Status {
    /// Spawned, and on its way to its first operation.
    Starting,
    /// Executing local code: at most one thread at a time.
    Running,
    /// At the door of a lock.
    Acquiring(ObjectId),
    /// At the door of a step that needs no condition.
    Stepping,
    /// Waiting for a condition on an object.
    Awaiting(Awaiting),
    /// Has closed a cycle, which is recorded; goes nowhere.
    Doomed,
    /// Has left the system for good while it still holds something.
    Left,
    /// Has returned.
    Finished,
}

/// Whether the condition of a wait holds now.
pub(crate) type Ready = Arc<dyn Fn() -> bool + Send + Sync>;

/// Passes the names of the threads that have to act on to its argument.
pub(crate) type Names = Arc<dyn Fn(&mut dyn FnMut(&'static str)) + Send + Sync>;

/// The threads without which a wait does not end: each of them has to act.
#[derive(Clone)]
pub(crate) enum WokenBy {
    /// Any thread may end it.
    AnyThread,
    /// Always this one.
    Thread(ThreadId),
    /// The threads that the object names at the time, if it names any.
    Named(Names),
}

/// A wait for a condition.
#[derive(Clone)]
pub(crate) struct Awaiting {
    pub(crate) object: ObjectId,
    /// The event in the encoding's words, `commit of T2`.
    pub(crate) what: Cow<'static, str>,
    /// The threads without which it does not come about, if there are any.
    pub(crate) by: WokenBy,
    /// The wait is an acquisition of the object, whose class this is in the lock order; empty if it is none.
    pub(crate) class: &'static str,
    /// The thread waits for work: it may do so without end.
    pub(crate) idle: bool,
    /// Whether the condition holds now.
    pub(crate) ready: Ready,
}

/// An operation that a thread is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PendingOperation {
    pub(crate) function: Function,
    pub(crate) object: ObjectId,
    pub(crate) at: &'static Location<'static>,
}

/// The operations that a thread repeats at the end of what it has done: the shortest sequence that is there three
/// times; without one, its last operation.
pub(crate) fn repeated(operations: &[PendingOperation]) -> Vec<PendingOperation> {
    let end = operations.len();
    let repeats = |length: &usize| {
        let last = &operations[end - length..];
        let before = |times: usize| &operations[end - times * length..end - (times - 1) * length];
        before(2) == last && before(3) == last
    };
    let length = (1..=end / 3).find(repeats).unwrap_or(1.min(end));
    let mut repeated = operations[end - length..].to_vec();
    // A loop begins at its first place in the source.
    let first = (0..length).min_by_key(|place| {
        let at = repeated[*place].at;
        (at.file(), at.line(), at.column())
    });
    repeated.rotate_left(first.unwrap_or_default());
    repeated
}

/// A thread as the execution state see it.
#[derive(Clone)]
pub(crate) struct ThreadState {
    pub(crate) name: &'static str,
    pub(crate) status: Status,
    /// Objects held, in the order in which they were taken.
    pub(crate) holds: Vec<ObjectId>,
    /// The functions that the thread is in, outermost first.
    pub(crate) stack: Vec<Function>,
    /// The function of the operation that the thread is at.
    pub(crate) pending: Function,
    /// Where in the encoding the operation is that the thread is at, or has taken.
    pub(crate) at: Option<&'static Location<'static>>,
    /// That operation; nothing before the first.
    pub(crate) operation: Option<PendingOperation>,
    /// What that operation waits for, if it is a wait; whether or not that holds.
    pub(crate) waits: Option<Awaiting>,
    /// Cover points that a wait for a lock reaches now: see [`Task::covering_waits`](crate::model::Task::covering_waits).
    pub(crate) covered_waits: Vec<CoveredWait>,
    /// The thread has failed an assertion or left: what it drops now, it drops on its way out.
    pub(crate) halted: bool,
    /// Everything that the thread has observed in its operations. Where it is and what its variables
    /// hold is a function of that.
    pub(crate) observed: Digest,
    /// The properties that the thread has found broken since its last operation.
    pub(crate) reported: Digest,
    /// The operation that first returned `Halt`, if there was one.
    pub(crate) halted_at: Option<PendingOperation>,
    /// How many operations have returned `Halt`.
    pub(crate) halts: u32,
}

/// A cover point that is reached where the thread waits for a lock of the class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CoveredWait {
    pub(crate) class: &'static str,
    /// Only if this thread holds it.
    pub(crate) holder: Option<&'static str>,
    pub(crate) point: &'static str,
}

/// How an arrival at an operation came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Go on, and wait there if need be.
    Proceed,
    /// This wait closes a cycle that can never open.
    Deadlock,
}

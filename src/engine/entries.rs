//! What the execution state hold of an object, of a thread and of a violation.

use super::hash::{Digest, Hasher128};
use super::model_error::PendingOperation;
use super::{Function, StableHasher};
use crate::trace::Cycle;
use std::borrow::Cow;
use std::hash::Hasher;
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
    Acquiring(usize),
    /// At the door of a step that needs no condition.
    Stepping,
    /// Waiting for a condition on an object.
    Awaiting(Awaiting),
    /// Has closed a cycle, which is on record; goes nowhere.
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
    Anybody,
    /// Always this one.
    Thread(usize),
    /// The threads that the object names at the time, if it names any.
    Named(Names),
}

/// Threads, as the bits of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Threads(u16);

impl Threads {
    /// One thread.
    pub(crate) fn one(thread: usize) -> Self {
        Self(1 << thread)
    }

    pub(crate) fn insert(&mut self, thread: usize) {
        self.0 |= Self::one(thread).0;
    }

    pub(crate) fn contains(self, thread: usize) -> bool {
        self.0 & Self::one(thread).0 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of them that are not among others.
    pub(crate) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Each of them, in their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        (0..16).filter(move |thread| self.contains(*thread))
    }
}

/// A wait for a condition.
#[derive(Clone)]
pub(crate) struct Awaiting {
    pub(crate) object: usize,
    /// The event in the encoding's words, `commit of T2`.
    pub(crate) what: Cow<'static, str>,
    /// The threads without which it does not come about, if there are any.
    pub(crate) by: WokenBy,
    /// The wait is an acquisition of the object, whose class this is in the lock order; empty if it is none.
    pub(crate) class: &'static str,
    /// The thread waits for work: it may do so for ever.
    pub(crate) idle: bool,
    /// Whether the condition holds now.
    pub(crate) ready: Ready,
}

/// Shows a value to a reader of a trace.
pub(crate) type Show = Box<dyn Fn() -> String + Send + Sync>;

/// Feeds a value to a hasher.
pub(crate) type Hash = Box<dyn Fn(&mut dyn Hasher) + Send + Sync>;

/// A shared object as the execution state see it.
pub(crate) struct ObjectState {
    pub(crate) name: String,
    /// The name that it was made under, if it has another one now.
    pub(crate) made_as: Option<String>,
    /// The class that its lock order belongs to, `page lock`.
    pub(crate) class: &'static str,
    /// Whether it is a lock, and no cell.
    pub(crate) is_lock: bool,
    pub(crate) holder: Option<usize>,
    /// The function that gives it up, if the holder has named one.
    pub(crate) released_by: Option<Function>,
    /// Feeds the value to a hasher.
    pub(crate) hash: Hash,
    /// Shows the value.
    pub(crate) show: Show,
    /// The digest of the value, if it was asked for since the value was last touched.
    pub(crate) digest: Option<u128>,
    /// Every thread that has taken an operation on it, in order.
    pub(crate) visits: Digest,
}

impl ObjectState {
    /// The name that it was made under.
    pub(crate) fn first_name(&self) -> &str {
        self.made_as.as_ref().unwrap_or(&self.name)
    }

    /// The hash of the value that an outcome is made of.
    pub(crate) fn stable_hash(&self) -> u64 {
        let mut hasher = StableHasher::new();
        (self.hash)(&mut hasher);
        hasher.finish()
    }

    /// The digest of the value.
    pub(crate) fn digest(&mut self) -> u128 {
        let hash = &self.hash;
        *self.digest.get_or_insert_with(|| {
            let mut hasher = Hasher128::new();
            hash(&mut hasher);
            Digest::finish(hasher).0
        })
    }
}

/// A thread as the execution state see it.
#[derive(Clone)]
pub(crate) struct ThreadState {
    pub(crate) name: &'static str,
    pub(crate) status: Status,
    /// Objects held, in the order in which they were taken.
    pub(crate) holds: Vec<usize>,
    /// The functions that the thread is in, outermost first.
    pub(crate) stack: Vec<Function>,
    /// The function of the operation that the thread is at.
    pub(crate) pending: Function,
    /// Where in the encoding the operation stands that the thread is at, or has taken.
    pub(crate) at: Option<&'static Location<'static>>,
    /// That operation; nothing before the first.
    pub(crate) comes: Option<PendingOperation>,
    /// What that operation waits for, if it is a wait; whether or not that holds.
    pub(crate) waits: Option<Awaiting>,
    /// Marks that a wait for a lock reaches now: see [`Task::marking_waits`](super::Task::marking_waits).
    pub(crate) wait_marks: Vec<WaitMark>,
    /// The thread has failed an assertion or left: what it drops now, it drops on its way out.
    pub(crate) halted: bool,
    /// Everything that the thread has learnt from its operations. Where it is and what its variables
    /// hold is a function of that.
    pub(crate) observed: Digest,
    /// The properties that the thread has found broken since its last operation.
    pub(crate) reported: Digest,
    /// The operation at which it was first told that the execution is over, if it had come to one.
    pub(crate) halted_at: Option<PendingOperation>,
    /// How often it was told.
    pub(crate) acknowledge_halt: u32,
}

/// A mark that is reached where the thread waits for a lock of the class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WaitMark {
    pub(crate) class: &'static str,
    /// Only if this thread holds it.
    pub(crate) holder: Option<&'static str>,
    pub(crate) mark: &'static str,
}

/// A property that an execution violated.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) property: Cow<'static, str>,
    pub(crate) message: String,
    pub(crate) cycle: Option<Cycle>,
    /// Cycles that closed later in the same execution, among other threads.
    pub(crate) more_cycles: Vec<Cycle>,
    /// Operations executed before it.
    pub(crate) at: usize,
}

/// How an arrival at an operation came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Go on, and wait there if need be.
    Proceed,
    /// This wait closes a cycle that can never open.
    Deadlock,
}

/// Objects, as the bits of a word: the last bit stands for all objects that have no bit of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Objects(pub(crate) u64);

impl Objects {
    pub(crate) const LAST: usize = 63;

    /// One object.
    pub(crate) fn one(object: usize) -> Self {
        Self(1 << object.min(Self::LAST))
    }

    pub(crate) fn insert(&mut self, object: usize) {
        self.0 |= Self::one(object).0;
    }

    pub(crate) fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    pub(crate) fn contains(self, object: usize) -> bool {
        self.0 & Self::one(object).0 != 0
    }
}

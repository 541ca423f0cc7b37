//! Shared objects: locks, cells, and what they hold.

use crate::engine::execution::access::AccessTracker;
use crate::engine::execution::backend::{Exclusion, Taken};
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::word::Word;
use std::fmt;
use std::hash::Hash;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

/// What a shared object holds: it can be hashed (for outcomes and for an explicit-state search) and shown
/// in a trace.
///
/// A user-defined type, which every engine shows in its own words:
///
/// ```
/// use pagelock::engine::replay;
/// use pagelock::model::{Encoding, Function, State, World};
/// use pagelock::trace::Schedule;
/// use std::sync::Arc;
///
/// const PUT: Function = Function::new("put", "a.c");
///
/// #[derive(Hash)]
/// struct Slot(Option<u8>);
///
/// impl State for Slot {
///     fn show(&self) -> String {
///         self.0.map_or("empty".to_string(), |item| format!("item {item}"))
///     }
/// }
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let slot = world.cell("slot", Slot(None));
///     world.thread("one", move |task| task.step(&slot, PUT, |slot| slot.0 = Some(7)));
/// });
/// let run = replay(&model, &Schedule::default()).unwrap();
/// assert_eq!(run.events[0].change, Some(("empty".to_string(), "item 7".to_string())));
/// ```
pub trait State: Hash + Send + 'static {
    /// The value as a reader of a trace should see it; two values that differ to a thread should
    /// look different.
    fn show(&self) -> String;

    /// The words of the mirrored system's memory that the value is, for
    /// [`multi_word_steps`](crate::engine::multi_word_steps). Without an implementation of its own, a word is what the
    /// value's [`Hash`] feeds to a hasher at a time: with a derived one each field, and the length of each list; they are called by letters.
    fn words(&self) -> Vec<Word> {
        Word::hashed(self)
    }
}

impl State for () {
    fn show(&self) -> String {
        String::new()
    }
}

macro_rules! state_by_display {
    ($($kind:ty),*) => {$(
        impl State for $kind {
            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

state_by_display!(bool, u8, u16, u32, u64, usize, i32, i64);

/// A shared object: the engine's exclusion and the value.
pub(crate) struct Object<T> {
    pub(crate) id: ObjectId,
    /// The class of a lock, or of a cell that is acquired, in a lock order; empty otherwise.
    pub(crate) class: &'static str,
    /// Its mutual exclusion, where the backend has one.
    pub(crate) exclusion: Option<Arc<dyn Exclusion>>,
    pub(crate) value: Arc<Mutex<T>>,
    /// The execution state' note of who looks at objects.
    pub(crate) access: Arc<AccessTracker>,
}

impl<T> Object<T> {
    /// Takes the object, and waits until it is free.
    pub(crate) fn take(&self) -> Taken<'_> {
        self.exclusion.as_ref().map(|exclusion| exclusion.take())
    }

    /// The value. That it was looked at is noted for an explicit-state search.
    pub(crate) fn value(&self) -> MutexGuard<'_, T> {
        self.access.note(self.id);
        unpoisoned(&self.value)
    }

    fn peek<R: Hash>(&self, read: impl Fn(&T) -> R, at: &'static Location<'static>) -> R {
        self.access.peek(self.id, at);
        self.access.note(self.id);
        let value = match self.value.try_lock() {
            Ok(value) => value,
            Err(TryLockError::Poisoned(value)) => value.into_inner(),
            Err(TryLockError::WouldBlock) => panic!(
                "an object is read by `peek` within a step on it ({}:{}), whose own argument is the value",
                at.file(),
                at.line()
            ),
        };
        let result = read(&value);
        self.access.peeked(&result);
        result
    }
}

/// A lock that is acquired and held. Clones are the same lock.
///
/// A lock does not ask whether the thread that wants it has it already:
///
/// ```
/// use pagelock::engine::{NO_DEADLOCK, Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let lock = world.lock("lock", "mutex", ());
///     let same = lock.clone();
///     world.thread("one", move |task| {
///         let _held = task.acquire(&lock, LOCK)?;
///         task.acquire(&same, LOCK).map(drop)
///     });
/// });
/// let found = search(&model, &Strategy::ExplicitState).unwrap();
/// assert_eq!(found.finding(NO_DEADLOCK).unwrap().cycles[0].chain(), "one -> one");
/// ```
pub struct Lock<T>(pub(crate) Arc<Object<T>>);

/// A shared object that is touched by atomic steps only. Clones are the same object.
///
/// A step is atomic, and two steps are not. Here one of two increments gets lost:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const READ: Function = Function::new("read", "a.c");
/// const WRITE: Function = Function::new("write", "a.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let count = world.cell("count", 0_u8);
///     let end = count.clone();
///     for name in ["one", "two"] {
///         let count = count.clone();
///         world.thread(name, move |task| {
///             let seen = task.step(&count, READ, |count| *count)?;
///             task.step(&count, WRITE, move |count| *count = seen + 1)
///         });
///     }
///     world.finally(move |task| task.check("both", end.peek(|c| *c == 2), || "one is lost".into()));
/// });
/// assert!(search(&model, &Strategy::ExplicitState).unwrap().finding("both").is_some());
/// ```
pub struct Cell<T>(pub(crate) Arc<Object<T>>);

impl<T> Lock<T> {
    /// Reads the protected data from outside the program: in a check of
    /// [`finally`](super::World::finally), or for a [`Task::check`](super::Task::check) by the thread that
    /// holds the lock.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&T) -> R) -> R {
        self.0.peek(read, Location::caller())
    }
}

impl<T> Cell<T> {
    /// Reads the object from outside the program: in a check of [`finally`](super::World::finally), in an
    /// owner's closure, or for a [`Task::check`](super::Task::check) by the thread that has just taken a step
    /// on it. As of a step, the result is all that the thread observes. For a thread to read any other object is an
    /// error of the model ([`SearchError::ReadOutsideStep`](crate::engine::SearchError::ReadOutsideStep)).
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&T) -> R) -> R {
        self.0.peek(read, Location::caller())
    }
}

impl<T> Clone for Lock<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Clone for Cell<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lock({})", self.0.id.index())
    }
}

impl<T> fmt::Debug for Cell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.0.id.index())
    }
}

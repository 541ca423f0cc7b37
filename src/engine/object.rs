//! Shared objects: locks, cells, and what they hold.

use super::looks::Looks;
use super::raw::Raw;
use super::world::unpoisoned;
use std::fmt;
use std::hash::Hash;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard};

/// What a shared object holds: it can be hashed (for outcomes and for a stateful search) and shown
/// in a trace.
pub trait State: Hash + Send + 'static {
    /// The value as a reader of a trace should see it; two values that differ to a thread should
    /// look different.
    fn show(&self) -> String;
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
    pub(crate) id: usize,
    pub(crate) raw: Arc<Raw>,
    pub(crate) value: Arc<Mutex<T>>,
    /// The books' note of who looks at objects.
    pub(crate) looks: Arc<Looks>,
}

impl<T> Object<T> {
    /// The value. That it was looked at is noted for a stateful search.
    pub(crate) fn value(&self) -> MutexGuard<'_, T> {
        self.looks.note(self.id);
        unpoisoned(&self.value)
    }
}

/// A lock that is acquired and held. Clones are the same lock.
pub struct Lock<T>(pub(crate) Arc<Object<T>>);

/// A shared object that is touched by atomic steps only. Clones are the same object.
pub struct Cell<T>(pub(crate) Arc<Object<T>>);

impl<T> Lock<T> {
    /// Reads the protected data from outside the program: in a check of
    /// [`finally`](super::World::finally), or for a [`Task::check`](super::Task::check) by the thread that
    /// holds the lock.
    #[track_caller]
    pub fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.0.looks.peek(self.0.id, Location::caller());
        read(&self.0.value())
    }
}

impl<T> Cell<T> {
    /// Reads the object from outside the program: in a check of [`finally`](super::World::finally), in an
    /// owner's closure, or for a [`Task::check`](super::Task::check) by the thread that has just taken a step
    /// on it. A thread learns nothing by it: what it does next must not depend on it. A thread that looks at
    /// any other object is a mistake
    /// ([`SearchError::ReadOutsideStep`](super::SearchError::ReadOutsideStep)).
    #[track_caller]
    pub fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.0.looks.peek(self.0.id, Location::caller());
        read(&self.0.value())
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
        write!(f, "Lock({})", self.0.id)
    }
}

impl<T> fmt::Debug for Cell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.0.id)
    }
}

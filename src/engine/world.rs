//! The world of one execution: its shared objects and its threads.

use super::books::{Books, ObjectBook, Objects, Status, ThreadBook};
use super::collect::{Collector, Recorder};
use super::hash::Digest;
use super::raw::{Raw, RawGuard};
use super::turns::Turns;
use super::{Function, Task, task::Halt};
use crate::trace::EventKind;
use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A concurrent program, built anew for each execution.
///
/// It must build the same objects and threads every time, and its threads may depend on nothing
/// but the values that their own operations return. Any `Fn(&mut World)` is an encoding.
pub trait Encoding: Send + Sync + 'static {
    /// Makes the objects and the threads of one execution.
    fn build(&self, world: &mut World);
}

impl<F: Fn(&mut World) + Send + Sync + 'static> Encoding for F {
    fn build(&self, world: &mut World) {
        self(world);
    }
}

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

/// Which kind of engine a world is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Loom,
    Shuttle,
}

type Body = Box<dyn FnOnce(&Task) -> Result<(), Halt> + Send>;
type Check = Box<dyn FnOnce(&Task) + Send>;

/// Makes the shared objects and the threads of one execution.
pub struct World {
    pub(crate) shared: Arc<Shared>,
    pub(crate) bodies: Vec<Body>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("threads", &self.bodies.len())
            .finish_non_exhaustive()
    }
}

/// Everything that the threads of one execution share.
pub(crate) struct Shared {
    pub(crate) kind: Kind,
    pub(crate) books: Mutex<Books>,
    pub(crate) raws: Mutex<Vec<Arc<Raw>>>,
    /// loom's handles, by which a thread that waits for a condition is woken.
    pub(crate) parked: Mutex<Vec<Option<::loom::thread::Thread>>>,
    /// The schedule that an execution under loom has to follow, if it is given one.
    pub(crate) turns: Option<Turns>,
    pub(crate) collector: Arc<Mutex<Collector>>,
    finally: Mutex<Option<Check>>,
}

impl Shared {
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        unpoisoned(&self.books)
    }

    pub(crate) fn take_finally(&self) -> Option<Check> {
        unpoisoned(&self.finally).take()
    }
}

/// Locks a mutex of our own. It is poisoned only if an encoding panicked, which ends the search
/// with an error of its own.
pub(crate) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(kind: Kind, collector: &Arc<Mutex<Collector>>, record: bool) -> Self {
        let books = Books {
            recorder: record.then(Recorder::default),
            ..Books::default()
        };
        let shared = Shared {
            kind,
            books: Mutex::new(books),
            raws: Mutex::default(),
            parked: Mutex::default(),
            turns: None,
            collector: Arc::clone(collector),
            finally: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
            bodies: Vec::new(),
        }
    }

    /// Makes a lock that is acquired and held, with the data that it protects.
    ///
    /// `class` names the place of the lock in a lock order (`page lock`); several locks may share
    /// it, and [`Task::holds`] asks for it.
    pub fn lock<T: State>(
        &self,
        name: impl Into<String>,
        class: &'static str,
        value: T,
    ) -> Lock<T> {
        Lock(self.object(name.into(), class, value))
    }

    /// Makes an object that is touched by atomic steps only.
    pub fn cell<T: State>(&self, name: impl Into<String>, value: T) -> Cell<T> {
        Cell(self.object(name.into(), "", value))
    }

    /// Says who has to bring an event about, whether or not anybody waits for it: `owner` looks at
    /// objects by [`Cell::peek`], and names a thread or nobody. A lock order then has the event as held
    /// by that thread. `what` is the name that a [`Wait`](super::Wait) for it has.
    pub fn owed(
        &self,
        what: impl Into<Cow<'static, str>>,
        owner: impl Fn() -> Option<&'static str> + Send + Sync + 'static,
    ) {
        self.shared
            .books()
            .owed
            .push((what.into(), Box::new(owner)));
    }

    /// Adds a thread. Threads run in any order; names must differ.
    pub fn thread(
        &mut self,
        name: impl Into<String>,
        body: impl FnOnce(&Task) -> Result<(), Halt> + Send + 'static,
    ) {
        self.shared.books().threads.push(ThreadBook {
            name: name.into(),
            status: Status::Starting,
            holds: Vec::new(),
            stack: Vec::new(),
            pending: Function::new("", ""),
            at: None,
            wait_marks: Vec::new(),
            halted: false,
            seen: Digest::new(),
        });
        self.bodies.push(Box::new(body));
    }

    /// Sets the check that runs once, after the last thread has returned. It does not run where
    /// an execution ends in a deadlock, or where a thread has left for good
    /// ([`Task::leave`]): then somebody never returns. It may read objects with [`Cell::peek`] and
    /// [`Lock::peek`].
    pub fn finally(&mut self, check: impl FnOnce(&Task) + Send + 'static) {
        *unpoisoned(&self.shared.finally) = Some(Box::new(check));
    }

    fn object<T: State>(&self, name: String, class: &'static str, value: T) -> Arc<Object<T>> {
        let raw = Arc::new(match self.shared.kind {
            Kind::Loom => Raw::Loom(::loom::sync::Mutex::new(())),
            Kind::Shuttle => Raw::Announced,
        });
        unpoisoned(&self.shared.raws).push(Arc::clone(&raw));
        let value = Arc::new(Mutex::new(value));
        let (hashed, shown) = (Arc::clone(&value), Arc::clone(&value));
        let mut books = self.shared.books();
        books.objects.push(ObjectBook {
            name,
            made_as: None,
            class,
            holder: None,
            released_by: None,
            hash: Box::new(move |mut hasher| unpoisoned(&hashed).hash(&mut hasher)),
            show: Box::new(move || unpoisoned(&shown).show()),
            digest: None,
            visits: Digest::new(),
        });
        Arc::new(Object {
            id: books.objects.len() - 1,
            raw,
            value,
            looked_at: Arc::clone(&books.looked_at),
        })
    }
}

/// A shared object: the engine's exclusion and the value.
pub(crate) struct Object<T> {
    pub(crate) id: usize,
    pub(crate) raw: Arc<Raw>,
    pub(crate) value: Arc<Mutex<T>>,
    /// The books' note of the objects that were looked at.
    looked_at: Arc<AtomicU64>,
}

impl<T> Object<T> {
    /// The value. That it was looked at is noted for a stateful search.
    pub(crate) fn value(&self) -> MutexGuard<'_, T> {
        let one = Objects::one(self.id);
        self.looked_at.fetch_or(one.0, Ordering::Relaxed);
        unpoisoned(&self.value)
    }
}

/// A lock that is acquired and held. Clones are the same lock.
pub struct Lock<T>(pub(crate) Arc<Object<T>>);

/// A shared object that is touched by atomic steps only. Clones are the same object.
pub struct Cell<T>(pub(crate) Arc<Object<T>>);

impl<T> Lock<T> {
    /// Reads the protected data from outside the program, in a check of
    /// [`finally`](World::finally).
    pub fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.value())
    }
}

impl<T> Cell<T> {
    /// Reads the object from outside the program, in a check of [`finally`](World::finally), or for a
    /// [`Task::check`] right there. A thread learns nothing by it: what it does next must not depend on it.
    pub fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
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

/// A held lock. Dropping it releases the lock; [`release`](Guard::release) does so under a name.
#[must_use = "a guard that is dropped at once holds nothing"]
pub struct Guard<'l, T> {
    pub(crate) object: &'l Object<T>,
    pub(crate) task: Task,
    pub(crate) unlock: Option<Function>,
    /// The function that took the lock, and the frame that it took it in.
    pub(crate) taken: (Function, Option<Function>),
    pub(crate) _raw: RawGuard<'l>,
}

impl<T> Guard<'_, T> {
    /// Reads the protected data. Not a step of its own: nobody else can touch it. As of a step, the result
    /// is all that the thread learns.
    pub fn read<R: Hash>(&self, read: impl Fn(&T) -> R + Copy + 'static) -> R {
        let result = read(&self.object.value());
        self.task.learn(&result);
        result
    }

    /// Changes the protected data. Not a step of its own: nobody else can see it yet. As of a step, the
    /// result is all that the thread learns.
    pub fn update<R: Hash>(&mut self, update: impl Fn(&mut T) -> R + Copy + 'static) -> R
    where
        T: State,
    {
        let recording = self.task.shared.books().recorder.is_some();
        let (result, change) = {
            let mut value = self.object.value();
            let before = recording.then(|| value.show());
            let result = update(&mut value);
            (result, before.map(|before| (before, value.show())))
        };
        self.task.shared.books().objects[self.object.id].digest = None;
        self.task.learn(&result);
        if let Some((before, after)) = change.filter(|(before, after)| before != after) {
            let mut books = self.task.shared.books();
            let frame = books.threads[self.task.id].stack.last().copied();
            let (function, taken_in) = self.taken;
            // A lock that one function takes for another is changed by that other one.
            let function = frame.filter(|_| frame != taken_in).unwrap_or(function);
            let (thread, object) = (self.task.id, Some(self.object.id));
            books.record(
                thread,
                object,
                EventKind::Update,
                function,
                Some((before, after)),
            );
        }
        result
    }

    /// Gives the lock another name in traces and in wait-for cycles, from here on: `commit of T1`
    /// says more than `transaction` to whoever waits for it.
    pub fn show_as(&self, name: impl Into<String>) {
        self.task
            .shared
            .books()
            .rename(self.task.id, self.object.id, name.into());
    }

    /// Names the function that gives the lock up: traces show it when the guard is dropped, and
    /// whoever waits for the lock waits for it.
    pub fn unlocked_by(mut self, function: Function) -> Self {
        self.unlock = Some(function);
        let mut books = self.task.shared.books();
        books.released_by(self.object.id, function);
        drop(books);
        self
    }

    /// Releases the lock.
    pub fn release(self) {
        drop(self);
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // Bookkeeping only. The engine's own guard is dropped after this and is not a visible
        // operation either, so that a guard may go while a thread unwinds.
        let (shared, thread) = (&self.task.shared, self.task.id);
        let (taken_by, _) = self.taken;
        (shared.books()).released(thread, self.object.id, self.unlock, taken_by);
    }
}

impl<T> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard({})", self.object.id)
    }
}

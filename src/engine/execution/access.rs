//! Which objects are read outside of operations, and whether they may be.
//!
//! A thread may read the object of the operation that it has just taken, and what its locks protect: no other thread
//! can have changed it. What another object holds at that moment is no part of the operation. An engine that orders
//! operations by the objects that they are on need not try the other order, so a property that reads there may hold in
//! every execution that is run, and be violated in one that is not. The guard of a wait may read its own object alone,
//! for the same reason: a wait is looked at again when that object changes.

use crate::engine::execution::hash::Digest;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::sets::Objects;
use crate::trace::ThreadId;
use std::hash::Hash;
use std::panic::Location;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

type At = &'static Location<'static>;

/// A name or a read that is none of the model's, seen where there is no thread to end.
#[derive(Debug, Clone)]
pub(crate) enum InvalidAccess {
    /// The running thread has read an object outside of a step.
    Read(ObjectId, At),
    /// The guard of a thread's wait has read another object than its own.
    Guard {
        thread: ThreadId,
        object: ObjectId,
        at: At,
    },
    /// A thread of this name is to end something, and there is none.
    Thread { name: &'static str, what: String },
}

impl InvalidAccess {
    /// Whether it shows where the engine evaluates something, and not where a thread runs.
    pub(crate) fn is_the_engines(&self) -> bool {
        !matches!(self, Self::Read(..))
    }
}

/// Any object may be read by an owner's closure, and none by the guard of a wait.
const NORMAL: u8 = u8::MAX;

const OWNER: u8 = u8::MAX - 1;

/// The reads of objects in one execution.
#[derive(Debug)]
pub(crate) struct AccessTracker {
    /// The objects that were read or changed.
    objects: AtomicU64,
    /// What reads now: the guard of this thread's wait, an owner's closure, or anything else.
    reader: AtomicU8,
    /// The objects that the running thread may read; `None` where no thread runs, and everything may be read.
    open: Mutex<Option<Vec<ObjectId>>>,
    invalid: Mutex<Option<InvalidAccess>>,
    /// What the running thread has read since its last operation.
    peeked: Mutex<Digest>,
}

impl Default for AccessTracker {
    fn default() -> Self {
        Self {
            objects: AtomicU64::default(),
            reader: AtomicU8::new(NORMAL),
            open: Mutex::default(),
            invalid: Mutex::default(),
            peeked: Mutex::new(Digest::new()),
        }
    }
}

impl AccessTracker {
    /// An object is read or changed.
    pub(crate) fn note(&self, object: ObjectId) {
        let one = Objects::one(object);
        self.objects.fetch_or(one.0, Ordering::Relaxed);
    }

    /// The objects that were read or changed since this was asked before.
    pub(crate) fn touched(&self) -> Objects {
        Objects(self.objects.swap(0, Ordering::Relaxed))
    }

    /// An object is read from outside of a step.
    pub(crate) fn peek(&self, object: ObjectId, at: At) {
        match self.reader.load(Ordering::Relaxed) {
            OWNER => {}
            NORMAL => {
                let open = unpoisoned(&self.open);
                if open.as_ref().is_some_and(|open| !open.contains(&object)) {
                    self.record_invalid(InvalidAccess::Read(object, at));
                }
            }
            thread => self.record_invalid(InvalidAccess::Guard {
                thread: ThreadId::new(usize::from(thread)),
                object,
                at,
            }),
        }
    }

    /// What was read is a part of what the running thread has observed.
    pub(crate) fn peeked(&self, result: &impl Hash) {
        let reads = self.reader.load(Ordering::Relaxed) == NORMAL;
        if reads && unpoisoned(&self.open).is_some() {
            unpoisoned(&self.peeked).add(result);
        }
    }

    /// What the running thread has read since this was asked before, if anything.
    pub(crate) fn take_peeked(&self) -> Option<u128> {
        let peeked = std::mem::take(&mut *unpoisoned(&self.peeked));
        (peeked != Digest::new()).then_some(peeked.0)
    }

    /// Evaluates the guard of a thread's wait.
    pub(crate) fn guard(&self, thread: ThreadId, guard: impl FnOnce() -> bool) -> bool {
        // There are a handful of threads.
        self.as_reader(u8::try_from(thread.index()).unwrap_or(OWNER), guard)
    }

    /// Evaluates an owner's closure.
    pub(crate) fn owner<R>(&self, owner: impl FnOnce() -> R) -> R {
        self.as_reader(OWNER, owner)
    }

    fn as_reader<R>(&self, reader: u8, read: impl FnOnce() -> R) -> R {
        let before = self.reader.swap(reader, Ordering::Relaxed);
        // Where it panics the execution is over.
        let result = read();
        self.reader.store(before, Ordering::Relaxed);
        result
    }

    /// A thread runs from here on, which may read these objects.
    pub(crate) fn open(&self, objects: impl IntoIterator<Item = ObjectId>) {
        let mut open = unpoisoned(&self.open);
        let open = open.get_or_insert_default();
        open.clear();
        open.extend(objects);
    }

    /// Each object that the running thread may read.
    pub(crate) fn each_open(&self, each: impl FnMut(ObjectId)) {
        let open = unpoisoned(&self.open);
        open.iter().flatten().copied().for_each(each);
    }

    /// No thread runs from here on.
    pub(crate) fn close(&self) {
        *unpoisoned(&self.open) = None;
    }

    /// An invalid access: the first is kept.
    pub(crate) fn record_invalid(&self, invalid: InvalidAccess) {
        unpoisoned(&self.invalid).get_or_insert(invalid);
    }

    /// What has shown since this was asked before.
    pub(crate) fn take_invalid(&self) -> Option<InvalidAccess> {
        unpoisoned(&self.invalid).take()
    }
}

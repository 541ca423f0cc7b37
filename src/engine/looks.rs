//! Who looks at an object, and whether it may.
//!
//! A thread may look at the object of the operation that it has just taken, and at what its locks
//! protect: nobody else comes between. What another object holds at that moment is no part of the
//! operation. An engine that orders operations by the objects that they are on need not try the other
//! order, so a property that looks there may hold in every execution that is run, and be broken in one
//! that is not.

use super::books::{Books, Objects};
use super::error::SearchError;
use super::world::unpoisoned;
use crate::trace::Source;
use std::panic::Location;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// An object that a thread has looked at and may not, and where.
pub(crate) type Stray = (usize, &'static Location<'static>);

/// The looks at objects in one execution.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// The objects that were looked at.
    objects: AtomicU64,
    /// The objects that the running thread may look at; `None` where no thread runs, and everything may be
    /// looked at.
    open: Mutex<Option<Vec<usize>>>,
    stray: Mutex<Option<Stray>>,
}

impl Looks {
    /// An object was looked at, by whomever.
    pub(crate) fn note(&self, object: usize) {
        let one = Objects::one(object);
        self.objects.fetch_or(one.0, Ordering::Relaxed);
    }

    /// The objects that were looked at since this was asked before.
    pub(crate) fn touched(&self) -> Objects {
        Objects(self.objects.swap(0, Ordering::Relaxed))
    }

    /// An object is looked at from outside of a step.
    pub(crate) fn peek(&self, object: usize, at: &'static Location<'static>) {
        let open = unpoisoned(&self.open);
        if open.as_ref().is_some_and(|open| !open.contains(&object)) {
            unpoisoned(&self.stray).get_or_insert((object, at));
        }
    }

    /// A thread runs from here on, which may look at these objects.
    pub(crate) fn open(&self, objects: impl IntoIterator<Item = usize>) {
        let mut open = unpoisoned(&self.open);
        let open = open.get_or_insert_default();
        open.clear();
        open.extend(objects);
    }

    /// Each object that the running thread may look at.
    pub(crate) fn each_open(&self, each: impl FnMut(usize)) {
        let open = unpoisoned(&self.open);
        open.iter().flatten().copied().for_each(each);
    }

    /// No thread runs from here on.
    pub(crate) fn close(&self) {
        *unpoisoned(&self.open) = None;
    }

    /// The first look that was none of the running thread's business.
    pub(crate) fn take_stray(&self) -> Option<Stray> {
        unpoisoned(&self.stray).take()
    }
}

impl Books {
    /// What is wrong where a thread has looked at an object outside of a step.
    pub(crate) fn read_outside(
        &self,
        thread: usize,
        object: usize,
        at: &'static Location<'static>,
    ) -> SearchError {
        SearchError::ReadOutsideStep {
            spot: self.spot(thread).into(),
            object: self.objects[object].first_name().to_string(),
            at: Source::from(at),
        }
    }
}

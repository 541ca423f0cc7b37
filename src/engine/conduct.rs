//! What threads have done, held against what they do when they know the same again.
//!
//! Every engine leans on it that a thread's next operation is a function of what its operations have
//! returned, and a step's effect one of that and of what the object holds: loom when it leaves out orders
//! that make no difference, the stateful engine when it does not run a step again, a replay when it
//! follows a schedule. A static, a clock, or a variable that threads share behind the engine's back breaks
//! that. So each execution is compared with those before it.

use super::books::Books;
use super::collect::Collector;
use super::error::SearchError;
use super::hash::Digest;
use super::mistake::Comes;
use super::task::Task;
use super::world::unpoisoned;
use crate::trace::Source;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex};

/// A thread, and what it has learnt, as one digest.
fn place(thread: usize, learnt: Digest) -> Digest {
    let mut place = learnt;
    place.write_usize(thread);
    place
}

/// A thread; and a digest of what it had learnt and of what an object held before an operation.
pub(super) type Before = (usize, u128);

/// A table by digests, which need no hash of their own.
type ByDigest<T> = HashMap<u128, T, BuildHasherDefault<LowHalf>>;

/// Takes the low half of a digest for its hash.
#[derive(Debug, Default)]
struct LowHalf(u64);

impl Hasher for LowHalf {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, value: u128) {
        self.0 = Digest(value).finish();
    }
}

/// What was seen of the threads of a model in all executions of a search.
#[derive(Debug, Default)]
pub(crate) struct Conduct {
    /// The names of threads and objects, and what these hold at first.
    made: Option<u128>,
    /// The operation that follows; `None` where the thread returns.
    next: ByDigest<Option<Comes>>,
    /// By what the object holds: what it holds after the operation, and what the thread has learnt then.
    effects: ByDigest<(u128, u128)>,
    /// The properties found broken since the operation before, by what the objects hold that the thread
    /// has a hold of.
    said: ByDigest<u128>,
}

impl Conduct {
    /// A model was made.
    fn makes(&mut self, books: &mut Books) -> Result<(), SearchError> {
        let mut made = Digest::new();
        for thread in &books.threads {
            made.write(thread.name.as_bytes());
            made.write_u64(0);
        }
        for object in &mut books.objects {
            made.write(object.name.as_bytes());
            made.write_u128(object.digest());
        }
        match self.made.replace(made.0) {
            Some(before) if before != made.0 => Err(SearchError::Nondeterministic(
                "threads, objects or what these hold at first differ from those of the execution before"
                    .to_string(),
            )),
            _ => Ok(()),
        }
    }

    /// A thread has come to an operation, or to its end.
    fn comes(
        &mut self,
        books: &mut Books,
        thread: usize,
        next: Option<Comes>,
    ) -> Result<(), SearchError> {
        let place = place(thread, books.threads[thread].seen);
        let told = |comes: Option<Comes>| match comes {
            None => "returns".to_string(),
            Some(Comes {
                function,
                object,
                at,
            }) => {
                let (object, at) = (books.objects.get(object), Source::from(at));
                let object = object.map_or("another object", |object| object.first_name());
                let function = function.name;
                format!(
                    "comes to `{function}` of `{object}` ({}:{})",
                    at.file, at.line
                )
            }
        };
        match self.next.entry(place.0) {
            Entry::Vacant(entry) => {
                entry.insert(next);
            }
            Entry::Occupied(entry) if *entry.get() == next => (),
            Entry::Occupied(entry) => {
                return Err(SearchError::HiddenState {
                    spot: books.spot(thread).into(),
                    now: format!("it {}", told(next)),
                    before: format!("it {}", told(*entry.get())),
                });
            }
        }
        self.says(books, thread)
    }

    /// What a thread has found broken since this was asked before.
    fn says(&mut self, books: &mut Books, thread: usize) -> Result<(), SearchError> {
        let mut held = place(thread, books.threads[thread].seen);
        let said = std::mem::replace(&mut books.threads[thread].said, Digest::new()).0;
        let looks = Arc::clone(&books.looks);
        looks.each_open(|object| held.write_u128(books.objects[object].digest()));
        let before = *self.said.entry(held.0).or_insert(said);
        if before != said {
            return Err(SearchError::HiddenState {
                spot: books.spot(thread).into(),
                now: "it finds properties broken".to_string(),
                before: "it found others, or none".to_string(),
            });
        }
        Ok(())
    }

    /// A thread has taken an operation.
    fn takes(
        &mut self,
        books: &mut Books,
        object: usize,
        (thread, at): Before,
    ) -> Result<(), SearchError> {
        let after = (books.objects[object].digest(), books.threads[thread].seen.0);
        let before = *self.effects.entry(at).or_insert(after);
        if before == after {
            return Ok(());
        }
        let what = if before.0 == after.0 {
            "returned something else"
        } else {
            "left something else in it"
        };
        Err(SearchError::HiddenState {
            spot: books.spot(thread).into(),
            now: format!("it leaves {} there", (books.objects[object].show)()),
            before: format!("the same operation on the same value {what}"),
        })
    }
}

impl Task {
    /// Holds the operation that the thread comes to against what it did before, where it knew the same.
    pub(super) fn conduct(
        &self,
        books: &mut Books,
        next: Option<Comes>,
    ) -> Result<(), SearchError> {
        let mut collector = unpoisoned(&self.shared.collector);
        match &mut collector.conduct {
            Some(conduct) if !books.stopping => conduct.comes(books, self.id, next),
            _ => Ok(()),
        }
    }

    /// What the thread knows and what an object holds, where executions are compared.
    pub(super) fn before(&self, books: &mut Books, object: usize) -> Option<Before> {
        if !books.compared || books.stopping {
            return None;
        }
        let mut before = place(self.id, books.threads[self.id].seen);
        before.write_usize(object);
        before.write_u128(books.objects[object].digest());
        Some((self.id, before.0))
    }

    /// Holds the operation that the thread has taken against what it did before.
    pub(super) fn effect(
        &self,
        books: &mut Books,
        object: usize,
        before: Option<Before>,
    ) -> Result<(), SearchError> {
        let mut collector = unpoisoned(&self.shared.collector);
        match collector.conduct.as_mut().zip(before) {
            Some((conduct, before)) => conduct.takes(books, object, before),
            None => Ok(()),
        }
    }

    /// The same of what a lock protects, which is no operation of its own.
    pub(super) fn after(&self, object: usize, before: Option<Before>) {
        let effect = self.effect(&mut self.shared.books(), object, before);
        if let Err(mistake) = effect {
            // The next operation says so.
            let _ = self.mistaken(mistake);
        }
    }

    /// What the thread has found broken in a part that it is about to forget.
    pub(super) fn said(&self) {
        let mut books = self.shared.books();
        let mut collector = unpoisoned(&self.shared.collector);
        let said = match &mut collector.conduct {
            Some(conduct) if !books.stopping => conduct.says(&mut books, self.id),
            _ => Ok(()),
        };
        drop((books, collector));
        if let Err(mistake) = said {
            let _ = self.mistaken(mistake);
        }
    }
}

/// Holds a model that was made against the one before.
pub(super) fn makes(collector: &Mutex<Collector>, books: &mut Books) {
    let mut collector = unpoisoned(collector);
    let Some(conduct) = &mut collector.conduct else {
        return;
    };
    books.compared = true;
    if let Err(error) = conduct.makes(books) {
        books.mistaken(error);
        (books.stopping, books.pruned) = (true, true);
    }
}

//! What threads have done, held against what they do when they know the same again.
//!
//! Every engine leans on it that a thread's next operation is a function of what its operations have
//! returned, and a step's effect one of that and of what the object holds: loom when it leaves out orders
//! that make no difference, the stateful engine when it does not run a step again, a replay when it
//! follows a schedule. A static, a clock, or a variable that threads share behind the engine's back breaks
//! that. So each execution is compared with those before it.

use super::books::{Books, Objects};
use super::collect::Collector;
use super::error::SearchError;
use super::hash::{ByDigest, Digest};
use super::mistake::Comes;
use super::task::Task;
use super::world::unpoisoned;
use crate::trace::Source;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};

/// A thread, and what it has learnt, as one digest.
fn place(thread: usize, learnt: Digest) -> Digest {
    let mut place = learnt;
    place.add(&thread);
    place
}

/// A thread; and a digest of what it had learnt and of what an object held before an operation.
pub(super) type Before = (usize, u128);

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
    /// By the objects that the check at the end has read, and by what they held: what it has said.
    at_the_end: Vec<(Objects, ByDigest<u128>)>,
    /// By an object and the digest of a value of it: the digest of the words that it is shown in.
    shown: ByDigest<u128>,
}

impl Conduct {
    /// A model was made.
    fn makes(&mut self, books: &mut Books) -> Result<(), SearchError> {
        let mut made = Digest::new();
        for thread in &books.threads {
            made.add(thread.name);
        }
        for object in &mut books.objects {
            let value = object.digest();
            made.add(&(&object.name, value));
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
        let said = std::mem::take(&mut books.threads[thread].said).0;
        let looks = Arc::clone(&books.looks);
        looks.each_open(|object| held.add(&books.objects[object].digest()));
        let before = *self.said.entry(held.0).or_insert(said);
        if before != said {
            return Err(SearchError::HiddenState {
                spot: books.spot(thread).into(),
                now: "it finds properties violated, or reaches cover points".to_string(),
                before: "it found or reached others, or none".to_string(),
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

    /// The check at the end has run: whether it says the same wherever the objects that it reads hold the same.
    fn ends(&mut self, books: &mut Books) -> Result<(), SearchError> {
        let (read, said) = (books.read_at_the_end, books.said_at_the_end.0);
        let mut values = |objects: Objects| {
            let mut values = Digest::new();
            for (number, object) in books.objects.iter_mut().enumerate() {
                if objects.contains(number) {
                    values.add(&object.digest());
                }
            }
            values.0
        };
        // What it reads is a function of what it has read before: so where a known set of objects holds what is known, it
        // reads these objects again, and no others.
        for (objects, known) in &self.at_the_end {
            if known
                .get(&values(*objects))
                .is_some_and(|before| *before != said || *objects != read)
            {
                return Err(SearchError::CheckReadsHiddenState {
                    reads: books.object_names(read),
                    says: books
                        .violations
                        .iter()
                        .map(|one| one.property.to_string())
                        .collect(),
                });
            }
        }
        let values = values(read);
        let table = (self.at_the_end.iter()).position(|(objects, _)| *objects == read);
        let table = table.unwrap_or_else(|| {
            self.at_the_end.push((read, ByDigest::default()));
            self.at_the_end.len() - 1
        });
        self.at_the_end[table].1.entry(values).or_insert(said);
        Ok(())
    }

    /// An object has changed in an execution that is recorded: whether two values of it that are shown in different
    /// words have the same hash.
    pub(super) fn shows(&mut self, books: &mut Books, object: usize) -> Result<(), SearchError> {
        let book = &mut books.objects[object];
        let shown = (book.show)();
        let key = Digest::of(&(object, book.digest()));
        let words = Digest::of(shown.as_str());
        if *self.shown.entry(key).or_insert(words) == words {
            return Ok(());
        }
        Err(SearchError::HashOmits {
            object: book.first_name().to_string(),
            value: shown,
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
        before.add(&(object, books.objects[object].digest()));
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
        let Some((conduct, before)) = collector.conduct.as_mut().zip(before) else {
            return Ok(());
        };
        if books.recorder.is_some() || books.stateful {
            conduct.shows(books, object)?;
        }
        conduct.takes(books, object, before)
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

/// Compares what the check at the end has said with what it said in other executions.
pub(super) fn ends(collector: &Mutex<Collector>, books: &mut Books) {
    let mut collector = unpoisoned(collector);
    let Some(conduct) = &mut collector.conduct else {
        return;
    };
    if let Err(error) = conduct.ends(books) {
        books.mistaken(error);
    }
}

/// Compares a model that was made with the one before.
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

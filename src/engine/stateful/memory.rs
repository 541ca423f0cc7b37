//! What a stateful search remembers, so that it need not run a model to know what a thread does next.
//!
//! From one operation to the next, what a thread does is a function of what it has learnt, which is its
//! *place*, and of what the objects hold that it touches on the way. So a step that was run once is known
//! wherever the thread comes to the same place and these objects hold the same, whatever the other threads
//! and objects are up to. The same holds of the conditions of waits, of who an object names as the one to
//! end a wait, of who owes an event, and of the check at the end.

use super::graph::Graph;
use super::situation::Situation;
use crate::engine::Function;
use crate::engine::books::{Books, By, Objects, Status, ThreadBook, Threads, outcome};
use crate::engine::hash::ByDigest;
use crate::engine::merge::Operation;
use crate::engine::mistake::Spot;
use crate::engine::standing::Standing as _;
use crate::trace::Source;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// What follows from the values of some objects, by the digest of these values.
type Table<T> = ByDigest<(Box<[u32]>, T)>;

/// Something that follows from what some of the objects hold.
#[derive(Debug)]
pub(super) struct ByValues<T>(Vec<(Objects, Table<T>)>);

impl<T> Default for ByValues<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByValues<T> {
    pub(super) fn get(&self, situation: &Situation) -> Option<&T> {
        let tables = self.0.iter();
        let mut found = tables.filter_map(|(o, table)| table.get(&situation.digest_of(*o)));
        found.next().map(|(_, what)| what)
    }

    /// Whether any of it follows from what one of these objects holds.
    pub(super) fn reads(&self, changed: Objects) -> bool {
        self.0.iter().any(|(objects, _)| objects.meets(changed))
    }

    /// Everything that is known: the objects that were looked at, what each of them held, and what follows.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Objects, &[u32], &T)> {
        let tables = self.0.iter();
        tables.flat_map(|(objects, table)| {
            let entries = table.values();
            entries.map(|(values, what)| (*objects, &**values, what))
        })
    }

    /// `touched` are all objects that were looked at, and `situation` says what they held then.
    fn insert(&mut self, touched: Objects, situation: &Situation, what: T) {
        let place = self.0.iter().position(|(objects, _)| *objects == touched);
        let place = place.unwrap_or_else(|| {
            self.0.push((touched, ByDigest::default()));
            self.0.len() - 1
        });
        let values = situation.values_of(touched);
        self.0[place]
            .1
            .insert(situation.digest_of(touched), (values, what));
    }
}

/// What a step does: all of it, up to where the thread comes to its next operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Effect {
    /// Where the thread is then.
    pub(super) place: u32,
    pub(super) values: Vec<(usize, u32)>,
    pub(super) holders: Vec<(usize, u32)>,
    /// Of a lock, the name and the function that the step gives it. What it does not give stays what some
    /// earlier holder has given.
    labels: [Vec<(usize, u32)>; 2],
    /// The properties that the thread found broken.
    pub(super) violations: Vec<Cow<'static, str>>,
}

impl Effect {
    /// The state that a thread's step leads to.
    pub(super) fn of(&self, before: &Situation, thread: usize) -> Situation {
        let mut after = before.clone();
        after.set_place(thread, self.place);
        for (object, value) in &self.values {
            after.set_value(*object, *value);
        }
        for (object, holder) in &self.holders {
            after.set_raw_holder(*object, *holder);
        }
        for (half, labels) in self.labels.iter().enumerate() {
            for (object, label) in labels {
                after.set_label(*object, half, *label);
            }
        }
        after
    }
}

/// A thread that has learnt something.
pub(super) struct Place {
    pub(super) book: ThreadBook,
    /// The operation that it is at, in the graph's words.
    operation: u16,
    /// The object that its operation takes place on, once it was run.
    pub(super) object: Option<usize>,
    pub(super) steps: ByValues<Effect>,
    pub(super) ready: ByValues<bool>,
    pub(super) named: ByValues<Threads>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, at) = (&self.book.name, self.book.pending.name);
        write!(f, "Place({name} at {at})")
    }
}

#[derive(Debug, Default)]
pub(super) struct ObjectMemory {
    /// The name that it was made under.
    pub(super) name: String,
    pub(super) class: &'static str,
    /// Whether it is a lock, and no cell.
    pub(super) is_lock: bool,
    /// Each value, as a reader of a trace sees it.
    pub(super) shown: Vec<String>,
    known: ByDigest<u32>,
    /// The hash of each value that an outcome is made of.
    hashes: Vec<u64>,
}

/// Everything that was seen to happen.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) objects: Vec<ObjectMemory>,
    pub(super) places: Vec<Place>,
    /// By the thread, and what it has learnt; nothing matters to one that has returned.
    pub(super) known: HashMap<(usize, Option<u128>), u32>,
    /// What locks are called, and the functions that give them up.
    pub(super) names: Vec<String>,
    pub(super) releases: Vec<Option<Function>>,
    pub(super) owed: Vec<(Cow<'static, str>, ByValues<Option<usize>>)>,
    pub(super) finally: ByValues<Vec<Cow<'static, str>>>,
}

/// Numbers are given out one by one, and none is forgotten.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("fewer than 2^32 fit in memory")
}

impl Memory {
    /// The state that an execution is in. `Err` if a thread that has learnt the same is elsewhere now.
    pub(super) fn situation(
        &mut self,
        books: &mut Books,
        graph: &mut Graph,
    ) -> Result<Situation, String> {
        let values: Vec<u32> = (0..books.objects.len())
            .map(|object| self.value(object, books))
            .collect();
        let holder = |holder: Option<usize>| holder.map_or(0, |holder| number(holder + 1));
        let holders: Vec<u32> = (books.objects.iter()).map(|o| holder(o.holder)).collect();
        let places = (books.threads.iter().enumerate())
            .map(|(thread, book)| self.place(thread, book, graph))
            .collect::<Result<Vec<u32>, String>>()?;
        let labels: Vec<[u32; 2]> = (0..books.objects.len())
            .map(|object| self.label(books.label(object)))
            .collect();
        Ok(Situation::new(&values, &holders, &places, &labels))
    }

    fn value(&mut self, object: usize, books: &mut Books) -> u32 {
        let book = &mut books.objects[object];
        if self.objects.len() <= object {
            self.objects.push(ObjectMemory {
                name: book.first_name().to_string(),
                class: book.class,
                is_lock: book.is_lock,
                ..ObjectMemory::default()
            });
        }
        let memory = &mut self.objects[object];
        let digest = book.digest();
        let (hashes, shown) = (&mut memory.hashes, &mut memory.shown);
        *memory.known.entry(digest).or_insert_with(|| {
            shown.push((book.show)());
            hashes.push(book.stable_hash());
            number(hashes.len() - 1)
        })
    }

    fn place(
        &mut self,
        thread: usize,
        book: &ThreadBook,
        graph: &mut Graph,
    ) -> Result<u32, String> {
        let is_finished = matches!(book.status, Status::Finished);
        let key = (thread, (!is_finished).then_some(book.seen.0));
        if let Some(known) = self.known.get(&key) {
            let before = &self.places[*known as usize].book;
            let same = std::mem::discriminant(&before.status)
                == std::mem::discriminant(&book.status)
                && before.pending == book.pending
                && before.holds == book.holds;
            return if same || is_finished {
                Ok(*known)
            } else {
                Err(format!(
                    "`{}` came to {} and not to {}, and its steps had returned the same",
                    book.name, book.pending.name, before.pending.name
                ))
            };
        }
        let place = number(self.places.len());
        self.places.push(Place {
            book: book.clone(),
            operation: graph.place_of(Operation::of(book)),
            object: None,
            steps: ByValues::default(),
            ready: ByValues::default(),
            named: ByValues::default(),
        });
        self.known.insert(key, place);
        Ok(place)
    }

    fn label(&mut self, (name, by): (&str, Option<Function>)) -> [u32; 2] {
        let known = self.names.iter().position(|known| known == name);
        let name = known.unwrap_or_else(|| {
            self.names.push(name.to_string());
            self.names.len() - 1
        });
        let known = self.releases.iter().position(|known| *known == by);
        let by = known.unwrap_or_else(|| {
            self.releases.push(by);
            self.releases.len() - 1
        });
        [number(name), number(by)]
    }

    /// Asks an execution what only closures can tell of the state that it is in.
    pub(super) fn ask(&mut self, books: &Books, situation: &Situation) {
        for (thread, book) in books.threads.iter().enumerate() {
            let Status::Awaiting(awaiting) = &book.status else {
                continue;
            };
            let place = &mut self.places[situation.place(thread) as usize];
            if place.ready.get(situation).is_none() {
                let object = Objects::one(awaiting.object);
                place.ready.insert(object, situation, (awaiting.ready)());
            }
            if let By::Named(_) = awaiting.by
                && place.named.get(situation).is_none()
            {
                books.touched();
                let named = books.named(thread, awaiting);
                place.named.insert(books.touched(), situation, named);
            }
        }
        if self.owed.is_empty() {
            let whats = books.owed.iter().map(|(what, _)| what.clone());
            self.owed = whats.map(|what| (what, ByValues::default())).collect();
        }
        for ((what, known), (_, owner)) in self.owed.iter_mut().zip(&books.owed) {
            if known.get(situation).is_none() {
                books.touched();
                let owner = books.looks.owner(owner);
                let owner = owner.and_then(|name| books.acting(name, what));
                known.insert(books.touched(), situation, owner);
            }
        }
    }

    /// What a thread's step does, if it was run.
    pub(super) fn step(&self, situation: &Situation, thread: usize) -> Option<&Effect> {
        let place = &self.places[situation.place(thread) as usize];
        place.steps.get(situation)
    }

    /// A thread's step was run. `Err` if it has changed what it has not touched.
    pub(super) fn learn(
        &mut self,
        thread: usize,
        before: &Situation,
        after: &Situation,
        books: &mut Books,
        touched: Objects,
    ) -> Result<(), String> {
        let mut effect = Effect {
            place: after.place(thread),
            violations: books.take_violations(),
            ..Effect::default()
        };
        for object in 0..before.objects() {
            if touched.contains(object) {
                effect.values.push((object, after.value(object)));
            } else if before.value(object) != after.value(object) {
                let name = &books.objects[object].name;
                return Err(format!("{name} has changed, and no step has touched it"));
            }
            if before.raw_holder(object) != after.raw_holder(object) {
                effect.holders.push((object, after.raw_holder(object)));
            }
        }
        let relabelled = std::mem::take(&mut books.relabelled);
        for (half, objects) in relabelled.into_iter().enumerate() {
            let labels = objects.into_iter();
            effect.labels[half] = labels.map(|o| (o, after.label(o)[half])).collect();
        }
        let place = &mut self.places[before.place(thread) as usize];
        place.object = books.last_object;
        place.steps.insert(touched, before, effect);
        Ok(())
    }

    /// What the check at the end finds broken, if it was run.
    pub(super) fn finally(&self, situation: &Situation) -> Option<&[Cow<'static, str>]> {
        self.finally.get(situation).map(Vec::as_slice)
    }

    pub(super) fn learn_finally(&mut self, situation: &Situation, books: &mut Books) {
        let violations = books.take_violations();
        (self.finally).insert(books.read_at_the_end, situation, violations);
    }

    /// Whether what a thread waits for, or which threads have to act on it, follows from what one of these objects
    /// holds.
    pub(super) fn waits_on(&self, situation: &Situation, thread: usize, changed: Objects) -> bool {
        let place = &self.places[situation.place(thread) as usize];
        place.book.waits.is_some() && (place.ready.reads(changed) || place.named.reads(changed))
    }

    /// The objects that several threads take work from.
    pub(super) fn shared_work(&self) -> BTreeSet<usize> {
        let mut takers: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for book in self.places.iter().map(|place| &place.book) {
            if let Some(work) = book.waits.as_ref().filter(|wait| wait.idle) {
                takers.entry(work.object).or_default().insert(book.name);
            }
        }
        takers.retain(|_, threads| threads.len() > 1);
        takers.into_keys().collect()
    }

    /// Where a thread is in a state.
    pub(super) fn spot(&self, situation: &Situation, thread: usize) -> Spot {
        let book = &self.places[situation.place(thread) as usize].book;
        let comes = book.comes;
        Spot {
            thread: book.name.to_string(),
            function: comes.map_or(String::new(), |comes| comes.function.name.to_string()),
            object: comes.map(|comes| self.objects[comes.object].name.clone()),
            at: comes.map(|comes| Source::from(comes.at)),
        }
    }

    /// The operation that a thread is at.
    pub(super) fn operation(&self, situation: &Situation, thread: usize) -> u16 {
        self.places[situation.place(thread) as usize].operation
    }

    /// The hash of what every object holds.
    pub(super) fn outcome(&self, situation: &Situation) -> u64 {
        let hashes = (self.objects.iter().enumerate())
            .map(|(object, memory)| memory.hashes[situation.value(object) as usize]);
        outcome(hashes)
    }
}

//! The cache of transitions: with it a search need not run a model to know what a thread does next.
//!
//! From one operation to the next, what a thread does is a function of what it has observed, which is its
//! *place*, and of what the objects hold that it touches on the way. So a step that was run once is known
//! wherever the thread is in the same local state and these objects hold the same, whatever the other threads
//! and objects are up to. The same holds of the conditions of waits, of who an object names as the one to
//! end a wait, of who owes an event, and of the check at the end.

use crate::engine::execution::function::Function;
use crate::engine::execution::hash::{ByDigest, LowHalf};
use crate::engine::execution::ids::{ObjectId, Table};
use crate::engine::execution::parameters::{self, Answer};
use crate::engine::execution::sets::{Objects, Threads};
use crate::engine::execution::state::{ExecutionState, outcome};
use crate::engine::execution::thread::{Status, ThreadState, WokenBy};
use crate::engine::execution::view::StateView as _;
use crate::engine::execution::word::Word;
use crate::engine::explicit::operation::Operation;
use crate::engine::explicit::state::State;
use crate::engine::location::ModelLocation;
use crate::trace::{Source, ThreadId};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::hash::BuildHasherDefault;

/// What follows from the values of some objects, by the digest of these values.
type Known<T> = ByDigest<(Box<[u32]>, T)>;

/// The answers that some code was given where it asked for parameters, each parameter as a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Answers {
    asked: u64,
    set: u64,
}

/// The parameters of the encodings that are searched with this cache.
#[derive(Debug, Default)]
struct Parameters {
    /// Those that were asked for so far.
    names: Vec<&'static str>,
    /// Those of them that are set in the present encoding.
    set: u64,
    /// Those that the present search depends on.
    used: Cell<u64>,
}

impl Parameters {
    /// # Panics
    /// If there are more than 64: a spec has no more clauses.
    fn answers(&mut self, answers: Vec<Answer>) -> Answers {
        let mut all = Answers::default();
        for (name, is_set) in answers {
            let known = self.names.iter().position(|known| *known == name);
            let place = known.unwrap_or_else(|| {
                self.names.push(name);
                self.names.len() - 1
            });
            assert!(place < 64, "more than 64 parameters");
            all.asked |= 1 << place;
            all.set |= u64::from(is_set) << place;
        }
        self.set |= all.set;
        self.used.set(self.used.get() | all.asked);
        all
    }

    /// Whether the present encoding gives these answers.
    fn give(&self, answers: Answers) -> bool {
        self.set & answers.asked == answers.set
    }
}

/// What was seen where some code looked at these objects, and was given these answers.
#[derive(Debug)]
struct Seen<T> {
    objects: Objects,
    answers: Answers,
    known: Known<T>,
}

/// Something that follows from what some of the objects hold.
#[derive(Debug)]
pub(crate) struct ByValues<T>(Vec<Seen<T>>);

impl<T> Default for ByValues<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByValues<T> {
    fn get(&self, parameters: &Parameters, state: &State) -> Option<&T> {
        let mut tables = self.0.iter().filter(|seen| parameters.give(seen.answers));
        tables.find_map(|seen| {
            let (_, what) = seen.known.get(&state.digest_of(seen.objects))?;
            let used = &parameters.used;
            used.set(used.get() | seen.answers.asked);
            Some(what)
        })
    }

    /// Whether any of it follows from what one of these objects holds.
    pub(crate) fn reads(&self, changed: Objects) -> bool {
        self.0.iter().any(|seen| seen.objects.meets(changed))
    }

    /// Everything that is known: the objects that were looked at, what each of them held, and what follows.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Objects, &[u32], &T)> {
        self.0.iter().flat_map(|seen| {
            let entries = seen.known.values();
            entries.map(|(values, what)| (seen.objects, &**values, what))
        })
    }

    /// `objects` are all that were looked at, `answers` is what was asked for, and `state` says what the objects held then.
    fn insert(&mut self, objects: Objects, answers: Answers, state: &State, what: T) {
        let place =
            (self.0.iter()).position(|seen| (seen.objects, seen.answers) == (objects, answers));
        let place = place.unwrap_or_else(|| {
            let known = ByDigest::default();
            self.0.push(Seen {
                objects,
                answers,
                known,
            });
            self.0.len() - 1
        });
        let values = state.values_of(objects);
        self.0[place]
            .known
            .insert(state.digest_of(objects), (values, what));
    }
}

/// What a step does: all of it, up to the thread's next operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effect {
    /// Where the thread is then.
    pub(crate) place: u32,
    pub(crate) values: Vec<(ObjectId, u32)>,
    pub(crate) holders: Vec<(ObjectId, u32)>,
    /// Of a lock, the name and the function that the step gives it. What it does not give stays what some
    /// earlier holder has given.
    labels: [Vec<(ObjectId, u32)>; 2],
    /// The properties that the thread found broken.
    pub(crate) violations: Vec<Cow<'static, str>>,
}

impl Effect {
    /// The state that a thread's step leads to.
    pub(crate) fn of(&self, before: &State, thread: ThreadId) -> State {
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

/// A local state of a thread: what it has observed determines it.
pub(crate) struct Place {
    pub(crate) thread_state: ThreadState,
    /// The operation that it is at, in the graph's words.
    operation: u16,
    /// The object that its operation takes place on, once it was run.
    pub(crate) object: Option<ObjectId>,
    pub(crate) steps: ByValues<Effect>,
    pub(crate) ready: ByValues<bool>,
    pub(crate) named: ByValues<Threads>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, at) = (&self.thread_state.name, self.thread_state.pending.name);
        write!(f, "Place({name} at {at})")
    }
}

#[derive(Debug, Default)]
pub(crate) struct CachedObject {
    /// The name that it was made under.
    pub(crate) name: String,
    pub(crate) class: &'static str,
    /// Whether it is a lock, and no cell.
    pub(crate) is_lock: bool,
    /// Each value, as a reader of a trace sees it.
    pub(crate) shown: Vec<String>,
    /// The words of each value, if they are kept.
    pub(crate) words: Vec<Vec<Word>>,
    known: ByDigest<u32>,
    /// What it was called last, and the function that gave it up.
    label: Option<[u32; 2]>,
    /// The hash of each value that an outcome is made of.
    hashes: Vec<u64>,
}

/// Everything that was seen to happen.
#[derive(Debug, Default)]
pub(crate) struct TransitionCache {
    pub(crate) objects: Table<ObjectId, CachedObject>,
    pub(crate) places: Vec<Place>,
    /// By the thread and what it has observed; of a thread that has returned, by the thread alone.
    pub(crate) known: HashMap<(ThreadId, Option<u128>), u32, BuildHasherDefault<LowHalf>>,
    /// What locks are called, and the functions that give them up.
    pub(crate) names: Vec<String>,
    pub(crate) releases: Vec<Option<Function>>,
    pub(crate) obligations: Vec<(Cow<'static, str>, ByValues<Option<ThreadId>>)>,
    pub(crate) finally: ByValues<Vec<Cow<'static, str>>>,
    /// Every operation that some thread is at.
    pub(crate) operations: Vec<Operation>,
    /// Whether the words of values are kept.
    keeps_words: bool,
    parameters: Parameters,
    /// The answers with which the models are made.
    made_with: Option<Answers>,
}

/// Numbers are given out one by one, and none is forgotten.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("fewer than 2^32 fit in memory")
}

impl TransitionCache {
    /// A cache that keeps the words of every value.
    pub(crate) fn with_words() -> Self {
        Self {
            keeps_words: true,
            ..Self::default()
        }
    }

    /// Takes up a search of another encoding, in which these parameters are set. Whether that encoding makes the same
    /// objects and threads as those before.
    pub(crate) fn takes_up(&mut self, set: &[&'static str]) -> bool {
        let names = (0..).zip(&self.parameters.names);
        let set = names.filter(|(_, name)| set.contains(name));
        self.parameters.set = set.fold(0, |set, (place, _)| set | 1 << place);
        self.parameters.used.set(0);
        let parameters = &self.parameters;
        self.made_with.is_some_and(|made| parameters.give(made))
    }

    /// A model was made, and its threads have come to their first operations.
    pub(crate) fn begin(&mut self, execution: &mut ExecutionState) {
        let made_with = std::mem::take(&mut execution.made_with);
        self.made_with = Some(self.parameters.answers(made_with));
        let asked = std::mem::take(&mut execution.asked);
        self.parameters.answers(asked);
    }

    /// What follows from the state, if that is known.
    pub(crate) fn look_up<'t, T>(&self, table: &'t ByValues<T>, state: &State) -> Option<&'t T> {
        table.get(&self.parameters, state)
    }

    /// The parameters that the present search depends on.
    pub(crate) fn used(&self) -> impl Iterator<Item = &'static str> {
        let used = self.parameters.used.get();
        let names = (0..).zip(&self.parameters.names);
        names.filter_map(move |(place, name)| (used & 1 << place != 0).then_some(*name))
    }

    /// The state that an execution is in. `Err` if a thread that has observed the same is elsewhere now.
    pub(crate) fn state(&mut self, execution: &mut ExecutionState) -> Result<State, String> {
        let values: Vec<u32> = execution
            .objects
            .ids()
            .map(|object| self.value(object, execution))
            .collect();
        let holder =
            |holder: Option<ThreadId>| holder.map_or(0, |holder| number(holder.index() + 1));
        let holders: Vec<u32> = (execution.objects.iter())
            .map(|o| holder(o.holder))
            .collect();
        let places = (execution.threads.enumerated())
            .map(|(thread, thread_state)| self.place(thread, thread_state))
            .collect::<Result<Vec<u32>, String>>()?;
        let labels: Vec<[u32; 2]> = execution
            .objects
            .ids()
            .map(|object| self.label(object, execution.label(object)))
            .collect();
        Ok(State::new(&values, &holders, &places, &labels))
    }

    fn value(&mut self, object: ObjectId, execution: &mut ExecutionState) -> u32 {
        let thread_state = &mut execution.objects[object];
        if self.objects.get(object).is_none() {
            self.objects.push(CachedObject {
                name: thread_state.first_name().to_string(),
                class: thread_state.class,
                is_lock: thread_state.is_lock,
                ..CachedObject::default()
            });
        }
        let cache = &mut self.objects[object];
        let digest = thread_state.digest();
        let (hashes, shown) = (&mut cache.hashes, &mut cache.shown);
        let words = self.keeps_words.then_some(&mut cache.words);
        *cache.known.entry(digest).or_insert_with(|| {
            shown.push((thread_state.show)());
            if let Some(words) = words {
                words.push((thread_state.words)());
            }
            hashes.push(thread_state.stable_hash());
            number(hashes.len() - 1)
        })
    }

    fn place(&mut self, thread: ThreadId, thread_state: &ThreadState) -> Result<u32, String> {
        let is_finished = matches!(thread_state.status, Status::Finished);
        let key = (thread, (!is_finished).then_some(thread_state.observed.0));
        if let Some(known) = self.known.get(&key) {
            let before = &self.places[*known as usize].thread_state;
            let same = std::mem::discriminant(&before.status)
                == std::mem::discriminant(&thread_state.status)
                && before.pending == thread_state.pending
                && before.holds == thread_state.holds;
            return if same || is_finished {
                Ok(*known)
            } else {
                Err(format!(
                    "`{}` reached {} and not {}, and its steps had returned the same",
                    thread_state.name, thread_state.pending.name, before.pending.name
                ))
            };
        }
        let place = number(self.places.len());
        let operation = Operation::of(thread_state);
        let known = self.operations.iter().position(|known| *known == operation);
        let operation = known.unwrap_or_else(|| {
            self.operations.push(operation);
            self.operations.len() - 1
        });
        self.places.push(Place {
            thread_state: thread_state.clone(),
            // A model names some dozens of functions.
            operation: u16::try_from(operation).expect("fewer than 65,536 operations"),
            object: None,
            steps: ByValues::default(),
            ready: ByValues::default(),
            named: ByValues::default(),
        });
        self.known.insert(key, place);
        Ok(place)
    }

    fn label(&mut self, object: ObjectId, (name, by): (&str, Option<Function>)) -> [u32; 2] {
        if let Some(last) = self.objects[object].label {
            let [last_name, last_by] = last.map(|number| number as usize);
            if self.names[last_name] == name && self.releases[last_by] == by {
                return last;
            }
        }
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
        let label = [number(name), number(by)];
        self.objects[object].label = Some(label);
        label
    }

    /// Asks an execution what only closures can tell of the state that it is in.
    pub(crate) fn ask(&mut self, execution: &ExecutionState, state: &State) {
        for (thread, thread_state) in execution.threads.enumerated() {
            let Status::Awaiting(awaiting) = &thread_state.status else {
                continue;
            };
            let place = &mut self.places[state.place(thread) as usize];
            let parameters = &mut self.parameters;
            if place.ready.get(parameters, state).is_none() {
                let object = Objects::one(awaiting.object);
                let is_ready = (awaiting.ready)();
                let answers = parameters.answers(parameters::take());
                place.ready.insert(object, answers, state, is_ready);
            }
            if let WokenBy::Named(_) = awaiting.by
                && place.named.get(parameters, state).is_none()
            {
                execution.touched();
                let named = execution.named(thread, awaiting);
                let answers = parameters.answers(parameters::take());
                (place.named).insert(execution.touched(), answers, state, named);
            }
        }
        if self.obligations.is_empty() {
            let whats = execution.obligations.iter().map(|(what, _)| what.clone());
            self.obligations = whats.map(|what| (what, ByValues::default())).collect();
        }
        for ((what, known), (_, owner)) in self.obligations.iter_mut().zip(&execution.obligations) {
            if known.get(&self.parameters, state).is_none() {
                execution.touched();
                let owner = execution.access.owner(owner);
                let owner = owner.and_then(|name| execution.acting(name, what));
                let answers = self.parameters.answers(parameters::take());
                known.insert(execution.touched(), answers, state, owner);
            }
        }
    }

    /// What a thread's step does, if it was run.
    pub(crate) fn step(&self, state: &State, thread: ThreadId) -> Option<&Effect> {
        let place = &self.places[state.place(thread) as usize];
        place.steps.get(&self.parameters, state)
    }

    /// A thread's step was run. `Err` if it has changed what it has not touched.
    pub(crate) fn observe(
        &mut self,
        thread: ThreadId,
        before: &State,
        after: &State,
        execution: &mut ExecutionState,
        touched: Objects,
    ) -> Result<(), String> {
        let mut effect = Effect {
            place: after.place(thread),
            violations: execution.take_violations(),
            ..Effect::default()
        };
        for object in before.objects() {
            if touched.contains(object) {
                effect.values.push((object, after.value(object)));
            } else if before.value(object) != after.value(object) {
                let name = &execution.objects[object].name;
                return Err(format!("{name} has changed, and no step has touched it"));
            }
            if before.raw_holder(object) != after.raw_holder(object) {
                effect.holders.push((object, after.raw_holder(object)));
            }
        }
        let relabelled = std::mem::take(&mut execution.relabelled);
        for (half, objects) in relabelled.into_iter().enumerate() {
            let labels = objects.into_iter();
            effect.labels[half] = labels.map(|o| (o, after.label(o)[half])).collect();
        }
        let answers = (self.parameters).answers(std::mem::take(&mut execution.asked));
        let place = &mut self.places[before.place(thread) as usize];
        place.object = execution.last_object;
        place.steps.insert(touched, answers, before, effect);
        Ok(())
    }

    /// What the check at the end finds broken, if it was run.
    pub(crate) fn finally(&self, state: &State) -> Option<&[Cow<'static, str>]> {
        let found = self.finally.get(&self.parameters, state);
        found.map(Vec::as_slice)
    }

    pub(crate) fn cache_final(&mut self, state: &State, execution: &mut ExecutionState) {
        let violations = execution.take_violations();
        let answers = (self.parameters).answers(std::mem::take(&mut execution.asked));
        (self.finally).insert(execution.read_at_the_end, answers, state, violations);
    }

    /// Whether what a thread waits for, or which threads have to act on it, follows from what one of these objects
    /// holds.
    pub(crate) fn waits_on(&self, state: &State, thread: ThreadId, changed: Objects) -> bool {
        let place = &self.places[state.place(thread) as usize];
        place.thread_state.waits.is_some()
            && (place.ready.reads(changed) || place.named.reads(changed))
    }

    /// The objects that several threads take work from.
    pub(crate) fn shared_work(&self) -> BTreeSet<ObjectId> {
        let mut takers: BTreeMap<ObjectId, BTreeSet<&str>> = BTreeMap::new();
        for thread_state in self.places.iter().map(|place| &place.thread_state) {
            if let Some(work) = thread_state.waits.as_ref().filter(|wait| wait.idle) {
                takers
                    .entry(work.object)
                    .or_default()
                    .insert(thread_state.name);
            }
        }
        takers.retain(|_, threads| threads.len() > 1);
        takers.into_keys().collect()
    }

    /// Where a thread is in a state.
    pub(crate) fn location(&self, state: &State, thread: ThreadId) -> ModelLocation {
        let thread_state = &self.places[state.place(thread) as usize].thread_state;
        let operation = thread_state.operation;
        ModelLocation {
            thread: thread_state.name.to_string(),
            function: operation.map_or(String::new(), |operation| {
                operation.function.name.to_string()
            }),
            object: operation.map(|operation| self.objects[operation.object].name.clone()),
            at: operation.map(|operation| Source::from(operation.at)),
        }
    }

    /// The operation that a thread is at.
    pub(crate) fn operation(&self, state: &State, thread: ThreadId) -> u16 {
        self.places[state.place(thread) as usize].operation
    }

    /// The hash of what every object holds.
    pub(crate) fn outcome(&self, state: &State) -> u64 {
        let hashes = (self.objects.enumerated())
            .map(|(object, cache)| cache.hashes[state.value(object) as usize]);
        outcome(hashes)
    }
}

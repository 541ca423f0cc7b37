//! The cache of transitions: with it a search need not run a model to know what a thread does next.
//!
//! From one operation to the next, what a thread does is a function of what it has observed, which is its
//! *place*, and of what the objects hold that it touches on the way. So a step that was run once is known
//! wherever the thread is in the same local state and these objects hold the same, whatever the other threads
//! and objects are up to. The same holds of the conditions of waits, of who an object names as the one to
//! end a wait, of who owes an event, and of the check at the end.

use crate::engine::execution::function::Function;
use crate::engine::execution::hash::ByDigest;
use crate::engine::execution::ids::{ObjectId, Table};
use crate::engine::execution::sets::{Objects, Threads};
use crate::engine::execution::state::{ExecutionState, outcome};
use crate::engine::execution::thread::{Status, ThreadState, WokenBy};
use crate::engine::execution::view::StateView as _;
use crate::engine::explicit::graph::Graph;
use crate::engine::explicit::operation::Operation;
use crate::engine::explicit::state::State;
use crate::engine::location::ModelLocation;
use crate::trace::{Source, ThreadId};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// What follows from the values of some objects, by the digest of these values.
type Known<T> = ByDigest<(Box<[u32]>, T)>;

/// Something that follows from what some of the objects hold.
#[derive(Debug)]
pub(crate) struct ByValues<T>(Vec<(Objects, Known<T>)>);

impl<T> Default for ByValues<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByValues<T> {
    pub(crate) fn get(&self, state: &State) -> Option<&T> {
        let tables = self.0.iter();
        let mut found = tables.filter_map(|(o, table)| table.get(&state.digest_of(*o)));
        found.next().map(|(_, what)| what)
    }

    /// Whether any of it follows from what one of these objects holds.
    pub(crate) fn reads(&self, changed: Objects) -> bool {
        self.0.iter().any(|(objects, _)| objects.meets(changed))
    }

    /// Everything that is known: the objects that were looked at, what each of them held, and what follows.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Objects, &[u32], &T)> {
        let tables = self.0.iter();
        tables.flat_map(|(objects, table)| {
            let entries = table.values();
            entries.map(|(values, what)| (*objects, &**values, what))
        })
    }

    /// `touched` are all objects that were looked at, and `situation` says what they held then.
    fn insert(&mut self, touched: Objects, state: &State, what: T) {
        let place = self.0.iter().position(|(objects, _)| *objects == touched);
        let place = place.unwrap_or_else(|| {
            self.0.push((touched, ByDigest::default()));
            self.0.len() - 1
        });
        let values = state.values_of(touched);
        self.0[place]
            .1
            .insert(state.digest_of(touched), (values, what));
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
    known: ByDigest<u32>,
    /// The hash of each value that an outcome is made of.
    hashes: Vec<u64>,
}

/// Everything that was seen to happen.
#[derive(Debug, Default)]
pub(crate) struct TransitionCache {
    pub(crate) objects: Table<ObjectId, CachedObject>,
    pub(crate) places: Vec<Place>,
    /// By the thread and what it has observed; of a thread that has returned, by the thread alone.
    pub(crate) known: HashMap<(ThreadId, Option<u128>), u32>,
    /// What locks are called, and the functions that give them up.
    pub(crate) names: Vec<String>,
    pub(crate) releases: Vec<Option<Function>>,
    pub(crate) obligations: Vec<(Cow<'static, str>, ByValues<Option<ThreadId>>)>,
    pub(crate) finally: ByValues<Vec<Cow<'static, str>>>,
}

/// Numbers are given out one by one, and none is forgotten.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("fewer than 2^32 fit in memory")
}

impl TransitionCache {
    /// The state that an execution is in. `Err` if a thread that has observed the same is elsewhere now.
    pub(crate) fn state(
        &mut self,
        execution: &mut ExecutionState,
        graph: &mut Graph,
    ) -> Result<State, String> {
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
            .map(|(thread, thread_state)| self.place(thread, thread_state, graph))
            .collect::<Result<Vec<u32>, String>>()?;
        let labels: Vec<[u32; 2]> = execution
            .objects
            .ids()
            .map(|object| self.label(execution.label(object)))
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
        *cache.known.entry(digest).or_insert_with(|| {
            shown.push((thread_state.show)());
            hashes.push(thread_state.stable_hash());
            number(hashes.len() - 1)
        })
    }

    fn place(
        &mut self,
        thread: ThreadId,
        thread_state: &ThreadState,
        graph: &mut Graph,
    ) -> Result<u32, String> {
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
        self.places.push(Place {
            thread_state: thread_state.clone(),
            operation: graph.place_of(Operation::of(thread_state)),
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
    pub(crate) fn ask(&mut self, execution: &ExecutionState, state: &State) {
        for (thread, thread_state) in execution.threads.enumerated() {
            let Status::Awaiting(awaiting) = &thread_state.status else {
                continue;
            };
            let place = &mut self.places[state.place(thread) as usize];
            if place.ready.get(state).is_none() {
                let object = Objects::one(awaiting.object);
                place.ready.insert(object, state, (awaiting.ready)());
            }
            if let WokenBy::Named(_) = awaiting.by
                && place.named.get(state).is_none()
            {
                execution.touched();
                let named = execution.named(thread, awaiting);
                place.named.insert(execution.touched(), state, named);
            }
        }
        if self.obligations.is_empty() {
            let whats = execution.obligations.iter().map(|(what, _)| what.clone());
            self.obligations = whats.map(|what| (what, ByValues::default())).collect();
        }
        for ((what, known), (_, owner)) in self.obligations.iter_mut().zip(&execution.obligations) {
            if known.get(state).is_none() {
                execution.touched();
                let owner = execution.access.owner(owner);
                let owner = owner.and_then(|name| execution.acting(name, what));
                known.insert(execution.touched(), state, owner);
            }
        }
    }

    /// What a thread's step does, if it was run.
    pub(crate) fn step(&self, state: &State, thread: ThreadId) -> Option<&Effect> {
        let place = &self.places[state.place(thread) as usize];
        place.steps.get(state)
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
        let place = &mut self.places[before.place(thread) as usize];
        place.object = execution.last_object;
        place.steps.insert(touched, before, effect);
        Ok(())
    }

    /// What the check at the end finds broken, if it was run.
    pub(crate) fn finally(&self, state: &State) -> Option<&[Cow<'static, str>]> {
        self.finally.get(state).map(Vec::as_slice)
    }

    pub(crate) fn cache_final(&mut self, state: &State, execution: &mut ExecutionState) {
        let violations = execution.take_violations();
        (self.finally).insert(execution.read_at_the_end, state, violations);
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

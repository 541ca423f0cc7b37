//! The transitions that a search has cached, as data.

use super::automata::{
    Automata, Automaton, Effect, End, EndCheck, EndedBy, LocalState, Object, ObjectKind,
    ObjectValue, Operation, OperationKind, Transition, Wait,
};
use crate::engine::error::SearchError;
use crate::engine::execution::ids::{ObjectId, Table};
use crate::engine::execution::sets::Objects;
use crate::engine::execution::thread::{Awaiting, Status, ThreadState, WokenBy};
use crate::engine::explicit::explorer::Exploration;
use crate::engine::explicit::search::explored;
use crate::engine::explicit::transition_cache::{Effect as Step, Place as Known, TransitionCache};
use crate::model::Encoding;
use crate::trace::{NO_DEADLOCK, Source, ThreadId};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The automata of an encoding.
pub(crate) fn extract(encoding: &Arc<dyn Encoding>) -> Result<Automata, SearchError> {
    let exploration = explored(encoding)?;
    Ok(Extraction::new(&exploration.cache).automata(&exploration))
}

/// A thread's local states, and what has been made of them.
#[derive(Default)]
struct Thread {
    name: String,
    /// The local states in the order in which they were reached, by their numbers in the cache.
    local_states: Vec<u32>,
    operations: Vec<Operation>,
    /// What each operation changes: of each object, the numbers of its values before and after.
    changes: Vec<BTreeMap<u32, BTreeSet<(u32, u32)>>>,
}

struct Extraction<'m> {
    cache: &'m TransitionCache,
    threads: Table<ThreadId, Thread>,
    /// The thread of each local state, and its number among the thread's.
    numbers: Vec<(ThreadId, u32)>,
}

/// The objects, values and threads of a model fit by far.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl<'m> Extraction<'m> {
    fn new(cache: &'m TransitionCache) -> Self {
        let mut of = vec![ThreadId::default(); cache.places.len()];
        for ((thread, _), local) in &cache.known {
            of[*local as usize] = *thread;
        }
        let mut threads: Table<ThreadId, Thread> = Table::default();
        let mut numbers = Vec::new();
        for (local, thread) in (0_u32..).zip(of) {
            while threads.get(thread).is_none() {
                threads.push(Thread::default());
            }
            let own = &mut threads[thread];
            own.name = cache.places[local as usize].thread_state.name.to_string();
            numbers.push((thread, number(own.local_states.len())));
            own.local_states.push(local);
        }
        Self {
            cache,
            threads,
            numbers,
        }
    }

    fn automata(mut self, exploration: &Exploration) -> Automata {
        let threads = (self.threads.ids())
            .map(|thread| self.automaton(thread))
            .collect();
        let finally = self.cache.finally.entries();
        let violating = finally.filter(|(_, _, violated)| !violated.is_empty());
        let mut at_the_end: Vec<EndCheck> = violating
            .map(|(objects, values, violated)| EndCheck {
                when: self.pairs(objects, values),
                violates: names(violated),
            })
            .collect();
        at_the_end.sort_unstable();
        let first = exploration.graph.violated_at_first();
        Automata {
            objects: self.objects(),
            threads,
            // A deadlock is a matter of ends.
            violated_at_first: (first.filter(|property| *property != NO_DEADLOCK))
                .map(ToString::to_string)
                .collect(),
            at_the_end,
        }
    }

    fn objects(&self) -> Vec<Object> {
        (self.cache.objects.iter())
            .map(|object| Object {
                name: object.name.clone(),
                kind: if object.is_lock {
                    ObjectKind::Lock
                } else {
                    ObjectKind::Cell
                },
                class: object.class.to_string(),
                values: object.shown.clone(),
                // The first state is the first that was looked at.
                initial: 0,
            })
            .collect()
    }

    fn automaton(&mut self, thread: ThreadId) -> Automaton {
        let local_states = self.threads[thread].local_states.clone();
        let local_states = (local_states.into_iter())
            .map(|local| self.local_state(thread, local))
            .collect();
        let Thread {
            name,
            operations,
            changes,
            ..
        } = std::mem::take(&mut self.threads[thread]);
        let shown = |object: u32, value: u32| {
            self.cache.objects[ObjectId::new(object as usize)].shown[value as usize].clone()
        };
        let effects = |changes: BTreeMap<u32, BTreeSet<(u32, u32)>>| {
            let effect = |(object, changes): (u32, BTreeSet<(u32, u32)>)| Effect {
                object,
                changes: (changes.into_iter())
                    .map(|(before, after)| (shown(object, before), shown(object, after)))
                    .collect(),
            };
            changes.into_iter().map(effect).collect()
        };
        Automaton {
            name,
            operations: (operations.into_iter().zip(changes))
                .map(|(operation, changes)| Operation {
                    effects: effects(changes),
                    ..operation
                })
                .collect(),
            local_states,
            // The local states of the first state are numbered first.
            initial: 0,
        }
    }

    fn local_state(&mut self, thread: ThreadId, local: u32) -> LocalState {
        let known = &self.cache.places[local as usize];
        let Some(operation) = self.operation(known) else {
            return LocalState {
                end: Some(match known.thread_state.status {
                    Status::Finished => End::Returned,
                    _ => End::Left,
                }),
                ..LocalState::default()
            };
        };
        let own = &mut self.threads[thread];
        let found = own.operations.iter().position(|other| *other == operation);
        let operation = found.unwrap_or_else(|| {
            own.operations.push(operation);
            own.changes.push(BTreeMap::new());
            own.operations.len() - 1
        });
        let mut transitions: Vec<Transition> = Vec::new();
        for (objects, values, step) in known.steps.entries() {
            let transition = self.transition(objects, values, step);
            let when: BTreeMap<u32, u32> = transition.when.iter().copied().collect();
            let changes = &mut self.threads[thread].changes[operation];
            for (object, after) in &transition.writes {
                let before = when.get(object).copied().unwrap_or_default();
                changes.entry(*object).or_default().insert((before, *after));
            }
            transitions.push(transition);
        }
        transitions.sort_unstable();
        LocalState {
            operation: Some(number(operation)),
            end: None,
            opens: self.opens(known),
            transitions,
        }
    }

    /// The operation that a thread is at, without what it was seen to do; none, if it goes nowhere.
    fn operation(&self, local: &Known) -> Option<Operation> {
        let thread_state = &local.thread_state;
        let (kind, object, wait) = match &thread_state.status {
            Status::Acquiring(object) => (OperationKind::Acquire, Some(*object), None),
            Status::Stepping => (OperationKind::Step, local.object, None),
            Status::Awaiting(awaiting) => (
                OperationKind::Wait,
                Some(awaiting.object),
                Some(self.wait(awaiting)),
            ),
            _ => return None,
        };
        Some(Operation {
            kind,
            function: thread_state.pending.name.to_string(),
            file: thread_state.pending.file.to_string(),
            callers: (thread_state.stack.iter())
                .map(|function| function.name.to_string())
                .collect(),
            // Every step that can be taken was run.
            object: object.map_or(0, |object| number(object.index())),
            wait,
            at: at(thread_state),
            effects: Vec::new(),
        })
    }

    fn wait(&self, awaiting: &Awaiting) -> Wait {
        Wait {
            event: awaiting.what.to_string(),
            ended_by: match awaiting.by {
                WokenBy::AnyThread => EndedBy::AnyThread,
                WokenBy::Thread(thread) => {
                    // The first local states are those of the threads, in their order.
                    EndedBy::Thread(
                        self.cache.places[thread.index()]
                            .thread_state
                            .name
                            .to_string(),
                    )
                }
                WokenBy::Named(_) => EndedBy::Owner,
            },
            for_work: awaiting.idle,
        }
    }

    /// Of a wait, the values of its object for which it is over.
    fn opens(&self, local: &Known) -> Vec<u32> {
        let Status::Awaiting(awaiting) = &local.thread_state.status else {
            return Vec::new();
        };
        let over = (local.ready.entries()).filter(|(_, _, is_ready)| **is_ready);
        let pairs = over.flat_map(|(objects, values, _)| self.pairs(objects, values));
        let own = pairs.filter(|(object, _)| *object == number(awaiting.object.index()));
        let values: BTreeSet<u32> = own.map(|(_, value)| value).collect();
        values.into_iter().collect()
    }

    fn transition(&self, objects: Objects, values: &[u32], step: &Step) -> Transition {
        let when = self.pairs(objects, values);
        let after = step.values.iter();
        let after = after.map(|(object, value)| (number(object.index()), *value));
        let held = |taken: bool| {
            let changed = step.holders.iter();
            let own = changed.filter(move |(_, holder)| (*holder != 0) == taken);
            own.map(|(object, _)| number(object.index())).collect()
        };
        Transition {
            writes: after.filter(|pair| !when.contains(pair)).collect(),
            when,
            takes: held(true),
            gives: held(false),
            violates: names(&step.violations),
            to: self.numbers[step.place as usize].1,
        }
    }

    /// Some objects, with what they hold.
    fn pairs(&self, objects: Objects, values: &[u32]) -> Vec<ObjectValue> {
        let all = self.cache.objects.ids();
        let objects = all.filter(|object| objects.contains(*object));
        objects
            .map(|object| number(object.index()))
            .zip(values.iter().copied())
            .collect()
    }
}

/// Properties, each once.
fn names(properties: &[Cow<'static, str>]) -> Vec<String> {
    let names: BTreeSet<&str> = properties.iter().map(AsRef::as_ref).collect();
    names.into_iter().map(ToString::to_string).collect()
}

/// Where in the encoding a thread's operation is.
fn at(thread_state: &ThreadState) -> String {
    let Some(location) = thread_state.at else {
        return String::new();
    };
    let Source { file, line } = Source::from(location);
    format!("{file}:{line}:{}", location.column())
}

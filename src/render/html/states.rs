//! The state of every object and thread after each step, derived from the events.
//!
//! Step k is everything up to the end of operation k: an event without a number belongs to the operation before it,
//! since no other thread runs in between. Step 0 is the initial state.

use crate::trace::{Event, EventKind, Object, Reference, Trace};

/// One execution: the failing design's, or its reference design's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Execution<'t> {
    pub(super) threads: &'t [String],
    pub(super) objects: &'t [Object],
    pub(super) events: &'t [Event],
}

impl<'t> Execution<'t> {
    pub(super) fn failing(trace: &'t Trace) -> Self {
        Self {
            threads: &trace.threads,
            objects: &trace.objects,
            events: &trace.events,
        }
    }

    pub(super) fn of_reference(trace: &'t Trace, reference: &'t Reference) -> Self {
        Self {
            threads: &trace.threads,
            objects: &reference.objects,
            events: &reference.events,
        }
    }

    /// The step that each event belongs to. A foreign file may have any numbers: there are never more operations than
    /// events.
    pub(super) fn steps(&self) -> Vec<usize> {
        let mut step = 0;
        let numbered = self.events.iter().map(|event| {
            step = event.operation.unwrap_or(step).min(self.events.len());
            step
        });
        numbered.collect()
    }

    /// The last step.
    pub(super) fn last(&self) -> usize {
        self.steps().last().copied().unwrap_or_default()
    }

    /// The state after each step, from step 0.
    pub(super) fn moments(&self) -> Vec<Moment<'t>> {
        let steps = self.steps();
        let mut now = Moment::first(self);
        let mut all = Vec::new();
        let mut next = 0;
        for step in 0..=self.last() {
            while next < steps.len() && steps[next] <= step {
                now.apply(self, next);
                next += 1;
            }
            all.push(now.clone());
        }
        all
    }
}

/// The state of objects and threads after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment<'t> {
    /// In the order of the trace.
    pub(super) objects: Vec<ObjectState>,
    /// In the order of the trace.
    pub(super) threads: Vec<ThreadState<'t>>,
}

/// The state of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ObjectState {
    /// Its name, which may change when it is taken.
    pub(super) name: String,
    /// The threads that hold it.
    pub(super) holders: Vec<String>,
    /// Its value; of a lock, the value that it protects.
    pub(super) value: String,
    /// Whether it can be held.
    lock: bool,
}

impl ObjectState {
    /// The state in words.
    pub(super) fn words(&self) -> String {
        let value = (!self.value.is_empty()).then(|| self.value.clone());
        let held = match &self.holders[..] {
            [] if self.lock && value.is_none() => Some("free".to_string()),
            [] => None,
            holders => Some(format!("held by {}", holders.join(", "))),
        };
        let all: Vec<String> = held.into_iter().chain(value).collect();
        all.join("; ")
    }
}

/// The state of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ThreadState<'t> {
    /// Its last event.
    pub(super) event: Option<&'t Event>,
    /// What it waits for.
    pub(super) waits: Option<Waiting>,
    /// The object that was held when it tried to acquire it.
    wants: Option<usize>,
}

impl ThreadState<'_> {
    /// The locks that it holds, in the order in which they were taken.
    pub(super) fn holds(&self) -> &[String] {
        self.event.map_or(&[], |event| &event.holds)
    }
}

/// A wait, as long as there is something to wait for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    pub(super) what: String,
    /// The threads that hold it or have to bring it about, where they are known.
    pub(super) holders: Vec<String>,
}

impl<'t> Moment<'t> {
    fn first(execution: &Execution<'t>) -> Self {
        let objects = execution.objects.iter().map(|object| ObjectState {
            name: object.name.clone(),
            holders: Vec::new(),
            value: object.value.clone(),
            lock: !object.class.is_empty(),
        });
        let nothing = ThreadState {
            event: None,
            waits: None,
            wants: None,
        };
        Self {
            objects: objects.collect(),
            threads: vec![nothing; execution.threads.len()],
        }
    }

    fn apply(&mut self, execution: &Execution<'t>, place: usize) {
        let event = &execution.events[place];
        let state = event.object_index.and_then(|i| self.objects.get_mut(i));
        let mut was_held = false;
        if let Some(state) = state {
            if let Some(name) = &event.object {
                state.name.clone_from(name);
            }
            if let Some((_, after)) = &event.change {
                state.value.clone_from(after);
            }
            match event.kind {
                EventKind::Acquire => state.holders.push(event.thread.clone()),
                EventKind::Release | EventKind::Drop => {
                    // A lock may be released by another thread than the one that took it.
                    match state.holders.iter().position(|name| *name == event.thread) {
                        Some(own) => drop(state.holders.remove(own)),
                        None => state.holders.clear(),
                    }
                }
                EventKind::Wait => was_held = !state.holders.is_empty(),
                EventKind::Step | EventKind::Update => {}
            }
        }
        let thread = (execution.threads.iter()).position(|name| *name == event.thread);
        if let Some(thread) = thread {
            self.threads[thread] = ThreadState {
                event: Some(event),
                waits: None,
                wants: event.object_index.filter(|_| was_held),
            };
        }
        for thread in 0..self.threads.len() {
            self.threads[thread].waits = self.waits(&self.threads[thread]);
        }
    }

    /// What a thread waits for now: the object may have another name and another holder since its wait began.
    fn waits(&self, doing: &ThreadState<'_>) -> Option<Waiting> {
        let event = doing.event?;
        let wait = event.waits_for.as_ref()?;
        let Some(wanted) = doing.wants else {
            return Some(Waiting {
                what: wait.what.clone(),
                holders: wait.held_by.iter().cloned().collect(),
            });
        };
        let state = &self.objects[wanted];
        let others = state.holders.iter().filter(|name| **name != event.thread);
        let holders: Vec<String> = others.cloned().collect();
        // No thread holds it any more: this one takes it at its next turn.
        (!holders.is_empty()).then(|| Waiting {
            what: state.name.clone(),
            holders,
        })
    }
}

/// The steps during which a value stays the same, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span<T> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) value: T,
}

/// The values at each step, from step 0, as spans of equal values.
pub(super) fn spans<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<Span<T>> {
    let mut all: Vec<Span<T>> = Vec::new();
    for (step, value) in values.enumerate() {
        match all.last_mut() {
            Some(last) if last.value == value => last.to = step,
            _ => all.push(Span {
                from: step,
                to: step,
                value,
            }),
        }
    }
    all
}

//! What is gathered over the executions of a search, and the record of a single one.

use super::Function;
use super::access::InvalidAccess;
use super::determinism::DeterminismChecker;
use super::error::SearchError;
use super::execution::{ExecutionState, Status, Violation};
use super::limits::Watch;
use super::model_error::{MAX_OPERATIONS, MAX_OPERATIONS_OF_A_SAMPLE, ModelError};
use super::panic_hook;
use super::sleep::SleepSets;
use super::stateful::exploration::Exploration;
use super::view::StateView as _;
use super::world::Kind;
use crate::trace::{Cycle, Event, EventKind, Object, Source, Wait};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Gathers the results of the executions of one search.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    pub(crate) executions: u64,
    pub(crate) failing: u64,
    pub(crate) longest: usize,
    pub(crate) reached: BTreeSet<Cow<'static, str>>,
    pub(crate) waits: BTreeSet<Cow<'static, str>>,
    pub(crate) outcomes: BTreeMap<u64, Vec<u8>>,
    pub(crate) found: BTreeMap<Cow<'static, str>, Found>,
    /// End the search with the first execution that violates something.
    pub(crate) until_violation: bool,
    /// How far the search may go.
    pub(crate) watch: Watch,
    /// The last execution's schedule and record, kept for a replay.
    pub(crate) last: Option<Last>,
    /// How many operations an execution may have, if that is not the default.
    pub(crate) operations: Option<usize>,
    /// What is wrong with the encoding, if that has shown.
    pub(crate) model_error: Option<ModelError>,
    /// What threads have done in the executions so far, if they are to be compared.
    pub(crate) determinism: Option<DeterminismChecker>,
    /// The traces of the executions: see [`ExecutionState::trace`].
    pub(crate) traces: HashSet<u128>,
    /// What a stateful search has explored.
    pub(crate) exploration: Option<Exploration>,
    /// What spares loom repetitions, if anything is to.
    pub(crate) sleep: Option<SleepSets>,
    /// Executions that were cut short for that.
    pub(crate) cut_short: u64,
    /// The properties that were checked.
    pub(crate) checked: BTreeSet<Cow<'static, str>>,
    /// The objects that several threads take work from; `None` if that is not known.
    pub(crate) shared_work: Option<BTreeSet<usize>>,
}

/// What is kept of a replayed execution.
#[derive(Debug)]
pub(crate) struct Last {
    pub(crate) schedule: Vec<u8>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) events: Vec<Event>,
    pub(crate) objects: Vec<Object>,
}

/// The violations of one property over a search.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Executions that violate it.
    pub(crate) executions: u64,
    /// The first of them, counted from 1.
    pub(crate) first: u64,
    pub(crate) first_schedule: Vec<u8>,
    /// The shortest, then the one with the fewest switches, then the first.
    pub(crate) best: Violation,
    pub(crate) schedule: Vec<u8>,
    /// Every deadlock cycle seen.
    pub(crate) cycles: BTreeSet<Cycle>,
}

/// Whether a search goes on after an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Execution,
    Nothing,
}

impl Collector {
    /// Takes note of a panic of the encoding's own outside of its threads, which somebody has caught.
    pub(crate) fn panicked(&mut self, payload: &(dyn std::any::Any + Send)) {
        let message = panic_hook::panic_message(payload);
        self.model_error.get_or_insert_with(|| {
            let spot = Box::default();
            ModelError::from(SearchError::Panicked { spot, message })
        });
        if let Some(exploration) = &mut self.exploration {
            exploration.give_up();
        }
    }

    /// How many operations an execution may have.
    pub(crate) fn most_operations(&self, kind: Kind) -> usize {
        let exhaustive = kind == Kind::Loom || self.exploration.is_some();
        let default = if exhaustive {
            MAX_OPERATIONS
        } else {
            MAX_OPERATIONS_OF_A_SAMPLE
        };
        self.operations.unwrap_or(default)
    }

    /// Whether the search was ended by what an execution found, by a limit or by a panic.
    pub(crate) fn is_over(&self) -> bool {
        let states = self.exploration.as_ref();
        let violated = self.failing > 0 || states.is_some_and(|states| states.graph.is_violated());
        let ended = self.watch.cut_off.is_some() || self.model_error.is_some();
        ended || (self.until_violation && violated)
    }

    /// Takes in an execution that is over.
    pub(crate) fn execution(&mut self, execution: &mut ExecutionState) -> Next {
        match &mut self.sleep {
            Some(sleep) => {
                sleep.next_execution();
                self.executions += u64::from(!execution.pruned);
                self.cut_short += u64::from(execution.pruned);
            }
            None => self.executions += 1,
        }
        if let Some(invalid) = execution
            .access
            .take_invalid()
            .filter(InvalidAccess::is_the_engines)
        {
            let error = execution.invalid(0, invalid);
            execution.report_error(error);
        }
        self.model_error = self.model_error.take().or(execution.model_error.take());
        self.checked.append(&mut execution.checked);
        self.longest = self.longest.max(execution.schedule.len());
        self.waits.extend(execution.waits.iter().cloned());
        self.reached.append(&mut execution.reached);
        self.reached.append(&mut execution.waits);
        if execution.pruned {
            return self.next();
        }
        if let Some(exploration) = &mut self.exploration {
            exploration.end(execution);
            return self.next();
        }
        // Where an execution ends in a deadlock its final state is that of the unwinding.
        if !execution.stopping || execution.completed {
            let schedule = || execution.schedule.clone();
            self.outcomes
                .entry(execution.outcome())
                .or_insert_with(schedule);
        }
        if let Some(recorder) = execution.recorder.take() {
            self.last = Some(Last {
                schedule: execution.schedule.clone(),
                violations: execution.violations.clone(),
                events: recorder.events,
                objects: recorder.objects,
            });
        }
        self.traces.insert(execution.trace());
        let failed = !execution.violations.is_empty();
        self.failing += u64::from(failed);
        for violation in execution.violations.drain(..) {
            self.violation(violation, &execution.schedule);
        }
        self.next()
    }

    fn next(&mut self) -> Next {
        self.watch.look();
        if self.is_over() {
            Next::Nothing
        } else {
            Next::Execution
        }
    }

    fn violation(&mut self, violation: Violation, schedule: &[u8]) {
        let prefix = &schedule[..violation.at];
        let rank = |prefix: &[u8]| (prefix.len(), switches(prefix));
        match self.found.get_mut(&violation.property) {
            None => {
                let found = Found {
                    executions: 1,
                    first: self.executions,
                    first_schedule: prefix.to_vec(),
                    schedule: prefix.to_vec(),
                    cycles: cycles(&violation).collect(),
                    best: violation,
                };
                self.found.insert(found.best.property.clone(), found);
            }
            Some(found) => {
                found.executions += 1;
                found.cycles.extend(cycles(&violation));
                if rank(prefix) < rank(&found.schedule) {
                    found.schedule = prefix.to_vec();
                    found.best = violation;
                }
            }
        }
    }
}

/// Every cycle of a violation.
fn cycles(violation: &Violation) -> impl Iterator<Item = Cycle> {
    let first = violation.cycle.iter();
    first.chain(&violation.more_cycles).cloned()
}

/// How often a schedule goes from one thread to another.
pub(crate) fn switches(schedule: &[u8]) -> usize {
    schedule
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .count()
}

/// Writes down every event of one execution.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) events: Vec<Event>,
    /// What every object held at first.
    pub(crate) objects: Vec<Object>,
    /// The threads whose present wait stands in the record already.
    waiting: BTreeSet<usize>,
}

impl Recorder {
    pub(crate) fn event(
        &mut self,
        execution: &ExecutionState,
        thread: usize,
        object: Option<usize>,
        kind: EventKind,
        function: Function,
        change: Option<(String, String)>,
    ) {
        let operation = matches!(kind, EventKind::Acquire | EventKind::Step);
        if operation {
            self.waiting.remove(&thread);
        }
        let event = Event {
            operation: operation.then_some(execution.schedule.len()),
            kind,
            change: change.filter(|(before, after)| before != after),
            waits_for: None,
            ..Self::describe(execution, thread, object, function)
        };
        self.events.push(event);
    }

    /// A lock has another name now: the event of taking it shows that.
    pub(crate) fn rename(&mut self, thread: &str, old: &str, new: &str) {
        let last = self
            .events
            .iter_mut()
            .rev()
            .find(|event| event.thread == thread);
        if let Some(event) = last.filter(|event| event.kind == EventKind::Acquire) {
            let names = event.object.iter_mut().chain(&mut event.holds);
            names
                .filter(|name| *name == old)
                .for_each(|name| *name = new.to_string());
        }
    }

    /// Writes down the waits that have come about since the last call.
    pub(crate) fn waits(&mut self, execution: &ExecutionState) {
        for (index, thread) in execution.threads.iter().enumerate() {
            let (object, what, holder) = match &thread.status {
                Status::Acquiring(object) if execution.is_held(*object) => {
                    let book = &execution.objects[*object];
                    (*object, book.name.clone(), book.holder)
                }
                Status::Awaiting(awaiting) if !awaiting.idle && !(awaiting.ready)() => {
                    let by = execution.wakers(index, awaiting).iter().next();
                    (awaiting.object, awaiting.what.to_string(), by)
                }
                _ => continue,
            };
            if !self.waiting.insert(index) {
                continue;
            }
            self.events.push(Event {
                kind: EventKind::Wait,
                waits_for: Some(Wait {
                    what,
                    held_by: holder.map(|holder| execution.threads[holder].name.to_string()),
                }),
                ..Self::describe(execution, index, Some(object), thread.pending)
            });
        }
    }

    fn describe(
        execution: &ExecutionState,
        thread: usize,
        object: Option<usize>,
        function: Function,
    ) -> Event {
        let book = &execution.threads[thread];
        let mut callers: Vec<String> = book.stack.iter().map(|f| f.name.to_string()).collect();
        // The innermost frame is the event's own function where the step stands for all of it.
        if callers.last().is_some_and(|last| last == function.name) {
            callers.pop();
        }
        Event {
            operation: None,
            thread: book.name.to_string(),
            kind: EventKind::Step,
            function: function.name.to_string(),
            file: function.file.to_string(),
            commit: String::new(),
            model: book.at.map(Source::from),
            callers,
            object: object.map(|object| execution.objects[object].name.clone()),
            object_index: object,
            class: object.map(|object| execution.objects[object].class.to_string()),
            change: None,
            waits_for: None,
            holds: (book.holds.iter())
                .map(|held| execution.objects[*held].name.clone())
                .collect(),
        }
    }
}

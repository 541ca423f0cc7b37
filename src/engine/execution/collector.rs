//! What is gathered over the executions of one search.

use crate::engine::error::SearchError;
use crate::engine::execution::access::InvalidAccess;
use crate::engine::execution::determinism::DeterminismChecker;
use crate::engine::execution::model_error::ModelError;
use crate::engine::execution::observer::Observer;
use crate::engine::execution::panics::panic_message;
use crate::engine::execution::ranked::{Rank, Ranked};
use crate::engine::execution::state::{ExecutionState, Phase, Violation};
use crate::engine::limits::Watch;
use crate::engine::strategy::{MAX_OPERATIONS, MAX_OPERATIONS_OF_A_SAMPLE};
use crate::trace::{Cycle, Event, Object, Schedule, ThreadId};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Gathers the results of the executions of one search.
#[derive(Default)]
pub(crate) struct Collector {
    pub(crate) executions: u64,
    pub(crate) failing: u64,
    pub(crate) longest: usize,
    pub(crate) reached: BTreeSet<Cow<'static, str>>,
    pub(crate) waits: BTreeSet<Cow<'static, str>>,
    pub(crate) outcomes: BTreeMap<u64, Schedule>,
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
    /// What the strategy adds to the search.
    pub(crate) observer: Option<Box<dyn Observer>>,
    /// Whether the search covers every schedule of a small model, so that an execution has few operations.
    pub(crate) is_exhaustive: bool,
    /// Executions that were cut short since all that could follow was explored.
    pub(crate) cut_short: u64,
    /// The properties that were checked.
    pub(crate) checked: BTreeSet<Cow<'static, str>>,
}

/// What is kept of a replayed execution.
#[derive(Debug)]
pub(crate) struct Last {
    pub(crate) threads: Vec<String>,
    pub(crate) schedule: Schedule,
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
    pub(crate) first_schedule: Schedule,
    /// The shortest, then the one with the fewest switches, then the first.
    pub(crate) best: Violation,
    pub(crate) schedule: Schedule,
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
    /// One that gathers nothing in particular.
    pub(crate) fn shared() -> Arc<Ranked<Self>> {
        Self::default().into_shared()
    }

    /// As the executions of a search share it.
    pub(crate) fn into_shared(self) -> Arc<Ranked<Self>> {
        Arc::new(Ranked::new(Rank::Collector, self))
    }

    /// Takes note of a panic of the encoding's own outside of its threads, which was caught.
    pub(crate) fn panicked(&mut self, payload: &(dyn std::any::Any + Send)) {
        let message = panic_message(payload);
        self.model_error.get_or_insert_with(|| {
            let location = Box::default();
            ModelError::from(SearchError::Panicked { location, message })
        });
        if let Some(observer) = &mut self.observer {
            observer.abandon();
        }
    }

    /// Whether the strategy goes from state to state.
    pub(crate) fn looks_at_states(&self) -> bool {
        (self.observer.as_ref()).is_some_and(|observer| observer.looks_at_states())
    }

    /// How many operations an execution may have.
    pub(crate) fn most_operations(&self) -> usize {
        let default = if self.is_exhaustive {
            MAX_OPERATIONS
        } else {
            MAX_OPERATIONS_OF_A_SAMPLE
        };
        self.operations.unwrap_or(default)
    }

    /// Whether the search was ended by what an execution found, by a limit or by a panic.
    pub(crate) fn is_over(&self) -> bool {
        let observer = self.observer.as_ref();
        let violated = self.failing > 0 || observer.is_some_and(|observer| observer.is_violated());
        let ended = self.watch.cut_off.is_some() || self.model_error.is_some();
        ended || (self.until_violation && violated)
    }

    /// Takes in an execution that is over.
    pub(crate) fn take_in(&mut self, execution: &mut ExecutionState) -> Next {
        let is_pruned = execution.phase == Phase::Pruned;
        self.executions += u64::from(!is_pruned);
        self.cut_short += u64::from(is_pruned);
        if let Some(invalid) = execution
            .access
            .take_invalid()
            .filter(InvalidAccess::is_the_engines)
        {
            let error = execution.invalid(ThreadId::default(), invalid);
            execution.report_error(error);
        }
        self.model_error = self.model_error.take().or(execution.model_error.take());
        self.checked.append(&mut execution.checked);
        self.longest = self.longest.max(execution.schedule.len());
        self.waits.extend(execution.waits.iter().cloned());
        self.reached.append(&mut execution.reached);
        self.reached.append(&mut execution.waits);
        let observer = self.observer.as_mut();
        let is_taken = observer.is_some_and(|observer| observer.ended(execution));
        if is_pruned || is_taken {
            return self.next();
        }
        // Where an execution ends in a deadlock its final state is that of the unwinding.
        if !matches!(execution.phase, Phase::Stopped { completed: false }) {
            let schedule = || execution.schedule.clone();
            self.outcomes
                .entry(execution.outcome())
                .or_insert_with(schedule);
        }
        if let Some(recorder) = execution.recorder.take() {
            let threads = execution.threads.iter();
            self.last = Some(Last {
                threads: threads.map(|thread| thread.name.to_string()).collect(),
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

    fn violation(&mut self, violation: Violation, schedule: &Schedule) {
        let prefix = &schedule.prefix(violation.at);
        let rank = |prefix: &Schedule| (prefix.len(), switches(prefix));
        match self.found.get_mut(&violation.property) {
            None => {
                let found = Found {
                    executions: 1,
                    first: self.executions,
                    first_schedule: prefix.clone(),
                    schedule: prefix.clone(),
                    cycles: cycles(&violation).collect(),
                    best: violation,
                };
                self.found.insert(found.best.property.clone(), found);
            }
            Some(found) => {
                found.executions += 1;
                found.cycles.extend(cycles(&violation));
                if rank(prefix) < rank(&found.schedule) {
                    found.schedule = prefix.clone();
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
pub(crate) fn switches(schedule: &Schedule) -> usize {
    schedule
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .count()
}

/// What came out of an engine, unless something has shown to be wrong with the encoding.
pub(crate) fn take_model_error<R>(
    collector: &Ranked<Collector>,
    result: Result<R, SearchError>,
) -> Result<R, ModelError> {
    let model_error = collector.lock().model_error.take();
    match (model_error, result) {
        (Some(model_error), _) => Err(model_error),
        (None, Ok(result)) => Ok(result),
        (None, Err(error)) => Err(error.into()),
    }
}

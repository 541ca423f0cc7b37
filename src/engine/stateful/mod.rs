//! The stateful engine: every schedule, depth first, and none twice from the same state.
//!
//! The search goes from state to state by what it remembers of the threads' steps ([`memory`]). Where it
//! comes to a step that it has not seen, it asks for an execution that goes there, on shuttle's threads.
//! The states and what leads from one to another are kept ([`graph`]), so that shortest counterexamples
//! and numbers of schedules can be read off them.

pub(super) mod automata;
mod cache;
pub(super) mod exploration;
pub(super) mod graph;
mod remembered;
mod state;

use self::exploration::{Exploration, Go};
use self::graph::Graph;
use super::collect::Collector;
use super::environment::refuse_environment_limits;
use super::error::{SearchError, take_model_error};
use super::found::Finding;
use super::limits::{Limits, Watch};
use super::model_error::ModelError;
use super::replay::replay;
use super::schedulers::Current;
use super::search::few_threads;
use super::shuttle;
use super::strategy::{Engine, Strategy};
use super::world::{Encoding, unpoisoned};
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Explores every state of an encoding. `Ok(false)` if the collector or a limit ended the search.
pub(super) fn explore(
    encoding: &Arc<dyn Encoding>,
    collector: &Arc<Mutex<Collector>>,
) -> Result<bool, SearchError> {
    {
        let mut collector = unpoisoned(collector);
        let watch = std::mem::take(&mut collector.watch);
        collector.exploration = Some(Exploration::new(collector.until_violation, watch));
    }
    let current = Current::default();
    let depth_first = Box::new(DepthFirst {
        collector: Arc::clone(collector),
        current: current.clone(),
    });
    let complete = shuttle::sample_as(encoding, depth_first, collector, false, current)?;
    let exploration = &mut unpoisoned(collector).exploration;
    if let Some(message) = exploration.as_mut().and_then(|e| e.diverged.take()) {
        return Err(SearchError::Nondeterministic(message));
    }
    if let Some(model_error) = exploration.as_mut().and_then(|e| e.model_error.take()) {
        return Err(model_error);
    }
    let cut_off = exploration.as_ref().and_then(|e| e.watch.cut_off);
    Ok(complete && cut_off.is_none())
}

/// The states of an encoding.
pub(super) fn states(encoding: &Arc<dyn Encoding>) -> Result<Graph, SearchError> {
    explored(encoding).map(|exploration| exploration.graph)
}

/// So many states are visited to know the contracts of a model's waits.
const CONTRACTS_UP_TO: u64 = 200_000;

/// The objects that several threads take work from, after a search for transitions that break the contract of a wait;
/// `None` if the model has too many states to know.
pub(super) fn shared_work(
    encoding: &Arc<dyn Encoding>,
    limits: &Limits,
) -> Result<Option<BTreeSet<usize>>, ModelError> {
    let limits = Limits {
        states: Some(CONTRACTS_UP_TO),
        operations: limits.operations,
        stop: limits.stop.clone(),
        ..Limits::default()
    };
    let collector = Arc::new(Mutex::new(Collector {
        watch: Watch::new(&Strategy::States, &limits)?,
        operations: limits.operations,
        ..Collector::default()
    }));
    let complete = take_model_error(&collector, explore(encoding, &collector))?;
    let exploration = unpoisoned(&collector).exploration.take();
    let cache = exploration.filter(|_| complete).map(|all| all.cache);
    Ok(cache.map(|cache| cache.shared_work()))
}

/// All that a search of every state leaves.
fn explored(encoding: &Arc<dyn Encoding>) -> Result<Exploration, SearchError> {
    refuse_environment_limits()?;
    few_threads(encoding, Engine::Stateful)?;
    let collector = Arc::new(Mutex::new(Collector::default()));
    let explored = explore(encoding, &collector);
    take_model_error(&collector, explored).map_err(|model_error| model_error.error)?;
    let mut collector = unpoisoned(&collector);
    Ok(collector.exploration.take().unwrap_or_default())
}

/// Every state in which an encoding can end: all threads have returned, or none can go on. Of each, a
/// shortest schedule that leads there.
///
/// Who writes last decides how it ends:
/// ```
/// use pagelock::engine::{Encoding, Function, World, endings, replay};
/// use std::sync::Arc;
///
/// const STORE: Function = Function::new("WRITE_ONCE", "include/asm-generic/rwonce.h");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let cell = world.cell("x", 0_u8);
///     for (name, value) in [("one", 1), ("two", 2)] {
///         let cell = cell.clone();
///         world.thread(name, move |task| task.step(&cell, STORE, move |x| *x = value));
///     }
/// });
/// let mut last: Vec<Option<(String, String)>> = Vec::new();
/// for schedule in endings(&model).unwrap() {
///     last.push(replay(&model, &schedule).unwrap().events[1].change.clone());
/// }
/// last.sort();
/// let change = |from: &str, to: &str| Some((from.to_string(), to.to_string()));
/// assert_eq!(last, [change("1", "2"), change("2", "1")]);
/// ```
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn endings(encoding: &Arc<dyn Encoding>) -> Result<Vec<Vec<u8>>, SearchError> {
    let graph = states(encoding)?;
    let ways = graph.shortest();
    Ok(graph.ends().map(|end| ways.schedule(end)).collect())
}

/// The properties that some schedule violates, each with the schedule that is easiest to follow.
pub(super) fn findings(
    encoding: &Arc<dyn Encoding>,
    graph: &Graph,
) -> Result<Vec<Finding>, SearchError> {
    let mut findings = Vec::new();
    for (property, cycles) in graph.violated() {
        let (preemptions, schedule) = graph.fewest_preemptions(&property).unwrap_or_default();
        let again = replay(encoding, &schedule)?;
        let violation = (again.violations.into_iter()).find(|(name, ..)| *name == property);
        let (_, message, cycle, _) = violation.ok_or(SearchError::Diverged(schedule.len()))?;
        findings.push(Finding {
            executions: graph.schedules(Some(&property)).1,
            property: property.into_owned(),
            message,
            cycle,
            cycles: cycles.into_iter().collect(),
            schedule,
            preemptions: Some(preemptions),
            first: None,
        });
    }
    Ok(findings)
}

/// Explores depth first.
pub(super) struct DepthFirst {
    pub(super) collector: Arc<Mutex<Collector>>,
    pub(super) current: Current,
}

impl Scheduler for DepthFirst {
    fn new_execution(&mut self) -> Option<Schedule> {
        let mut collector = unpoisoned(&self.collector);
        let exploration = collector.exploration.as_mut()?;
        exploration.next_execution().then(|| Schedule::new(0))
    }

    /// Asked at the end of an execution too, where nobody can go on.
    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let shared = self.current.shared()?;
        // The thread with index i is the task i + 1, and there are a handful.
        let index = |task: &&Task| u8::try_from(usize::from(task.id()) - 1).unwrap_or(u8::MAX);
        let threads: Vec<u8> = enabled.iter().map(index).collect();
        let mut collector = unpoisoned(&self.collector);
        let exploration = collector.exploration.as_mut()?;
        let mut execution = shared.execution();
        match exploration.direct(&mut execution, &threads) {
            Go::Thread(thread) => return Some(TaskId::from(usize::from(thread) + 1)),
            // The thread that has moved last first: so what a step has left in its variables, and in no object, comes out.
            Go::On => {
                let last = execution
                    .schedule
                    .last()
                    .filter(|last| threads.contains(last));
                return last
                    .or(threads.first())
                    .map(|thread| TaskId::from(usize::from(*thread) + 1));
            }
            Go::End => {}
        }
        enabled.first().map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

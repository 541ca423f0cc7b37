//! The explicit-state engine: every schedule, depth first, and none twice from the same state.
//!
//! The search goes from state to state by the transitions that it has cached ([`TransitionCache`]). Where it
//! reaches a step that it has not seen, it asks for an execution that goes there, on shuttle's threads.
//! The states and what leads from one to another are kept ([`Graph`]), so that shortest counterexamples
//! and numbers of schedules can be read off them.

use crate::engine::backend::shuttle::sample_as;
use crate::engine::backend::threads::few_threads;
use crate::engine::environment::refuse_environment_limits;
use crate::engine::error::SearchError;
use crate::engine::execution::collector::{Collector, take_model_error};
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::model_error::ModelError;
use crate::engine::execution::observer::Observer;
use crate::engine::execution::ranked::{Rank, Ranked};
use crate::engine::execution::state::{ExecutionState, Phase};
use crate::engine::explicit::explorer::{Exploration, Go, Scope};
use crate::engine::explicit::graph::Graph;
use crate::engine::explicit::transition_cache::TransitionCache;
use crate::engine::limits::{Limits, Watch};
use crate::engine::scheduler::Current;
use crate::engine::strategy::Engine;
use crate::model::Encoding;
use crate::trace::ThreadId;
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Explores every state of an encoding. Returns what was explored, and whether that is all of it: a limit or the collector
/// may have ended the search. `cache` is what is known of the encoding already, and then what is known now, whether or not
/// the search has a result.
pub(crate) fn explore(
    encoding: &Arc<dyn Encoding>,
    scope: Scope,
    cache: &mut TransitionCache,
    collector: &Arc<Ranked<Collector>>,
) -> Result<(Exploration, bool), SearchError> {
    let exploration = {
        let mut collector = collector.lock();
        let watch = std::mem::take(&mut collector.watch);
        let exploration = Exploration::new(
            collector.until_violation,
            scope,
            watch,
            std::mem::take(cache),
        );
        let exploration = Arc::new(Ranked::new(Rank::Exploration, exploration));
        collector.observer = Some(Box::new(States(Arc::clone(&exploration))));
        collector.is_exhaustive = true;
        exploration
    };
    let current = Current::default();
    let depth_first = Box::new(DepthFirst {
        exploration: Arc::clone(&exploration),
        current: current.clone(),
    });
    let complete = sample_as(encoding, depth_first, collector, false, current);
    collector.lock().observer = None;
    let mut exploration = std::mem::take(&mut *exploration.lock());
    *cache = std::mem::take(&mut exploration.cache);
    let complete = complete?;
    if let Some(message) = exploration.diverged.take() {
        return Err(SearchError::Nondeterministic(message));
    }
    if let Some(model_error) = exploration.model_error.take() {
        return Err(model_error);
    }
    exploration.graph.operations.clone_from(&cache.operations);
    let is_cut_off = exploration.watch.cut_off.is_some();
    Ok((exploration, complete && !is_cut_off))
}

/// The states of an encoding.
pub(crate) fn states(encoding: &Arc<dyn Encoding>) -> Result<Graph, SearchError> {
    explored(encoding).map(|exploration| exploration.graph)
}

/// The executions of a search that goes from state to state.
struct States(Arc<Ranked<Exploration>>);

impl Observer for States {
    fn looks_at_states(&self) -> bool {
        true
    }

    fn ended(&mut self, execution: &mut ExecutionState) -> bool {
        self.0.lock().end(execution);
        true
    }

    fn is_violated(&self) -> bool {
        self.0.lock().graph.is_violated()
    }

    fn abandon(&mut self) {
        self.0.lock().abandon();
    }
}

/// So many states are visited to know the contracts of a model's waits.
const CONTRACTS_UP_TO: u64 = 200_000;

/// The objects that several threads take work from, after a search for transitions that break the contract of a wait;
/// `None` if the model has too many states to know.
pub(crate) fn shared_work(
    encoding: &Arc<dyn Encoding>,
    limits: &Limits,
) -> Result<Option<BTreeSet<ObjectId>>, ModelError> {
    let limits = Limits {
        states: Some(CONTRACTS_UP_TO),
        operations: limits.operations,
        stop: limits.stop.clone(),
        ..Limits::default()
    };
    let collector = Collector {
        watch: Watch::new(&limits)?,
        operations: limits.operations,
        ..Collector::default()
    }
    .into_shared();
    let mut cache = TransitionCache::default();
    let explored = explore(encoding, Scope::Violations, &mut cache, &collector);
    let (_, complete) = take_model_error(&collector, explored)?;
    Ok(complete.then(|| cache.shared_work()))
}

/// All that a search of every state leaves.
pub(crate) fn explored(encoding: &Arc<dyn Encoding>) -> Result<Exploration, SearchError> {
    explored_with(encoding, TransitionCache::default())
}

/// The same with an empty cache that says what it keeps.
pub(crate) fn explored_with(
    encoding: &Arc<dyn Encoding>,
    mut cache: TransitionCache,
) -> Result<Exploration, SearchError> {
    refuse_environment_limits()?;
    few_threads(encoding, Engine::Stateful)?;
    let collector = Collector::shared();
    let explored = explore(encoding, Scope::All, &mut cache, &collector);
    let explored = take_model_error(&collector, explored);
    explored
        .map(|(mut exploration, _)| {
            exploration.cache = cache;
            exploration
        })
        .map_err(|model_error| model_error.error)
}

/// Every state in which an encoding can end: all threads have returned, or none can go on. Of each, a
/// shortest schedule that leads there.
///
/// Who writes last decides how it ends:
/// ```
/// use pagelock::engine::{endings, replay};
/// use pagelock::model::{Encoding, Function, World};
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
pub fn endings(encoding: &Arc<dyn Encoding>) -> Result<Vec<crate::trace::Schedule>, SearchError> {
    let graph = states(encoding)?;
    let ways = graph.shortest();
    Ok(graph.ends().map(|end| ways.schedule(end)).collect())
}

/// Explores depth first.
pub(crate) struct DepthFirst {
    exploration: Arc<Ranked<Exploration>>,
    current: Current,
}

impl Scheduler for DepthFirst {
    fn new_execution(&mut self) -> Option<Schedule> {
        let mut exploration = self.exploration.lock();
        exploration.next_execution().then(|| Schedule::new(0))
    }

    /// Called at the end of an execution too, where no thread is enabled.
    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let shared = self.current.shared()?;
        // The thread with index i is the task i + 1, and there are a handful.
        let index = |task: &&Task| ThreadId::new(usize::from(task.id()) - 1);
        let threads: Vec<ThreadId> = enabled.iter().map(index).collect();
        let mut execution = shared.execution();
        let mut exploration = self.exploration.lock();
        match exploration.direct(&mut execution, &threads) {
            Go::Thread(thread) => return Some(TaskId::from(thread.index() + 1)),
            // The thread that has moved last first: so what a step has left in its variables, and in no object, comes out.
            Go::On => {
                let last = execution
                    .schedule
                    .last()
                    .filter(|last| threads.contains(last));
                return last
                    .or(threads.first())
                    .map(|thread| TaskId::from(thread.index() + 1));
            }
            Go::End => {}
            // The engine unwinds the threads, one after the other.
            Go::Unwind => execution.phase = Phase::Pruned,
        }
        enabled.first().map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

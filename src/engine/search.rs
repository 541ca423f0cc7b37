//! Searches: what to run, and what came out of it.

use super::collect::{Collector, Found};
use super::replay::replay;
use super::schedulers::EverySchedule;
use super::sleep::SleepSets;
use super::strategy::{Engine, Strategy};
use super::world::{Encoding, Kind, World, unpoisoned};
use super::{
    EnvironmentLimit, MAX_LOOM_THREADS, Order, Resource, loom, refuse_environment_limits, shuttle,
    stateful,
};
use crate::trace::{Cycle, Receipt};
use ::shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use thiserror::Error;

/// A property that some execution violates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The property's name.
    pub property: String,
    /// What happened, in one sentence.
    pub message: String,
    /// For a deadlock with a cycle, the cycle.
    pub cycle: Option<Cycle>,
    /// Every cycle that some execution of the search ends in.
    pub cycles: Vec<Cycle>,
    /// A schedule that violates the property: the thread of each operation up to the violation. Of
    /// a stateful search, of all schedules one with the fewest preemptions, and of those the
    /// shortest; of any other, the shortest that it came across.
    pub schedule: Vec<u8>,
    /// The least number of preemptions that the violation needs, from a stateful search. A
    /// preemption is a switch away from a thread that could have gone on (Musuvathi and Qadeer, PLDI
    /// 2007).
    pub preemptions: Option<usize>,
    /// Executions of the search that violate the property; of a stateful search, schedules that do
    /// (the largest number stands for more).
    pub executions: u64,
    /// The first of the executions and its schedule, unless the search was stateful.
    pub first: Option<First>,
}

/// The first execution of a search that violates a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// Its number, counted from 1.
    pub execution: u64,
    /// The thread of each operation up to the violation.
    pub schedule: Vec<u8>,
}

/// What came out of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What the search did.
    pub receipt: Receipt,
    /// The properties violated, by name.
    pub findings: Vec<Finding>,
    /// The marks reached.
    pub reached: BTreeSet<String>,
    /// Of these, the marks of waits for locks ([`Task::marking_waits`](super::Task::marking_waits)). loom
    /// need not reach one that the other engines do: whether a thread comes to a lock before its holder
    /// has given it up or after is no difference to it.
    pub waits: BTreeSet<String>,
    /// The hashes of the final states of the executions in which every thread returned: not of
    /// those that ended in a deadlock, or with a thread that had left for good. Each with the schedule
    /// of the first execution that ended in it.
    pub outcomes: BTreeMap<u64, Vec<u8>>,
    /// How many of the executions differ in more than the order of independent operations (the traces of
    /// Mazurkiewicz, 1977): in the order in which threads come to some object. 0 of a stateful search,
    /// which does not run executions to their ends.
    pub traces: u64,
    /// Every order in which some thread comes for resources, from a stateful search; empty from any
    /// other.
    pub orders: Vec<Order>,
    /// The resources of every cycle of waits that some execution ends in, each held by whoever waits
    /// for the next, and the last by whoever waits for the first; from a stateful search.
    pub deadlocks: Vec<Vec<Resource>>,
}

impl Search {
    /// The finding for a property, if it was violated.
    #[must_use]
    pub fn finding(&self, property: &str) -> Option<&Finding> {
        self.findings.iter().find(|f| f.property == property)
    }

    /// The hashes of the final states, without their schedules, in which engines may differ.
    #[must_use]
    pub fn ends(&self) -> BTreeSet<u64> {
        self.outcomes.keys().copied().collect()
    }
}

/// Why a search has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SearchError {
    /// A variable of the environment would bound or change the search.
    #[error(transparent)]
    Environment(#[from] EnvironmentLimit),
    /// The model has no threads.
    #[error("the model has no threads: add one with `World::thread`")]
    NoThreads,
    /// Two threads have the same name.
    #[error("two threads are called `{0}`: give each its own name")]
    SameName(String),
    /// More threads than loom takes.
    #[error(
        "the model has {0} threads, and loom takes at most {MAX_LOOM_THREADS}: \
         make the scenario smaller, or leave it to shuttle"
    )]
    TooManyThreads(usize),
    /// An execution does not end.
    #[error(
        "an execution did not end within the engine's limit of operations: \
         bound the loop in the encoding ({0})"
    )]
    Unbounded(String),
    /// The model behaves differently when it is run again.
    #[error(
        "the model is not deterministic: a thread may depend on nothing but what its own \
         operations return ({0})"
    )]
    Nondeterministic(String),
    /// The encoding panicked.
    #[error("the encoding panicked in thread `{thread}`: {message}")]
    Panicked {
        /// The thread, or `?` where the engine cannot tell.
        thread: String,
        /// The panic's message.
        message: String,
    },
    /// A replayed schedule names a thread that cannot go on there.
    #[error("the schedule does not fit the model: its operation {0} cannot take place")]
    Diverged(usize),
}

/// Runs a whole strategy. Violations do not end it: the result counts them.
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn search(encoding: &Arc<dyn Encoding>, strategy: &Strategy) -> Result<Search, SearchError> {
    run(encoding, strategy, false)
}

/// Runs a strategy until the first execution that violates a property. The receipt of a search
/// that was ended so is not complete.
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn search_until_violation(
    encoding: &Arc<dyn Encoding>,
    strategy: &Strategy,
) -> Result<Search, SearchError> {
    run(encoding, strategy, true)
}

fn finding(found: Found) -> Finding {
    Finding {
        property: found.best.property.into_owned(),
        message: found.best.message,
        cycle: found.best.cycle,
        cycles: found.cycles.into_iter().collect(),
        schedule: found.schedule,
        preemptions: None,
        executions: found.executions,
        first: Some(First {
            execution: found.first,
            schedule: found.first_schedule,
        }),
    }
}

fn run(
    encoding: &Arc<dyn Encoding>,
    strategy: &Strategy,
    until_violation: bool,
) -> Result<Search, SearchError> {
    refuse_environment_limits()?;
    let threads = thread_names(encoding)?.len();
    let engine = strategy.engine();
    if engine == Engine::Loom && threads > MAX_LOOM_THREADS {
        return Err(SearchError::TooManyThreads(threads));
    }
    let fingerprint = super::fingerprint(encoding)?;
    let collector = Arc::new(Mutex::new(Collector {
        until_violation,
        sleep: (*strategy == Strategy::Exhaustive).then(SleepSets::default),
        ..Collector::default()
    }));
    let sampled = |scheduler: Box<dyn Scheduler + Send>| {
        shuttle::sample(encoding, scheduler, &collector, false).map(|_| false)
    };
    let finished = match *strategy {
        Strategy::Exhaustive | Strategy::Unaided => loom::explore(encoding, None, &collector),
        Strategy::Preemptions(bound) => {
            loom::explore(encoding, Some(bound), &collector).map(|_| false)
        }
        Strategy::Random { seed, executions } => {
            sampled(Box::new(RandomScheduler::new_from_seed(seed, executions)))
        }
        // With one thread, or without an operation, there is nothing to choose, and shuttle's PCT
        // refuses to run.
        Strategy::Pct {
            seed, executions, ..
        } if threads == 1 || replay(encoding, &[])?.schedule.is_empty() => {
            sampled(Box::new(RandomScheduler::new_from_seed(seed, executions)))
        }
        Strategy::Pct {
            seed,
            depth,
            executions,
        } => sampled(Box::new(PctScheduler::new_from_seed(
            seed,
            depth.max(1),
            executions,
        ))),
        Strategy::Schedules => Ok(every_schedule(encoding, &collector)?),
        Strategy::States => Ok(stateful::explore(encoding, &collector, None)?),
        Strategy::StatesUpTo(most) => Ok(stateful::explore(encoding, &collector, Some(most))?),
    };
    let complete = finished.map_err(|message| failure(&collector, message))?;
    let mut collector = unpoisoned(&collector);
    if let Some((thread, message)) = collector.panicked.take() {
        return Err(SearchError::Panicked { thread, message });
    }
    let mut findings: Vec<Finding> = (std::mem::take(&mut collector.found).into_values())
        .map(finding)
        .collect();
    let mut states = None;
    let (mut orders, mut deadlocks) = (Vec::new(), Vec::new());
    if let Some(exploration) = collector.exploration.take() {
        let graph = exploration.graph;
        findings = stateful::findings(encoding, &graph)?;
        let (schedules, failing) = graph.schedules(None);
        states = Some(graph.states(schedules));
        (orders, deadlocks) = exploration.orders.finish(&graph);
        let waits = exploration.waits;
        collector.reached.extend(waits.iter().cloned());
        collector.waits.extend(waits);
        collector.outcomes = exploration.outcomes;
        collector.longest = exploration.longest;
        collector.failing = failing;
    }
    Ok(Search {
        receipt: Receipt {
            engine: engine.name().to_string(),
            version: engine.version().to_string(),
            strategy: strategy.to_string(),
            bound: match *strategy {
                Strategy::Preemptions(bound) => Some(bound),
                _ => None,
            },
            executions: collector.executions,
            cut_short: collector.cut_short,
            failing: collector.failing,
            longest: collector.longest,
            complete,
            states,
            fingerprint,
        },
        findings,
        reached: (collector.reached.iter().map(ToString::to_string)).collect(),
        waits: (collector.waits.iter().map(ToString::to_string)).collect(),
        outcomes: std::mem::take(&mut collector.outcomes),
        traces: collector.traces.len() as u64,
        orders,
        deadlocks,
    })
}

fn every_schedule(
    encoding: &Arc<dyn Encoding>,
    collector: &Arc<Mutex<Collector>>,
) -> Result<bool, SearchError> {
    let all = EverySchedule::default();
    let diverged = Arc::clone(&all.diverged);
    let complete = shuttle::sample(encoding, Box::new(all), collector, false);
    match *unpoisoned(&diverged) {
        Some(position) => Err(SearchError::Nondeterministic(format!(
            "operation {} was another one before",
            position + 1
        ))),
        None => complete.map_err(|message| failure(collector, message)),
    }
}

/// The names of a model's threads, in their order, from building it once outside of any engine.
///
/// # Errors
/// [`SearchError`] if there are none, or two have the same name.
pub fn thread_names(encoding: &Arc<dyn Encoding>) -> Result<Vec<String>, SearchError> {
    let mut world = World::new(Kind::Shuttle, &Arc::default(), false);
    encoding.build(&mut world);
    let books = world.shared.books();
    let names: Vec<String> = books.threads.iter().map(|t| t.name.clone()).collect();
    if names.is_empty() {
        return Err(SearchError::NoThreads);
    }
    match (names.iter().enumerate()).find(|(i, name)| names[..*i].contains(name)) {
        Some((_, name)) => Err(SearchError::SameName(name.clone())),
        None => Ok(names),
    }
}

/// Says what an engine's panic means.
pub(crate) fn failure(collector: &Arc<Mutex<Collector>>, message: String) -> SearchError {
    if message.contains("exceeded maximum number of branches") || message.contains("max_steps") {
        // The engine's own place in its source says nothing about the encoding.
        let text = message
            .split_once(":\n")
            .map_or(&*message, |(_, text)| text);
        return SearchError::Unbounded(text.to_string());
    }
    if message.contains("fully deterministic") {
        return SearchError::Nondeterministic(message);
    }
    let panicked = unpoisoned(collector).panicked.take();
    let (thread, message) = panicked.unwrap_or_else(|| ("?".to_string(), message));
    SearchError::Panicked { thread, message }
}

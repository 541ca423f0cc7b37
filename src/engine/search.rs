//! Searches: what to run, and what came out of it.

use super::collect::{Collector, Found};
use super::conduct::Conduct;
use super::error::{classified, sound};
use super::fingerprint::fingerprint_of;
use super::limits::{CutOff, Limits, Watch};
use super::mistake::Mistake;
use super::replay::has_choice;
use super::schedulers::{EverySchedule, Random};
use super::sleep::SleepSets;
use super::strategy::{Engine, Strategy};
use super::world::{Encoding, Kind, World, unpoisoned};
use super::{
    MAX_LOOM_THREADS, MAX_THREADS, Order, Resource, SearchError, loom, refuse_environment_limits,
    shuttle, stateful,
};
use crate::trace::{Cycle, Receipt};
use ::shuttle::scheduler::{PctScheduler, Scheduler};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

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
    /// Which limit ended the search, if one did.
    pub cut_off: Option<CutOff>,
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

/// Runs a whole strategy. Violations do not end it: the result counts them.
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn search(encoding: &Arc<dyn Encoding>, strategy: &Strategy) -> Result<Search, SearchError> {
    run(encoding, strategy, false, &Limits::default())
}

/// Runs a strategy as far as the limits allow. A search that comes to one is not complete and is no error:
/// see [`Limits`].
///
/// ```
/// use pagelock::engine::{search, search_within, Encoding, Limits, Strategy, World};
/// use std::sync::Arc;
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| world.thread("one", |_| Ok(())));
/// let within = search_within(&model, &Strategy::States, &Limits::default());
/// assert_eq!(within, search(&model, &Strategy::States));
/// ```
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn search_within(
    encoding: &Arc<dyn Encoding>,
    strategy: &Strategy,
    limits: &Limits,
) -> Result<Search, SearchError> {
    run(encoding, strategy, false, limits)
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
    run(encoding, strategy, true, &Limits::default())
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
    limits: &Limits,
) -> Result<Search, SearchError> {
    refuse_environment_limits()?;
    let mut watch = Watch::new(strategy, limits)?;
    let engine = strategy.engine();
    few_threads(encoding, engine)?;
    let mut conduct = Conduct::default();
    let fingerprint =
        fingerprint_of(encoding, &mut conduct).map_err(|mistake| classified(encoding, mistake))?;
    let is_stopped = watch.look();
    let collector = Arc::new(Mutex::new(Collector {
        until_violation,
        watch,
        sleep: (*strategy == Strategy::Exhaustive).then(SleepSets::default),
        conduct: Some(conduct),
        ..Collector::default()
    }));
    let sampled = |scheduler: Box<dyn Scheduler + Send>| {
        shuttle::sample(encoding, scheduler, &collector, false).map(|_| false)
    };
    let by_loom = |bound| loom::explore(encoding, bound, &collector);
    let finished = match *strategy {
        _ if is_stopped => Ok(false),
        Strategy::Exhaustive | Strategy::Unaided => by_loom(None),
        Strategy::Preemptions(bound) => by_loom(Some(bound)).map(|_| false),
        Strategy::Random { seed, executions } => sampled(Box::new(Random::new(seed, executions))),
        // Where there is nothing to choose, shuttle's PCT refuses to run.
        Strategy::Pct {
            seed, executions, ..
        } if !has_choice(encoding)? => sampled(Box::new(Random::new(seed, executions))),
        Strategy::Pct {
            seed,
            depth,
            executions,
        } => sampled(Box::new(PctScheduler::new_from_seed(
            seed,
            depth.max(1),
            executions,
        ))),
        Strategy::Schedules => every_schedule(encoding, &collector),
        Strategy::States | Strategy::StatesUpTo(_) => stateful::explore(encoding, &collector),
    };
    let complete = sound(&collector, finished)
        .and_then(|complete| audited(encoding, &collector, complete))
        .map_err(|mistake| classified(encoding, mistake))?;
    let mut collector = unpoisoned(&collector);
    let mut findings: Vec<Finding> = (std::mem::take(&mut collector.found).into_values())
        .map(finding)
        .collect();
    let mut states = None;
    let (mut orders, mut deadlocks) = (Vec::new(), Vec::new());
    let exploration = collector.exploration.take();
    if let Some(exploration) = &exploration {
        collector.watch.cut_off = exploration.watch.cut_off;
    }
    // One that was ended before its first state has nothing to tell.
    if let Some(exploration) = exploration.filter(|exploration| exploration.graph.len() > 0) {
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
        cut_off: collector.watch.cut_off,
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
        None => complete,
    }
}

/// So many executions at random are held against an exhaustive search.
const AUDIT: usize = 32;

/// An exhaustive search leaves out what it knows: orders of operations that make no difference, steps
/// that it has seen. Some of that is run all the same, for a thread that does not do what it did.
fn audited(
    encoding: &Arc<dyn Encoding>,
    collector: &Mutex<Collector>,
    complete: bool,
) -> Result<bool, Mistake> {
    if !complete {
        return Ok(false);
    }
    let mut collector = unpoisoned(collector);
    let again = Arc::new(Mutex::new(Collector {
        conduct: collector.conduct.take(),
        ..Collector::default()
    }));
    let random = Box::new(Random::new(0, AUDIT));
    sound(&again, shuttle::sample(encoding, random, &again, false)).map(|_| true)
}

/// How many threads a model has, if the engine takes so many.
pub(super) fn few_threads(
    encoding: &Arc<dyn Encoding>,
    engine: Engine,
) -> Result<usize, SearchError> {
    let threads = thread_names(encoding)?.len();
    let most = match engine {
        Engine::Loom => MAX_LOOM_THREADS,
        Engine::Shuttle | Engine::Stateful => MAX_THREADS,
    };
    if threads <= most {
        return Ok(threads);
    }
    Err(SearchError::TooManyThreads {
        engine,
        threads,
        most,
    })
}

/// The names of a model's threads, in their order, from building it once outside of any engine.
///
/// # Errors
/// [`SearchError`] if there are none, or two have the same name.
pub fn thread_names(encoding: &Arc<dyn Encoding>) -> Result<Vec<String>, SearchError> {
    let mut world = World::new(Kind::Shuttle, &Arc::default(), false);
    if let Err(panic) = super::quiet::run(|| encoding.build(&mut world)) {
        return Err(SearchError::Panicked {
            spot: Box::default(),
            message: panic.message,
        });
    }
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

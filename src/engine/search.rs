//! Searches: what to run, and who runs it.

use super::collect::{Collector, Found};
use super::conduct::Conduct;
use super::error::{classified, sound};
use super::fingerprint::fingerprint_of;
use super::found::{Finding, First, Search};
use super::limits::{Limits, Watch};
use super::mistake::Mistake;
use super::replay::has_choice;
use super::schedulers::{EverySchedule, Random};
use super::sleep::SleepSets;
use super::strategy::{Engine, Strategy};
use super::world::{Encoding, Kind, World, unpoisoned};
use super::{
    MAX_LOOM_THREADS, MAX_THREADS, SearchError, loom, refuse_environment_limits, shuttle, stateful,
};
use crate::trace::SearchStatistics;
use ::shuttle::scheduler::{PctScheduler, Scheduler};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Runs a whole strategy. Violations do not end it: the result counts them.
///
/// Two threads that each count by a read and a write. Every schedule is run, whatever goes wrong in it:
///
/// ```
/// # use pagelock::engine::{Encoding, Function, World};
/// # use std::sync::Arc;
/// # const READ: Function = Function::new("read", "a.c");
/// # const WRITE: Function = Function::new("write", "a.c");
/// # fn counting() -> Arc<dyn Encoding> {
/// #     Arc::new(|world: &mut World| {
/// #         let count = world.cell("count", 0_u8);
/// #         let end = count.clone();
/// #         for name in ["one", "two"] {
/// #             let count = count.clone();
/// #             world.thread(name, move |task| {
/// #                 let seen = task.step(&count, READ, |count| *count)?;
/// #                 task.step(&count, WRITE, move |count| *count = seen + 1)
/// #             });
/// #         }
/// #         world.finally(move |task| task.check("both", end.peek(|c| *c == 2), || "one is lost".into()));
/// #     })
/// # }
/// use pagelock::engine::{Strategy, search};
///
/// let found = search(&counting(), &Strategy::Schedules).unwrap();
/// assert_eq!((found.receipt.executions, found.receipt.failing), (6, 4));
/// assert!(found.receipt.complete);
/// // A sample may find as much, and is never complete.
/// let sample = search(&counting(), &Strategy::Random { seed: 1, executions: 10 }).unwrap();
/// assert!(!sample.receipt.complete);
/// ```
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
/// Of a model that is known to fail the first failure may be enough:
///
/// ```
/// # use pagelock::engine::{Encoding, Function, World};
/// # use std::sync::Arc;
/// # const READ: Function = Function::new("read", "a.c");
/// # const WRITE: Function = Function::new("write", "a.c");
/// # fn counting() -> Arc<dyn Encoding> {
/// #     Arc::new(|world: &mut World| {
/// #         let count = world.cell("count", 0_u8);
/// #         let end = count.clone();
/// #         for name in ["one", "two"] {
/// #             let count = count.clone();
/// #             world.thread(name, move |task| {
/// #                 let seen = task.step(&count, READ, |count| *count)?;
/// #                 task.step(&count, WRITE, move |count| *count = seen + 1)
/// #             });
/// #         }
/// #         world.finally(move |task| task.check("both", end.peek(|c| *c == 2), || "one is lost".into()));
/// #     })
/// # }
/// use pagelock::engine::{Strategy, search_until_violation};
///
/// let found = search_until_violation(&counting(), &Strategy::Schedules).unwrap();
/// assert_eq!((found.receipt.failing, found.receipt.complete), (1, false));
/// assert_eq!(found.findings[0].first.as_ref().unwrap().execution, found.receipt.executions);
/// ```
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
    if super::quiet::is_in_model() {
        return Err(SearchError::Nested);
    }
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
        operations: limits.operations,
        shared_work: shared_work(encoding, engine, limits)?,
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
        collector.longest = graph.longest();
        collector.failing = failing;
    }
    Ok(Search {
        receipt: SearchStatistics {
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
        checked: (collector.checked.iter().map(ToString::to_string)).collect(),
        outcomes: std::mem::take(&mut collector.outcomes),
        traces: collector.traces.len() as u64,
        orders,
        deadlocks,
        cut_off: collector.watch.cut_off,
    })
}

/// loom need not run the order of operations in which a wait's contract is broken, and leaves out looks for work that
/// one thread alone takes: so both are read off the graph of states first.
fn shared_work(
    encoding: &Arc<dyn Encoding>,
    engine: Engine,
    limits: &Limits,
) -> Result<Option<BTreeSet<usize>>, SearchError> {
    if engine != Engine::Loom {
        return Ok(None);
    }
    stateful::shared_work(encoding, limits).map_err(|mistake| classified(encoding, mistake))
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
/// What counts and names the threads of a schedule:
///
/// ```
/// use pagelock::engine::{Encoding, SearchError, World, thread_names};
/// use std::sync::Arc;
///
/// let model = |names: &'static [&'static str]| -> Arc<dyn Encoding> {
///     Arc::new(|world: &mut World| names.iter().for_each(|name| world.thread(*name, |_| Ok(()))))
/// };
/// assert_eq!(thread_names(&model(&["writer", "flusher"])).unwrap(), ["writer", "flusher"]);
/// let twice = thread_names(&model(&["writer", "writer"]));
/// assert_eq!(twice, Err(SearchError::SameName("writer".to_string())));
/// ```
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
    let names: Vec<String> = books.threads.iter().map(|t| t.name.to_string()).collect();
    if names.is_empty() {
        return Err(SearchError::NoThreads);
    }
    match (names.iter().enumerate()).find(|(i, name)| names[..*i].contains(name)) {
        Some((_, name)) => Err(SearchError::SameName(name.clone())),
        None => Ok(names),
    }
}

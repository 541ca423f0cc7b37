//! Searches: what to run, and which backend runs it.

use crate::engine::backend::loom::explore_by_loom;
use crate::engine::backend::shuttle::sample;
use crate::engine::backend::sleep_sets::SleepSets;
use crate::engine::backend::threads::few_threads;
use crate::engine::environment::refuse_environment_limits;
use crate::engine::error::SearchError;
use crate::engine::execution::collector::{Collector, Found, take_model_error};
use crate::engine::execution::determinism::DeterminismChecker;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::model_error::ModelError;
use crate::engine::execution::panics::is_in_model;
use crate::engine::execution::ranked::{Ranked, unpoisoned};
use crate::engine::explicit::explorer::{Exploration, Scope};
use crate::engine::explicit::graph::Graph;
use crate::engine::explicit::search::{explore, shared_work as objects_of_shared_work};
use crate::engine::explicit::transition_cache::TransitionCache;
use crate::engine::limits::{Limits, Watch};
use crate::engine::scheduler::dfs::Dfs;
use crate::engine::scheduler::random::Random;
use crate::engine::search::diagnose::diagnose;
use crate::engine::search::fingerprint::fingerprint_of;
use crate::engine::search::replay::{has_choice, replay};
use crate::engine::search::result::{Finding, First, Search};
use crate::engine::strategy::{Engine, Strategy};
use crate::model::Encoding;
use crate::trace::SearchStatistics;
use ::shuttle::scheduler::{PctScheduler, Scheduler};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs a whole strategy. Violations do not end it: the result counts them.
///
/// Two threads that each count by a read and a write. Every schedule is run, whatever goes wrong in it:
///
/// ```
/// # use pagelock::model::{Encoding, Function, World};
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
/// let found = search(&counting(), &Strategy::AllSchedules).unwrap();
/// assert_eq!((found.statistics.executions, found.statistics.failing), (6, 4));
/// assert!(found.statistics.complete);
/// // A sample may find as much, and is never complete.
/// let sample = search(&counting(), &Strategy::Random { seed: 1, executions: 10 }).unwrap();
/// assert!(!sample.statistics.complete);
/// ```
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn search(encoding: &Arc<dyn Encoding>, strategy: &Strategy) -> Result<Search, SearchError> {
    run(encoding, strategy, false, &Limits::default())
}

/// Runs a strategy as far as the limits allow. A search that reaches one is not complete and is no error:
/// see [`Limits`].
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

/// Runs a strategy until the first execution that violates a property. The statistics of a search
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

fn finding(encoding: &Arc<dyn Encoding>, found: Found) -> Result<Finding, SearchError> {
    Ok(Finding {
        replay: Box::new(replay(encoding, &found.schedule)?),
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
    })
}

fn run(
    encoding: &Arc<dyn Encoding>,
    strategy: &Strategy,
    until_violation: bool,
    limits: &Limits,
) -> Result<Search, SearchError> {
    if is_in_model() {
        return Err(SearchError::Nested);
    }
    refuse_environment_limits()?;
    let mut watch = Watch::new(limits)?;
    let engine = strategy.engine();
    few_threads(encoding, engine)?;
    let mut determinism = DeterminismChecker::default();
    let fingerprint = fingerprint_of(encoding, &mut determinism)
        .map_err(|model_error| diagnose(encoding, model_error))?;
    let is_stopped = watch.look();
    let shared_work = match engine {
        Engine::Loom => shared_work(encoding, limits)?,
        Engine::Shuttle | Engine::Stateful => None,
    };
    let collector = Collector {
        until_violation,
        operations: limits.operations,
        watch,
        is_exhaustive: engine != Engine::Shuttle,
        determinism: Some(determinism),
        ..Collector::default()
    }
    .into_shared();
    let finished = if is_stopped {
        Ok((None, false))
    } else {
        executions(encoding, strategy, &collector, shared_work.as_ref())
    };
    let (exploration, complete) = take_model_error(&collector, finished)
        .and_then(|(exploration, complete)| {
            let complete = cross_check_by_sampling(encoding, &collector, complete)?;
            Ok((exploration, complete))
        })
        .map_err(|model_error| diagnose(encoding, model_error))?;
    let mut collected = std::mem::take(&mut *collector.lock());
    let mut findings = (std::mem::take(&mut collected.found).into_values())
        .map(|found| finding(encoding, found))
        .collect::<Result<Vec<_>, _>>()?;
    let mut states = None;
    let (mut orders, mut deadlocks) = (Vec::new(), Vec::new());
    if let Some(exploration) = &exploration {
        collected.watch.cut_off = exploration.watch.cut_off;
    }
    // One that was ended before its first state has nothing to report.
    if let Some(exploration) = exploration.filter(|exploration| exploration.graph.len() > 0) {
        let graph = exploration.graph;
        findings = findings_of(encoding, &graph)?;
        let (schedules, failing) = graph.schedules(None);
        states = Some(graph.states(schedules));
        (orders, deadlocks) = exploration.orders.finish(&graph);
        collected.reached.extend(exploration.waits.iter().cloned());
        collected.waits.extend(exploration.waits);
        collected.outcomes = exploration.outcomes;
        collected.longest = graph.longest();
        collected.failing = failing;
    }
    let names =
        |names: &BTreeSet<Cow<'static, str>>| names.iter().map(ToString::to_string).collect();
    Ok(Search {
        statistics: SearchStatistics {
            engine: engine.name().to_string(),
            version: engine.version().to_string(),
            strategy: limits.describe(strategy),
            bound: match *strategy {
                Strategy::Preemptions(bound) => Some(bound),
                _ => None,
            },
            executions: collected.executions,
            cut_short: collected.cut_short,
            failing: collected.failing,
            longest: collected.longest,
            complete,
            states,
            fingerprint,
        },
        findings,
        reached: names(&collected.reached),
        waits: names(&collected.waits),
        checked: names(&collected.checked),
        outcomes: collected.outcomes,
        traces: collected.traces.len() as u64,
        orders,
        deadlocks,
        cut_off: collected.watch.cut_off,
    })
}

/// Runs the executions of a strategy. Returns what an explicit-state search has explored, and whether the search is
/// complete.
fn executions(
    encoding: &Arc<dyn Encoding>,
    strategy: &Strategy,
    collector: &Arc<Ranked<Collector>>,
    shared_work: Option<&BTreeSet<ObjectId>>,
) -> Result<(Option<Exploration>, bool), SearchError> {
    let sampled = |scheduler: Box<dyn Scheduler + Send>| {
        sample(encoding, scheduler, collector, false).map(|_| false)
    };
    let by_loom = |bound| explore_by_loom(encoding, bound, collector, shared_work.cloned());
    let complete = match *strategy {
        Strategy::LoomSleepSets => {
            collector.lock().observer = Some(Box::new(SleepSets::default()));
            by_loom(None)
        }
        Strategy::LoomPlain => by_loom(None),
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
        Strategy::AllSchedules => every_schedule(encoding, collector),
        Strategy::ExplicitState => {
            let (exploration, complete) = explore(
                encoding,
                Scope::All,
                &mut TransitionCache::default(),
                collector,
            )?;
            return Ok((Some(exploration), complete));
        }
    };
    Ok((None, complete?))
}

/// loom need not run the order of operations in which a wait's contract is broken, and leaves out looks for work that
/// one thread alone takes: so both are read off the graph of states first.
fn shared_work(
    encoding: &Arc<dyn Encoding>,
    limits: &Limits,
) -> Result<Option<BTreeSet<ObjectId>>, SearchError> {
    objects_of_shared_work(encoding, limits).map_err(|model_error| diagnose(encoding, model_error))
}

fn every_schedule(
    encoding: &Arc<dyn Encoding>,
    collector: &Arc<Ranked<Collector>>,
) -> Result<bool, SearchError> {
    let all = Dfs::default();
    let diverged = Arc::clone(&all.diverged);
    let complete = sample(encoding, Box::new(all), collector, false);
    match *unpoisoned(&diverged) {
        Some(position) => Err(SearchError::Nondeterministic(format!(
            "operation {} was another one before",
            position + 1
        ))),
        None => complete,
    }
}

/// So many random executions are compared with an exhaustive search.
const CROSS_CHECKS: usize = 32;

/// An exhaustive search leaves out what it knows: orders of operations that make no difference, steps
/// that it has seen. Some of that is run all the same, for a thread that does not do what it did.
fn cross_check_by_sampling(
    encoding: &Arc<dyn Encoding>,
    collector: &Ranked<Collector>,
    complete: bool,
) -> Result<bool, ModelError> {
    if !complete {
        return Ok(false);
    }
    let determinism = collector.lock().determinism.take();
    let again = Collector {
        determinism,
        ..Collector::default()
    }
    .into_shared();
    let random = Box::new(Random::new(0, CROSS_CHECKS));
    take_model_error(&again, sample(encoding, random, &again, false)).map(|_| true)
}

/// The properties that some schedule violates, each with the schedule that is easiest to follow.
fn findings_of(encoding: &Arc<dyn Encoding>, graph: &Graph) -> Result<Vec<Finding>, SearchError> {
    let mut findings = Vec::new();
    for (property, cycles) in graph.violated() {
        let (preemptions, schedule) = graph.fewest_preemptions(&property).unwrap_or_default();
        let replay = Box::new(replay(encoding, &schedule)?);
        let violation = (replay.violations.iter()).find(|(name, ..)| *name == property);
        let (_, message, cycle, _) =
            (violation.cloned()).ok_or(SearchError::Diverged(schedule.len()))?;
        findings.push(Finding {
            executions: graph.schedules(Some(&property)).1,
            property: property.into_owned(),
            message,
            cycle,
            cycles: cycles.into_iter().collect(),
            schedule,
            preemptions: Some(preemptions),
            first: None,
            replay,
        });
    }
    Ok(findings)
}

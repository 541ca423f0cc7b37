//! A schedule that is known, executed again.

use crate::engine::backend::loom::follow_by_loom;
use crate::engine::backend::shuttle::sample;
use crate::engine::backend::threads::few_threads;
use crate::engine::environment::refuse_environment_limits;
use crate::engine::error::SearchError;
use crate::engine::execution::collector::{Collector, take_model_error};
use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::state::Violation;
use crate::engine::explicit::search::states;
use crate::engine::scheduler::replay::Replay;
use crate::engine::strategy::Engine;
use crate::model::Encoding;
use crate::trace::{Cycle, Event, Object, Schedule};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One execution, event by event.
///
/// What a schedule does, as data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The names of the threads, in their order.
    pub threads: Vec<String>,
    /// Every object, with what it held before anything happened.
    pub objects: Vec<Object>,
    /// Every event.
    pub events: Vec<Event>,
    /// The thread of each operation.
    pub schedule: Schedule,
    /// The properties violated, each with its message, its cycle and the operations before it.
    pub violations: Vec<(String, String, Option<Cycle>, usize)>,
    /// The cover points reached.
    pub reached: BTreeSet<String>,
}

impl Replayed {
    /// Whether the execution violates a property.
    #[must_use]
    pub fn violates(&self, property: &str) -> bool {
        (self.violations.iter()).any(|(violated, ..)| violated == property)
    }
}

/// Executes a schedule under shuttle's scheduler and records every event. Past the schedule's end
/// the threads go on in their order.
///
/// A counterexample is a schedule, and a schedule can be executed again:
/// ```
/// use pagelock::engine::{SearchError, Strategy, replay, search};
/// use pagelock::protocols;
/// use pagelock::trace::Schedule;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let encoding = spec.encoding(spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let found = search(&encoding, &Strategy::ExplicitState).unwrap();
/// let deadlock = found.finding("no-deadlock").unwrap();
/// let again = replay(&encoding, &deadlock.schedule).unwrap();
/// assert!(again.violations.iter().any(|(property, ..)| property == "no-deadlock"));
/// // There is no thread 7 that could take the first turn.
/// assert_eq!(replay(&encoding, &Schedule::from([7])), Err(SearchError::Diverged(1)));
/// ```
///
/// # Errors
/// [`SearchError::Diverged`] if the schedule does not fit the model.
pub fn replay(encoding: &Arc<dyn Encoding>, schedule: &Schedule) -> Result<Replayed, SearchError> {
    let (replayed, diverged) = given(encoding, schedule)?;
    match diverged {
        Some(position) => Err(SearchError::Diverged(position + 1)),
        None => Ok(replayed),
    }
}

/// Executes a model as near to the schedule of another model as it will go: of the turns that the schedule
/// has left, the first whose thread can go on is taken. Past the schedule's end the threads go on in their
/// order. So two designs can be seen side by side.
///
/// Two threads that take two locks in opposite orders, and the same two where the orders agree:
/// ```
/// use pagelock::engine::{SearchError, replay, replay_best_effort};
/// use pagelock::model::{Encoding, Function, World};
/// use pagelock::trace::Schedule;
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
/// let model = |agree: bool| -> Arc<dyn Encoding> {
///     Arc::new(move |world: &mut World| {
///         let (a, b) = (world.lock("a", "mutex", ()), world.lock("b", "mutex", ()));
///         let turned = if agree { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
///         for (name, (first, second)) in [("one", (a, b)), ("two", turned)] {
///             world.thread(name, move |task| {
///                 let _outer = task.acquire(&first, LOCK)?;
///                 let _inner = task.acquire(&second, LOCK)?;
///                 Ok(())
///             });
///         }
///     })
/// };
/// let deadlock = Schedule::from([0, 1]);
/// assert_eq!(replay(&model(false), &deadlock).unwrap().violations[0].0, "no-deadlock");
/// // Where they agree, thread 1 cannot have its turn before thread 0 is done.
/// assert_eq!(replay(&model(true), &deadlock), Err(SearchError::Diverged(2)));
/// let near = replay_best_effort(&model(true), &deadlock).unwrap();
/// assert_eq!((near.schedule, near.violations.len()), (Schedule::from([0, 0, 1, 1]), 0));
/// ```
///
/// # Errors
/// [`SearchError`] if the model cannot be run.
pub fn replay_best_effort(
    encoding: &Arc<dyn Encoding>,
    schedule: &Schedule,
) -> Result<Replayed, SearchError> {
    given(encoding, schedule).map(|(replayed, _)| replayed)
}

/// Whether a model has more than one schedule. If the first thread that can go on always does, and never
/// could another one have, there is no other schedule.
pub(crate) fn has_choice(encoding: &Arc<dyn Encoding>) -> Result<bool, SearchError> {
    let collector = Collector::shared();
    let given = Replay::new(&Schedule::default());
    let has_choice = Arc::clone(&given.has_choice);
    let ran = sample(encoding, Box::new(given), &collector, false);
    take_model_error(&collector, ran).map_err(|model_error| model_error.error)?;
    Ok(has_choice.load(Ordering::Relaxed))
}

/// An execution near a schedule, and where it first left it.
fn given(
    encoding: &Arc<dyn Encoding>,
    schedule: &Schedule,
) -> Result<(Replayed, Option<usize>), SearchError> {
    refuse_environment_limits()?;
    few_threads(encoding, Engine::Shuttle)?;
    let collector = Collector::shared();
    let given = Replay::new(schedule);
    let diverged = Arc::clone(&given.diverged);
    let ran = sample(encoding, Box::new(given), &collector, true);
    take_model_error(&collector, ran).map_err(|model_error| model_error.error)?;
    let replayed = replayed(&mut collector.lock())?;
    Ok((replayed, *unpoisoned(&diverged)))
}

/// The same as [`replay`] by a chosen engine. Under loom, waits are no events of the record, and past the
/// schedule's end the threads go on as loom will have it. By the explicit-state engine, the schedule must be a
/// path through the states that its search visits.
///
/// # Errors
/// [`SearchError::Diverged`] if the schedule does not fit the model, and any error of the engine's search.
pub fn replay_by(
    engine: Engine,
    encoding: &Arc<dyn Encoding>,
    schedule: &Schedule,
) -> Result<Replayed, SearchError> {
    match engine {
        Engine::Shuttle => replay(encoding, schedule),
        Engine::Loom => {
            // loom would take a thread that cannot take its turn for a deadlock.
            replay(encoding, schedule)?;
            few_threads(encoding, Engine::Loom)?;
            let collector = Collector {
                is_exhaustive: true,
                ..Collector::default()
            }
            .into_shared();
            let followed = follow_by_loom(encoding, schedule, &collector);
            take_model_error(&collector, followed).map_err(|model_error| model_error.error)?;
            let again = replayed(&mut collector.lock())?;
            let pairs = again.schedule.iter().zip(schedule);
            let same = pairs.take_while(|(taken, given)| taken == given).count();
            if same < schedule.len() {
                return Err(SearchError::Diverged(same + 1));
            }
            Ok(again)
        }
        Engine::Stateful => {
            let graph = states(encoding)?;
            let on_the_way = graph.walk(schedule).map_err(SearchError::Diverged)?;
            let mut again = replay(encoding, schedule)?;
            (again.violations).retain(|(property, ..)| on_the_way.contains(&**property));
            Ok(again)
        }
    }
}

fn replayed(collector: &mut Collector) -> Result<Replayed, SearchError> {
    let last = collector.last.take().ok_or(SearchError::NoThreads)?;
    let flat = |v: Violation| (v.property.into_owned(), v.message, v.cycle, v.at);
    Ok(Replayed {
        threads: last.threads,
        objects: last.objects,
        events: last.events,
        schedule: last.schedule,
        violations: last.violations.into_iter().map(flat).collect(),
        reached: (collector.reached.iter().map(ToString::to_string)).collect(),
    })
}

//! The random engine: schedules drawn at random, by PCT, or given.
//!
//! No primitive of shuttle is used but its coroutines and its scheduler. A thread *announces* its
//! next operation in the execution state and switches; the scheduler of [`super::schedulers`] offers the
//! strategy only those threads whose operation can take effect. So there are no wakeups and no
//! retries, and a deadlock is plain: nobody can go on.

use super::Task;
use super::collect::{Collector, Next};
use super::determinism::makes;
use super::error::SearchError;
use super::execution::Status;
use super::model_error::MAX_OPERATIONS_OF_A_SAMPLE;
use super::schedulers::{Current, EnabledOnly};
use super::world::{Encoding, Kind, World, unpoisoned};
use super::{at_the_end, watchdog};
use ::shuttle::scheduler::Scheduler;
use ::shuttle::{Config, FailurePersistence, MaxSteps, Runner};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The stack of a modelled thread in bytes: shuttle's default of 60 KiB overflows without a word.
const STACK_BYTES: usize = 128 * 1024;

/// For each operation that an execution may have, so many scheduling points: more than operations take, since what is
/// left of an execution that shuttle ends by itself is never given back.
const POINTS_FOR_AN_OPERATION: usize = 8;

/// Gives the scheduler a chance to run another thread.
pub(crate) fn switch() {
    // A sleep of no length is shuttle's plain scheduling point: it carries no hint that the
    // thread would rather not run, as a yield does.
    ::shuttle::thread::sleep(Duration::ZERO);
}

/// Runs an encoding under shuttle until `strategy` has no further execution. `Ok(false)` if the
/// collector ended the search.
pub(crate) fn sample(
    encoding: &Arc<dyn Encoding>,
    strategy: Box<dyn Scheduler + Send>,
    collector: &Arc<Mutex<Collector>>,
    record: bool,
) -> Result<bool, SearchError> {
    sample_as(encoding, strategy, collector, record, Current::default())
}

/// The same, for a strategy that looks at the execution under way itself.
pub(crate) fn sample_as(
    encoding: &Arc<dyn Encoding>,
    strategy: Box<dyn Scheduler + Send>,
    collector: &Arc<Mutex<Collector>>,
    record: bool,
    current: Current,
) -> Result<bool, SearchError> {
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    config.failure_persistence = FailurePersistence::None;
    let operations = unpoisoned(collector).most_operations(Kind::Shuttle);
    let operations = operations.max(MAX_OPERATIONS_OF_A_SAMPLE);
    config.max_steps = MaxSteps::FailAfter(POINTS_FOR_AN_OPERATION * operations);
    config.silence_warnings = true;

    let scheduler = EnabledOnly::new(strategy, current.clone());
    let (encoding, results) = (Arc::clone(encoding), Arc::clone(collector));
    let run = super::panic_hook::run(move || {
        Runner::new(scheduler, config).run(move || {
            let execution = || execution(&*encoding, &results, &current, record);
            // Caught here, what the encoding panics with outside of its threads is not printed by shuttle.
            if let Err(payload) = catch_unwind(AssertUnwindSafe(execution)) {
                unpoisoned(&results).panicked(&*payload);
                current.end(true);
            }
        })
    });
    match run {
        Ok(_) => Ok(!unpoisoned(collector).is_over()),
        Err(panic) => Err(SearchError::of_the_engine(panic.message)),
    }
}

fn execution(
    encoding: &dyn Encoding,
    collector: &Arc<Mutex<Collector>>,
    current: &Current,
    record: bool,
) {
    let mut world = World::new(Kind::Shuttle, collector, record);
    world.shared.execution().stateful = unpoisoned(collector).exploration.is_some();
    encoding.build(&mut world);
    let World { shared, bodies } = world;
    makes(collector, &mut shared.execution());
    shared.execution().begin_record();
    current.begin(&shared);
    watchdog::watch(&shared);
    let threads: Vec<_> = (bodies.into_iter().enumerate())
        .map(|(id, body)| {
            let task = Task {
                id,
                shared: Arc::clone(&shared),
            };
            ::shuttle::thread::spawn(move || run_body(&task, body))
        })
        .collect();
    current.all_spawned();
    switch();
    // The scheduler resumes this thread when the others have returned: no join waits.
    for thread in threads {
        // Nothing panics out of `run_body`.
        let _ = thread.join();
    }
    at_the_end::check(&shared);
    let next = unpoisoned(collector).execution(&mut shared.execution());
    current.end(next == Next::Nothing);
}

fn run_body(task: &Task, body: impl FnOnce(&Task) -> Result<(), super::Halt>) {
    task.begins();
    // Caught here, a panic of the encoding's own is not printed by shuttle; guards have dropped.
    let result = catch_unwind(AssertUnwindSafe(|| body(task)));
    task.at_the_end_of_the_body(result);
    let mut execution = task.shared.execution();
    execution.access.close();
    execution.threads[task.id].status = Status::Finished;
}

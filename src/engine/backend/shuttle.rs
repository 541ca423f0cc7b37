//! The random engine: schedules drawn at random, by PCT, or given.
//!
//! No primitive of shuttle is used but its coroutines and its scheduler. A thread *announces* its
//! next operation in the state of the execution and switches; the scheduler
//! [`EnabledOnly`](super::super::scheduler::enabled_only::EnabledOnly) offers the
//! strategy only those threads whose operation can take effect. So there are no wakeups and no
//! retries, and a deadlock is plain: no thread is enabled.

use crate::engine::backend::panic_hook::run_silenced;
use crate::engine::backend::{final_check, watchdog};
use crate::engine::error::SearchError;
use crate::engine::execution::backend::{Backend, Exclusion};
use crate::engine::execution::collector::{Collector, Next};
use crate::engine::execution::halt::Halt;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::parameters;
use crate::engine::execution::ranked::Ranked;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{Arrival, Status};
use crate::engine::scheduler::Current;
use crate::engine::scheduler::enabled_only::EnabledOnly;
use crate::engine::strategy::MAX_OPERATIONS_OF_A_SAMPLE;
use crate::model::{Encoding, Task, World};
use crate::trace::ThreadId;
use ::shuttle::scheduler::Scheduler;
use ::shuttle::{Config, FailurePersistence, MaxSteps, Runner};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// The stack of a modelled thread in bytes: shuttle's default of 60 KiB overflows without a word.
const STACK_BYTES: usize = 128 * 1024;

/// For each operation that an execution may have, so many scheduling points: more than operations take, since what is
/// left of an execution that shuttle ends by itself is never given back.
const POINTS_FOR_AN_OPERATION: usize = 8;

/// shuttle's threads, and a scheduler that knows every announced operation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ShuttleBackend;

/// Gives the scheduler a chance to run another thread.
fn switch() {
    // A sleep of no length is shuttle's plain scheduling point: it carries no hint that the
    // thread would rather not run, as a yield does.
    ::shuttle::thread::sleep(Duration::ZERO);
}

impl Backend for ShuttleBackend {
    fn exclusion(&self) -> Option<Arc<dyn Exclusion>> {
        None
    }

    fn schedules_waits(&self) -> bool {
        true
    }

    fn needs_idle_looks(&self, _object: ObjectId) -> bool {
        true
    }

    fn switch(&self, _shared: &Shared, _thread: ThreadId) -> Result<(), Halt> {
        switch();
        Ok(())
    }

    fn switch_to_lock(
        &self,
        _shared: &Shared,
        _thread: ThreadId,
        _object: ObjectId,
        _arrival: Arrival,
    ) -> Result<(), Halt> {
        switch();
        Ok(())
    }

    fn is_explored(
        &self,
        _shared: &Shared,
        _thread: ThreadId,
        _object: ObjectId,
        _execution: &mut ExecutionState,
    ) -> bool {
        false
    }

    /// The scheduler runs a thread whose operation cannot take effect only to unwind it.
    fn block(&self, _shared: &Shared, _thread: ThreadId, _status: Status) -> Result<(), Halt> {
        switch();
        Ok(())
    }

    fn woken_by(&self, _execution: &mut ExecutionState, _object: ObjectId) -> Vec<ThreadId> {
        Vec::new()
    }

    fn wake(&self, _shared: &Shared, _threads: &[ThreadId]) {}

    fn unwound(&self, _shared: &Shared, _thread: ThreadId) -> Halt {
        Halt {}
    }

    fn end(&self, _shared: &Shared) {}
}

/// Runs an encoding under shuttle until `strategy` has no further execution. `Ok(false)` if the
/// collector ended the search.
pub(crate) fn sample(
    encoding: &Arc<dyn Encoding>,
    strategy: Box<dyn Scheduler + Send>,
    collector: &Arc<Ranked<Collector>>,
    record: bool,
) -> Result<bool, SearchError> {
    sample_as(encoding, strategy, collector, record, Current::default())
}

/// The same, for a strategy that looks at the execution under way itself.
pub(crate) fn sample_as(
    encoding: &Arc<dyn Encoding>,
    strategy: Box<dyn Scheduler + Send>,
    collector: &Arc<Ranked<Collector>>,
    record: bool,
    current: Current,
) -> Result<bool, SearchError> {
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    config.failure_persistence = FailurePersistence::None;
    let operations = collector.lock().most_operations();
    let operations = operations.max(MAX_OPERATIONS_OF_A_SAMPLE);
    config.max_steps = MaxSteps::FailAfter(POINTS_FOR_AN_OPERATION * operations);
    config.silence_warnings = true;

    let scheduler = EnabledOnly::new(strategy, current.clone());
    let (encoding, results) = (Arc::clone(encoding), Arc::clone(collector));
    let run = run_silenced(move || {
        Runner::new(scheduler, config).run(move || {
            let execution = || run_execution(&*encoding, &results, &current, record);
            // Caught here, what the encoding panics with outside of its threads is not printed by shuttle.
            if let Err(payload) = catch_unwind(AssertUnwindSafe(execution)) {
                results.lock().panicked(&*payload);
                current.end(true);
            }
        })
    });
    match run {
        Ok(_) => Ok(!collector.lock().is_over()),
        Err(panic) => Err(SearchError::of_the_engine(panic.message)),
    }
}

fn run_execution(
    encoding: &dyn Encoding,
    collector: &Arc<Ranked<Collector>>,
    current: &Current,
    record: bool,
) {
    let mut world = World::new(Arc::new(ShuttleBackend), collector, record);
    encoding.build(&mut world);
    world.shared.execution().made_with = parameters::take();
    let World {
        shared,
        bodies,
        checks,
    } = world;
    shared.check_initial();
    shared.execution().begin_record();
    current.begin(&shared);
    watchdog::watch(&shared);
    let threads: Vec<_> = (bodies.into_iter().enumerate())
        .map(|(id, body)| {
            let task = Task {
                id: ThreadId::new(id),
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
    final_check::run(&shared, checks);
    let next = shared.take_in();
    current.end(next == Next::Nothing);
}

fn run_body(task: &Task, body: impl FnOnce(&Task) -> Result<(), Halt>) {
    task.begins();
    // Caught here, a panic of the encoding's own is not printed by shuttle; guards have dropped.
    let result = catch_unwind(AssertUnwindSafe(|| body(task)));
    task.at_the_end_of_the_body(result);
    let mut execution = task.shared.execution();
    execution.access.close();
    execution.threads[task.id].status = Status::Finished;
}

//! The exhaustive engine: every interleaving, up to the order of independent operations.
//!
//! What makes it cheap, and keeps it sound:
//!
//! - every object is a native loom mutex, whose release is not a visible operation;
//! - the *start gate*: the thread that sets a model up holds every object until all threads stand
//!   at their first operation, so that loom never has to reverse the order of their starts;
//! - nobody joins: the last thread to return checks the final state;
//! - a deadlock does not end the search. The thread that would close a cycle tells loom of its
//!   attempt and parks; the others run on to their own ends; then all unwind, and loom goes on to
//!   the next execution. So one search finds every property that a design violates.

use super::collect::{Collector, Next};
use super::determinism::makes;
use super::error::SearchError;
use super::execution::{ExecutionState, Status};
use super::loom_replay::{ScheduleGate, pass_turn};
use super::model_error::is_of_the_encoding;
use super::view::StateView as _;
use super::world::{Encoding, Kind, Shared, World, unpoisoned};
use super::{Halt, Task, at_the_end, panic_hook, watchdog};
use ::loom::thread;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard};

/// The stack of a modelled thread in machine words: 128 KiB.
const STACK_WORDS: usize = 0x4000;

/// For each operation that an execution may have, so many scheduling points: more than operations take, since what is
/// left of an execution that loom ends by itself cannot be unwound.
const POINTS_FOR_AN_OPERATION: usize = 8;

/// The payload by which the last thread of an execution ends the whole search.
struct SearchOver;

/// Runs an encoding under loom. `Ok(true)` if the search was complete, `Ok(false)` if the
/// collector ended it.
pub(crate) fn explore(
    encoding: &Arc<dyn Encoding>,
    preemption_bound: Option<usize>,
    collector: &Arc<Mutex<Collector>>,
) -> Result<bool, SearchError> {
    let mut builder = builder(collector);
    builder.preemption_bound = preemption_bound;
    let (encoding, results) = (Arc::clone(encoding), Arc::clone(collector));
    let run = panic_hook::run(move || {
        builder.check(move || execution(&*encoding, &results, None));
    });
    match run {
        Ok(()) => Ok(true),
        Err(panic) if panic.payload.is::<SearchOver>() => Ok(false),
        Err(panic) => Err(SearchError::of_the_engine(panic.message)),
    }
}

/// Runs one execution, of a given schedule, and records it.
pub(crate) fn follow(
    encoding: &Arc<dyn Encoding>,
    schedule: &[u8],
    collector: &Arc<Mutex<Collector>>,
) -> Result<(), SearchError> {
    let (encoding, results) = (Arc::clone(encoding), Arc::clone(collector));
    let schedule = schedule.to_vec();
    let builder = builder(collector);
    let run = panic_hook::run(move || {
        builder.check(move || execution(&*encoding, &results, Some(&schedule)));
    });
    run.map_err(|panic| SearchError::of_the_engine(panic.message))
}

fn builder(collector: &Mutex<Collector>) -> ::loom::model::Builder {
    let operations = unpoisoned(collector).most_operations(Kind::Loom);
    let mut builder = ::loom::model::Builder::new();
    // Every field, because `new` has read them from the environment.
    builder.max_threads = super::MAX_LOOM_THREADS + 1;
    builder.max_branches = POINTS_FOR_AN_OPERATION * operations;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.preemption_bound = None;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = 20_000;
    builder.expect_explicit_explore = false;
    builder.location = false;
    builder.log = false;
    builder
}

/// One execution. Where its schedule is given, loom explores no other.
fn execution(encoding: &dyn Encoding, collector: &Arc<Mutex<Collector>>, given: Option<&[u8]>) {
    ::loom::stop_exploring();
    let mut world = World::new(Kind::Loom, collector, given.is_some());
    if let (Some(schedule), Some(shared)) = (given, Arc::get_mut(&mut world.shared)) {
        shared.gate = Some(ScheduleGate::new(schedule));
    }
    encoding.build(&mut world);
    let World { shared, bodies } = world;
    makes(collector, &mut shared.execution());
    shared.execution().begin_record();
    watchdog::watch(&shared);
    let raws = unpoisoned(&shared.raws).clone();
    let start_gate: Vec<_> = raws.iter().map(|raw| raw.take()).collect();
    *unpoisoned(&shared.parked) = bodies.iter().map(|_| None).collect();
    for (id, body) in bodies.into_iter().enumerate() {
        let shared = Arc::clone(&shared);
        let thread = move || {
            unpoisoned(&shared.parked)[id] = Some(thread::current());
            let task = Task { id, shared };
            run_body(&task, body);
            finish(&task);
        };
        let spawned = thread::Builder::new().stack_size(STACK_WORDS).spawn(thread);
        // The handle is dropped: a join would cost a factor of four to twenty.
        drop(spawned.expect("loom's spawn returns no error"));
    }
    thread::yield_now();
    if given.is_none() {
        ::loom::explore();
    }
    drop(start_gate);
}

fn run_body(task: &Task, body: impl FnOnce(&Task) -> Result<(), Halt>) {
    task.begins();
    match catch_unwind(AssertUnwindSafe(|| body(task))) {
        // It is loom's, which ends threads so.
        Err(payload) if !is_of_the_encoding(payload.as_ref()) => resume_unwind(payload),
        result => task.at_the_end_of_the_body(result),
    }
    task.shared.execution().access.close();
}

fn finish(task: &Task) {
    let shared = &task.shared;
    let mut execution = shared.execution();
    execution.threads[task.id].status = Status::Finished;
    let over = execution.is_finished();
    drop(execution);
    if !over {
        return end_if_quiescent(shared);
    }
    at_the_end::check(shared);
    let next = unpoisoned(&shared.collector).execution(&mut shared.execution());
    if next == Next::Nothing {
        resume_unwind(Box::new(SearchOver));
    }
}

/// A thread has come to an object: whether everything that can follow is known.
pub(crate) fn is_known(task: &Task, object: usize, execution: &mut ExecutionState) -> bool {
    let mut collector = unpoisoned(&task.shared.collector);
    let Some(sleep) = &mut collector.sleep else {
        return false;
    };
    let threads = 0..execution.threads.len();
    let enabled: Vec<usize> = threads
        .filter(|thread| execution.is_enabled(*thread))
        .collect();
    let known = sleep.operation((task.id, object), &enabled);
    if known {
        (execution.stopping, execution.pruned) = (true, true);
    }
    known
}

/// Whether several threads take work from the object, or may.
pub(crate) fn shares_work(task: &Task, object: usize) -> bool {
    let collector = unpoisoned(&task.shared.collector);
    let shared = collector.shared_work.as_ref();
    shared.is_none_or(|shared| shared.contains(&object))
}

/// A thread has come to an object that it will never get.
pub(crate) fn attempted(task: &Task, object: usize) {
    let execution = task.shared.execution();
    let mut collector = unpoisoned(&task.shared.collector);
    if let (Some(sleep), false) = (&mut collector.sleep, execution.stopping) {
        sleep.operation((task.id, object), &[]);
    }
}

/// Ends an execution that is about to repeat what is known.
pub(crate) fn cut_short(shared: &Shared) -> Halt {
    unwind(shared, shared.execution());
    Halt {}
}

/// A thread is on its way out, as the execution is over. Where it was cut short, loom is shown that this
/// thread could have been the one to go on there.
pub(crate) fn unwound(task: &Task) -> Halt {
    let mut collector = unpoisoned(&task.shared.collector);
    let due = collector
        .sleep
        .as_mut()
        .and_then(|sleep| sleep.due(task.id));
    drop(collector);
    if let Some(object) = due {
        let raw = Arc::clone(&unpoisoned(&task.shared.raws)[object]);
        raw.attempt_in_vain();
    }
    Halt {}
}

/// Ends the execution if nothing can happen in it any more.
pub(crate) fn end_if_quiescent(shared: &Shared) {
    let mut execution = shared.execution();
    if execution.stopping || !execution.is_quiescent() {
        return;
    }
    execution.stop();
    unwind(shared, execution);
}

/// Wakes everybody, to return.
fn unwind(shared: &Shared, execution: MutexGuard<'_, ExecutionState>) {
    // A thread at a lock must not be unparked; the lock's release wakes it.
    let parks =
        |status: &Status| matches!(status, Status::Awaiting(_) | Status::Doomed | Status::Left);
    let parked: Vec<usize> = (0..execution.threads.len())
        .filter(|thread| parks(&execution.threads[*thread].status))
        .collect();
    drop(execution);
    // What follows is the unwinding, not the program.
    ::loom::skip_branch();
    unpark(shared, &parked);
    pass_turn(shared);
}

/// Wakes threads that wait for a condition.
pub(crate) fn unpark(shared: &Shared, threads: &[usize]) {
    let parked = unpoisoned(&shared.parked);
    for thread in threads {
        if let Some(handle) = &parked[*thread] {
            handle.unpark();
        }
    }
}

/// Parks a thread until somebody wakes it; `Err` if that was because the execution is over.
pub(crate) fn park(task: &Task, status: Status) -> Result<(), Halt> {
    let doomed = !matches!(status, Status::Awaiting(_));
    task.shared.execution().threads[task.id].status = status;
    end_if_quiescent(&task.shared);
    loop {
        if task.shared.execution().stopping {
            return Err(unwound(task));
        }
        thread::park();
        if !doomed && !task.shared.execution().stopping {
            return Ok(());
        }
    }
}

/// Parks a thread that will never do anything again, until the execution is over.
pub(crate) fn wait_for_the_end(task: &Task, status: Status) -> Halt {
    // Only the end of the execution wakes a thread in such a state.
    let _ = park(task, status);
    Halt {}
}

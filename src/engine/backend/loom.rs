//! The exhaustive engine: every interleaving, up to the order of independent operations.
//!
//! What makes it cheap, and keeps it sound:
//!
//! - every object is a native loom mutex, whose release is not a visible operation;
//! - the *start gate*: the thread that sets a model up holds every object until all threads are
//!   at their first operation, so that loom never has to reverse the order of their starts;
//! - no thread joins another: the last thread to return checks the final state;
//! - a deadlock does not end the search. The thread that would close a cycle shows loom its
//!   attempt and parks; the others run on to their own ends; then all unwind, and loom goes on to
//!   the next execution. So one search finds every property that a design violates.

use crate::engine::backend::loom_replay::ScheduleGate;
use crate::engine::backend::panic_hook::run_silenced;
use crate::engine::backend::{final_check, watchdog};
use crate::engine::error::SearchError;
use crate::engine::execution::backend::{Backend, Exclusion, Held};
use crate::engine::execution::collector::{Collector, Next};
use crate::engine::execution::halt::{Halt, is_of_the_encoding};
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::ranked::{Ranked, unpoisoned};
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{Arrival, Status};
use crate::engine::execution::view::StateView as _;
use crate::engine::strategy::MAX_LOOM_THREADS;
use crate::model::world::Check;
use crate::model::{Encoding, Task, World};
use crate::trace::{Schedule, ThreadId};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};

/// The stack of a modelled thread in machine words: 128 KiB.
const STACK_WORDS: usize = 0x4000;

/// For each operation that an execution may have, so many scheduling points: more than operations take, since what is
/// left of an execution that loom ends by itself cannot be unwound.
const POINTS_FOR_AN_OPERATION: usize = 8;

/// The payload by which the last thread of an execution ends the whole search.
struct SearchOver;

/// loom's threads and mutexes in one execution.
#[derive(Default)]
pub(crate) struct LoomBackend {
    /// The mutex of each object.
    mutexes: Mutex<Vec<Arc<LoomMutex>>>,
    /// loom's handles, by which a thread that waits for a condition is woken.
    parked: Mutex<Vec<Option<::loom::thread::Thread>>>,
    /// The schedule that the execution has to follow, if it is given one.
    pub(crate) gate: Option<ScheduleGate>,
    /// The objects that several threads take work from; `None` if that is not known.
    shared_work: Option<BTreeSet<ObjectId>>,
}

/// Under loom every object is a native mutex: all its accesses depend on one another, which is the case that loom's record
/// of the *last* access handles completely.
struct LoomMutex(::loom::sync::Mutex<()>);

impl Exclusion for LoomMutex {
    fn take(&self) -> Box<dyn Held + '_> {
        // loom's lock never reports poison: it returns `Ok` or panics inside.
        Box::new(self.0.lock().expect("loom mutexes are not poisoned"))
    }
}

/// Dropping it is not a visible operation under loom, so a guard may drop anywhere.
impl Held for ::loom::sync::MutexGuard<'_, ()> {}

impl LoomMutex {
    /// Tells loom of an attempt that cannot succeed.
    ///
    /// A thread that is about to close a cycle does not block, yet loom must see that it raced for
    /// the object, or it would not try the other order. The holder is in the same cycle and does
    /// not release before the execution is over, so the false deadlocks of loom's `try_lock`
    /// (tokio-rs/loom#376: another thread takes the mutex while the attempt is pending) cannot
    /// happen: a thread that takes it during the unwinding releases it.
    fn attempt_in_vain(&self) {
        drop(self.0.try_lock());
    }
}

impl LoomBackend {
    fn mutex(&self, object: ObjectId) -> Arc<LoomMutex> {
        Arc::clone(&unpoisoned(&self.mutexes)[object.index()])
    }

    /// Wakes threads that are parked.
    pub(crate) fn unpark(&self, threads: &[ThreadId]) {
        let parked = unpoisoned(&self.parked);
        for thread in threads {
            if let Some(handle) = &parked[thread.index()] {
                handle.unpark();
            }
        }
    }

    /// Parks a thread until it is woken; `Err` if that was because the execution is over.
    fn park(&self, shared: &Shared, thread: ThreadId, status: Status) -> Result<(), Halt> {
        let for_good = !matches!(status, Status::Awaiting(_));
        shared.execution().threads[thread].status = status;
        self.end_if_quiescent(shared);
        loop {
            if shared.execution().phase.is_over() {
                return Err(self.unwound(shared, thread));
            }
            ::loom::thread::park();
            if !for_good && !shared.execution().phase.is_over() {
                return Ok(());
            }
        }
    }

    /// Ends the execution if no operation can take effect in it any more.
    fn end_if_quiescent(&self, shared: &Shared) {
        let mut execution = shared.execution();
        if execution.phase.is_over() || !execution.is_quiescent() {
            return;
        }
        execution.stop();
        drop(execution);
        self.end(shared);
    }

    /// Waits for the turn of a thread, if the execution follows a schedule.
    fn await_turn(&self, shared: &Shared, thread: ThreadId) -> Result<(), Halt> {
        match &self.gate {
            Some(gate) => gate.await_turn(shared, thread),
            None => Ok(()),
        }
    }

    fn pass_turn(&self, shared: &Shared) {
        if let Some(gate) = &self.gate {
            let woken = gate.due(shared);
            self.unpark(&woken);
        }
    }
}

impl Backend for LoomBackend {
    fn exclusion(&self) -> Option<Arc<dyn Exclusion>> {
        let mutex = Arc::new(LoomMutex(::loom::sync::Mutex::new(())));
        unpoisoned(&self.mutexes).push(Arc::clone(&mutex));
        Some(mutex)
    }

    /// loom must see the attempt before it may observe that the condition does not hold.
    fn schedules_waits(&self) -> bool {
        false
    }

    fn needs_idle_looks(&self, object: ObjectId) -> bool {
        let shared = self.shared_work.as_ref();
        shared.is_none_or(|shared| shared.contains(&object))
    }

    fn switch(&self, shared: &Shared, thread: ThreadId) -> Result<(), Halt> {
        self.await_turn(shared, thread)
    }

    fn switch_to_lock(
        &self,
        shared: &Shared,
        thread: ThreadId,
        object: ObjectId,
        arrival: Arrival,
    ) -> Result<(), Halt> {
        match arrival {
            Arrival::Proceed => {
                self.end_if_quiescent(shared);
                self.await_turn(shared, thread)
            }
            Arrival::Deadlock => {
                self.mutex(object).attempt_in_vain();
                let execution = shared.execution();
                if !execution.phase.is_over()
                    && let Some(observer) = &mut shared.collector().observer
                {
                    observer.is_explored((thread, object), &[]);
                }
                drop(execution);
                // Only the end of the execution wakes a thread in such a state.
                let _ = self.park(shared, thread, Status::Doomed);
                Err(Halt {})
            }
        }
    }

    fn is_explored(
        &self,
        shared: &Shared,
        thread: ThreadId,
        object: ObjectId,
        execution: &mut ExecutionState,
    ) -> bool {
        let mut collector = shared.collector();
        let Some(observer) = &mut collector.observer else {
            return false;
        };
        let threads = execution.threads.ids();
        let enabled: Vec<ThreadId> = threads
            .filter(|thread| execution.is_enabled(*thread))
            .collect();
        observer.is_explored((thread, object), &enabled)
    }

    fn block(&self, shared: &Shared, thread: ThreadId, status: Status) -> Result<(), Halt> {
        self.park(shared, thread, status)
    }

    fn woken_by(&self, execution: &mut ExecutionState, object: ObjectId) -> Vec<ThreadId> {
        let woken = execution.ready_waiters(object);
        for thread in &woken {
            execution.threads[*thread].status = Status::Stepping;
        }
        woken
    }

    fn wake(&self, shared: &Shared, threads: &[ThreadId]) {
        self.unpark(threads);
        self.pass_turn(shared);
    }

    /// Where the execution was cut short, loom is shown that this thread could have been the one to go on there.
    fn unwound(&self, shared: &Shared, thread: ThreadId) -> Halt {
        let mut collector = shared.collector();
        let due = (collector.observer.as_mut()).and_then(|observer| observer.due(thread));
        drop(collector);
        if let Some(object) = due {
            self.mutex(object).attempt_in_vain();
        }
        Halt {}
    }

    fn end(&self, shared: &Shared) {
        // A thread at a lock must not be unparked; the lock's release wakes it.
        let parks =
            |status: &Status| matches!(status, Status::Awaiting(_) | Status::Doomed | Status::Left);
        let execution = shared.execution();
        let parked: Vec<ThreadId> = execution
            .threads
            .ids()
            .filter(|thread| parks(&execution.threads[*thread].status))
            .collect();
        drop(execution);
        // What follows is the unwinding, not the program.
        ::loom::skip_branch();
        self.unpark(&parked);
        self.pass_turn(shared);
    }
}

/// Runs an encoding under loom. `Ok(true)` if the search was complete, `Ok(false)` if the
/// collector ended it. `shared_work` are the objects that several threads take work from, if that is known.
pub(crate) fn explore_by_loom(
    encoding: &Arc<dyn Encoding>,
    preemption_bound: Option<usize>,
    collector: &Arc<Ranked<Collector>>,
    shared_work: Option<BTreeSet<ObjectId>>,
) -> Result<bool, SearchError> {
    let mut builder = builder(collector);
    builder.preemption_bound = preemption_bound;
    let (encoding, results) = (Arc::clone(encoding), Arc::clone(collector));
    let run = run_silenced(move || {
        builder.check(move || {
            let backend = LoomBackend {
                shared_work: shared_work.clone(),
                ..LoomBackend::default()
            };
            run_execution(&*encoding, &results, backend);
        });
    });
    match run {
        Ok(()) => Ok(true),
        Err(panic) if panic.payload.is::<SearchOver>() => Ok(false),
        Err(panic) => Err(SearchError::of_the_engine(panic.message)),
    }
}

/// Runs one execution, of a given schedule, and records it.
pub(crate) fn follow_by_loom(
    encoding: &Arc<dyn Encoding>,
    schedule: &Schedule,
    collector: &Arc<Ranked<Collector>>,
) -> Result<(), SearchError> {
    let (encoding, results) = (Arc::clone(encoding), Arc::clone(collector));
    let schedule = schedule.clone();
    let builder = builder(collector);
    let run = run_silenced(move || {
        builder.check(move || {
            let backend = LoomBackend {
                gate: Some(ScheduleGate::new(&schedule)),
                ..LoomBackend::default()
            };
            run_execution(&*encoding, &results, backend);
        });
    });
    run.map_err(|panic| SearchError::of_the_engine(panic.message))
}

fn builder(collector: &Ranked<Collector>) -> ::loom::model::Builder {
    let operations = collector.lock().most_operations();
    let mut builder = ::loom::model::Builder::new();
    // Every field, because `new` has read them from the environment.
    builder.max_threads = MAX_LOOM_THREADS + 1;
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
fn run_execution(
    encoding: &dyn Encoding,
    collector: &Arc<Ranked<Collector>>,
    backend: LoomBackend,
) {
    ::loom::stop_exploring();
    let is_given = backend.gate.is_some();
    let backend = Arc::new(backend);
    let mut world = World::new(
        Arc::clone(&backend) as Arc<dyn Backend>,
        collector,
        is_given,
    );
    encoding.build(&mut world);
    let World {
        shared,
        bodies,
        checks,
    } = world;
    shared.check_initial();
    shared.execution().begin_record();
    watchdog::watch(&shared);
    let mutexes = unpoisoned(&backend.mutexes).clone();
    let start_gate: Vec<_> = mutexes.iter().map(|mutex| mutex.take()).collect();
    *unpoisoned(&backend.parked) = bodies.iter().map(|_| None).collect();
    let checks = Arc::new(Mutex::new(checks));
    for (id, body) in bodies.into_iter().enumerate() {
        let (shared, backend) = (Arc::clone(&shared), Arc::clone(&backend));
        let checks = Arc::clone(&checks);
        let thread = move || {
            unpoisoned(&backend.parked)[id] = Some(::loom::thread::current());
            let task = Task {
                id: ThreadId::new(id),
                shared,
            };
            run_body(&task, body);
            finish(&task, &backend, &checks);
        };
        let spawned = ::loom::thread::Builder::new()
            .stack_size(STACK_WORDS)
            .spawn(thread);
        // The handle is dropped: a join would cost a factor of four to twenty.
        drop(spawned.expect("loom's spawn returns no error"));
    }
    ::loom::thread::yield_now();
    if !is_given {
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

fn finish(task: &Task, backend: &LoomBackend, checks: &Mutex<Vec<Check>>) {
    let shared = &task.shared;
    let mut execution = shared.execution();
    execution.threads[task.id].status = Status::Finished;
    let over = execution.is_finished();
    drop(execution);
    if !over {
        return backend.end_if_quiescent(shared);
    }
    let checks = std::mem::take(&mut *unpoisoned(checks));
    final_check::run(shared, checks);
    if shared.take_in() == Next::Nothing {
        resume_unwind(Box::new(SearchOver));
    }
}

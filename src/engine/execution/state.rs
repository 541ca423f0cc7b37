//! The state of one execution: which thread holds what, which waits for what, what happened.
//!
//! Every backend keeps it in the same way, so that a deadlock is found when the last wait of a
//! cycle is entered, even while other threads could still run, and is reported in the encoding's own
//! words. All coroutines of a model run on one OS thread; the mutex around the state is never
//! contended and never held across a switch.

use crate::engine::error::SearchError;
use crate::engine::execution::access::{AccessTracker, InvalidAccess};
use crate::engine::execution::contracts::Expected;
use crate::engine::execution::function::Function;
use crate::engine::execution::hash::{Digest, StableHasher};
use crate::engine::execution::ids::{ObjectId, Table};
use crate::engine::execution::model_error::ModelError;
use crate::engine::execution::object::ObjectState;
use crate::engine::execution::parameters::{self, Answer};
use crate::engine::execution::recorder::Recorder;
use crate::engine::execution::sets::{Objects, Threads};
use crate::engine::execution::thread::{Awaiting, PendingOperation, Status, ThreadState, WokenBy};
use crate::engine::execution::view::StateView;
use crate::engine::location::ModelLocation;
use crate::trace::{Cycle, NO_DEADLOCK, Schedule, Source, ThreadId};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hasher as _;
use std::sync::Arc;

/// A property that an execution violated.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) property: Cow<'static, str>,
    pub(crate) message: String,
    pub(crate) cycle: Option<Cycle>,
    /// Cycles that closed later in the same execution, among other threads.
    pub(crate) more_cycles: Vec<Cycle>,
    /// Operations executed before it.
    pub(crate) at: usize,
}

/// Who has to bring an event about, asked of the objects.
pub(crate) type Owner = Box<dyn Fn() -> Option<&'static str> + Send + Sync>;

/// How far an execution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    /// Operations take effect.
    #[default]
    Running,
    /// No thread is enabled: every operation returns `Halt`, and the threads unwind.
    Stopped {
        /// Every thread has returned, or waits for work when none is left to do.
        completed: bool,
    },
    /// It was ended early, since what follows is explored or since the model is wrong: the threads unwind.
    Pruned,
    /// All threads have returned, and the check at the end runs.
    FinalCheck,
}

impl Phase {
    /// Whether no operation takes effect any more.
    pub(crate) fn is_over(self) -> bool {
        self != Self::Running
    }
}

/// The state of one execution.
#[derive(Default)]
pub(crate) struct ExecutionState {
    pub(crate) threads: Table<ThreadId, ThreadState>,
    pub(crate) objects: Table<ObjectId, ObjectState>,
    /// Lock classes and threads that this model need not have.
    pub(crate) declared: BTreeSet<&'static str>,
    /// Events that a thread has to bring about, whether or not a thread waits for them.
    pub(crate) obligations: Vec<(Cow<'static, str>, Owner)>,
    /// The thread of each executed operation.
    pub(crate) schedule: Schedule,
    pub(crate) violations: Vec<Violation>,
    pub(crate) reached: BTreeSet<Cow<'static, str>>,
    /// The cover points of waits for locks.
    pub(crate) waits: BTreeSet<Cow<'static, str>>,
    pub(crate) phase: Phase,
    pub(crate) recorder: Option<Recorder>,
    /// Whether the search goes from state to state.
    pub(crate) looks_at_states: bool,
    /// Whether a deadlock was recorded in this execution.
    pub(crate) deadlocked: bool,
    /// Which objects are read outside of operations.
    pub(crate) access: Arc<AccessTracker>,
    /// What is wrong with the encoding, if that has shown.
    pub(crate) model_error: Option<ModelError>,
    /// Whether the execution is compared with those before it.
    pub(crate) compared: bool,
    /// The thread whose code runs.
    pub(crate) running: Option<ThreadId>,
    /// What the check at the end has said.
    pub(crate) reported_at_the_end: Digest,
    /// The objects that the check at the end has read.
    pub(crate) read_at_the_end: Objects,
    /// The properties that were checked, whether or not they held.
    pub(crate) checked: BTreeSet<Cow<'static, str>>,
    /// What the contracts of the other threads' waits forbid the running thread to do in its operation.
    pub(crate) expected: Vec<Expected>,
    /// An execution with more operations is an error of the model.
    pub(crate) most_operations: usize,
    /// The operations of the second half of what is allowed, each with its thread: they say what is repeated.
    pub(crate) late: Vec<(ThreadId, PendingOperation)>,
    /// The object that the last operation has taken place on.
    pub(crate) last_object: Option<ObjectId>,
    /// What was asked for as the model was made, and since the step began.
    pub(crate) made_with: Vec<Answer>,
    pub(crate) asked: Vec<Answer>,
    /// The locks that were given a name, and those that were given a function that releases them.
    pub(crate) relabelled: [BTreeSet<ObjectId>; 2],
}

impl ExecutionState {
    /// Whether the lock is held, that is, whether an arrival now would wait.
    pub(crate) fn is_held(&self, object: ObjectId) -> bool {
        self.objects[object].holder.is_some()
    }

    /// A thread has observed the result of an operation.
    pub(crate) fn observe(&mut self, thread: ThreadId, value: &impl std::hash::Hash) {
        self.threads[thread].observed.add(&("a result", value));
    }

    /// What the thread has read since its last operation is a part of what it has observed, and so are the parameters that
    /// it has asked for.
    pub(crate) fn observe_peeked(&mut self, thread: ThreadId) {
        if let Some(peeked) = self.access.take_peeked() {
            self.threads[thread].observed.add(&("a read", peeked));
        }
        for answer in parameters::take() {
            self.threads[thread].observed.add(&("an answer", answer));
            self.asked.push(answer);
        }
    }

    /// What a thread, or the check at the end, has found violated or reached.
    pub(crate) fn report(&mut self, thread: ThreadId, what: &str) {
        if !self.compared {
            return;
        }
        let reported = if self.phase == Phase::FinalCheck {
            &mut self.reported_at_the_end
        } else {
            &mut self.threads[thread].reported
        };
        reported.add(what);
    }

    /// The thread of this name.
    pub(crate) fn index(&self, name: &str) -> Option<ThreadId> {
        self.threads.ids().find(|id| self.threads[*id].name == name)
    }

    /// The objects that were looked at since this was asked before.
    pub(crate) fn touched(&self) -> Objects {
        self.access.touched()
    }

    /// The properties violated since this was asked before.
    pub(crate) fn take_violations(&mut self) -> Vec<Cow<'static, str>> {
        let violations = std::mem::take(&mut self.violations).into_iter();
        violations.map(|violation| violation.property).collect()
    }

    /// What is done from here on is looked at by itself.
    pub(crate) fn begin_step(&mut self) {
        self.touched();
        self.asked.clear();
        self.violations.clear();
        self.relabelled = Default::default();
    }

    /// The order in which threads accessed each object. Two executions with the same differ in nothing
    /// but the order of operations on different objects.
    pub(crate) fn trace(&self) -> u128 {
        let visits = self.objects.iter().map(|object| object.visits.0);
        Digest::of(&visits.collect::<Vec<_>>())
    }

    /// A property does not hold. Each property is recorded once in an execution, with every cycle; in
    /// an explicit-state search whenever it happens.
    pub(crate) fn violated(
        &mut self,
        property: Cow<'static, str>,
        message: String,
        cycle: Option<Cycle>,
    ) {
        self.deadlocked |= property == NO_DEADLOCK;
        let known = self.violations.iter_mut().find(|v| v.property == property);
        if let (Some(known), false) = (known, self.looks_at_states) {
            let new = cycle.filter(|new| known.cycle.as_ref() != Some(new));
            let new = new.filter(|new| !known.more_cycles.contains(new));
            known.more_cycles.extend(new);
            return;
        }
        let at = self.schedule.len();
        self.violations.push(Violation {
            property,
            message,
            cycle,
            more_cycles: Vec::new(),
            at,
        });
    }

    /// Whether nothing more can happen: every thread that has not returned waits for something
    /// that no running thread can give it.
    pub(crate) fn is_quiescent(&self) -> bool {
        self.threads.iter().all(|thread| match &thread.status {
            Status::Starting | Status::Running | Status::Stepping => false,
            Status::Acquiring(object) => self.is_held(*object),
            Status::Awaiting(awaiting) => !(awaiting.ready)(),
            Status::Doomed | Status::Left | Status::Finished => true,
        })
    }

    /// Whether every thread has returned.
    pub(crate) fn is_finished(&self) -> bool {
        self.threads
            .iter()
            .all(|thread| matches!(thread.status, Status::Finished))
    }

    /// Ends an execution in which nothing can happen any more. Where all have returned but those that
    /// wait for work, that is the end of the program. Without a recorded cycle, and with
    /// threads that still wait, that is itself a deadlock: a wakeup was lost, or a lock went away
    /// with its holder.
    pub(crate) fn stop(&mut self) {
        if let (Some(message), false) = (self.left_waiting(), self.deadlocked) {
            self.violated(NO_DEADLOCK.into(), message, None);
        }
        let completed = self.is_complete();
        self.phase = Phase::Stopped { completed };
    }

    /// The threads that wait on an object for a condition that holds now.
    pub(crate) fn ready_waiters(&self, object: ObjectId) -> Vec<ThreadId> {
        let waits_here = |thread: &ThreadState| match &thread.status {
            Status::Awaiting(awaiting) => awaiting.object == object && (awaiting.ready)(),
            _ => false,
        };
        self.threads
            .ids()
            .filter(|thread| waits_here(&self.threads[*thread]))
            .collect()
    }

    /// The hash of what every object holds.
    pub(crate) fn outcome(&self) -> u64 {
        outcome(self.objects.iter().map(ObjectState::stable_hash))
    }

    /// Whether some object has this lock class; an encoding that names another one is wrong.
    pub(crate) fn is_a_class(&mut self, class: &str, place: &str) {
        let is_declared = self.declared.contains(class);
        if is_declared || self.objects.iter().any(|object| object.class == class) {
            return;
        }
        let known: BTreeSet<&str> = self.objects.iter().map(|object| object.class).collect();
        let known: Vec<&str> = known
            .into_iter()
            .filter(|class| !class.is_empty())
            .collect();
        self.report_error(SearchError::UnknownName {
            name: format!("lock class `{class}`"),
            place: place.to_string(),
            known: known.join(", "),
        });
    }

    /// Whether there is a thread of this name; an encoding that names another one is wrong.
    pub(crate) fn is_a_thread(&mut self, name: &str, place: &str) {
        if self.index(name).is_none() {
            self.unknown_thread(name, place);
        }
    }

    /// The encoding names a thread that is not there.
    pub(crate) fn unknown_thread(&mut self, name: &str, place: &str) {
        if self.declared.contains(name) {
            return;
        }
        let known = self.thread_names();
        self.report_error(SearchError::UnknownName {
            name: format!("thread `{name}`"),
            place: place.to_string(),
            known,
        });
    }

    /// The thread of this name, which is to act on something; an encoding that names another one is wrong.
    pub(crate) fn acting(&self, name: &'static str, what: &str) -> Option<ThreadId> {
        let thread = self.index(name);
        if thread.is_none() && !self.declared.contains(name) {
            let what = what.to_string();
            self.access
                .record_invalid(InvalidAccess::Thread { name, what });
        }
        thread
    }

    /// The names of some objects, as a list.
    pub(crate) fn object_names(&self, objects: Objects) -> String {
        let all = self.objects.enumerated();
        let names = all.filter(|(object, _)| objects.contains(*object));
        let names: Vec<&str> = names.map(|(_, object)| object.first_name()).collect();
        if names.is_empty() {
            "no object".to_string()
        } else {
            names.join(", ")
        }
    }

    /// The names of all threads, as a list.
    pub(crate) fn thread_names(&self) -> String {
        let names: Vec<&str> = self.threads.iter().map(|thread| thread.name).collect();
        names.join(", ")
    }

    /// Where a thread is.
    pub(crate) fn location(&self, thread: ThreadId) -> ModelLocation {
        self.location_at(thread, self.threads[thread].operation)
    }

    /// Where a thread was when it arrived at an operation.
    pub(crate) fn location_at(
        &self,
        thread: ThreadId,
        operation: Option<PendingOperation>,
    ) -> ModelLocation {
        let thread = self.threads[thread].name.to_string();
        operation.map_or(
            ModelLocation {
                thread: thread.clone(),
                ..ModelLocation::default()
            },
            |operation| ModelLocation {
                thread,
                function: operation.function.name.to_string(),
                object: Some(self.objects[operation.object].first_name().to_string()),
                at: Some(Source::from(operation.at)),
            },
        )
    }

    /// Where the check at the end was when it arrived at an operation.
    pub(crate) fn location_of_check(&self, operation: PendingOperation) -> ModelLocation {
        ModelLocation {
            thread: "the check at the end".to_string(),
            ..self.location_at(ThreadId::default(), Some(operation))
        }
    }

    /// Keeps an error of the model: the first of an execution is kept.
    pub(crate) fn report_error(&mut self, error: SearchError) {
        let schedule = &self.schedule;
        self.model_error.get_or_insert_with(|| ModelError {
            error,
            schedule: schedule.clone(),
        });
    }
}

impl StateView for ExecutionState {
    fn threads(&self) -> impl Iterator<Item = (ThreadId, &ThreadState)> {
        self.threads.enumerated()
    }

    fn thread(&self, thread: ThreadId) -> &ThreadState {
        &self.threads[thread]
    }

    fn holder(&self, object: ObjectId) -> Option<ThreadId> {
        self.objects[object].holder
    }

    fn label(&self, object: ObjectId) -> (&str, Option<Function>) {
        let state = &self.objects[object];
        (&state.name, state.released_by)
    }

    fn class(&self, object: ObjectId) -> &'static str {
        self.objects[object].class
    }

    fn is_ready(&self, _thread: ThreadId, awaiting: &Awaiting) -> bool {
        (awaiting.ready)()
    }

    fn named(&self, _thread: ThreadId, awaiting: &Awaiting) -> Threads {
        let mut threads = Threads::default();
        if let WokenBy::Named(names) = &awaiting.by {
            names(&mut |name| {
                let thread = self.acting(name, &awaiting.what);
                if let Some(thread) = thread {
                    threads.insert(thread);
                }
            });
        }
        threads
    }

    fn obligations(&self) -> impl Iterator<Item = (&Cow<'static, str>, Option<ThreadId>)> {
        self.obligations.iter().map(|(what, owner)| {
            let owner = self.access.owner(owner);
            (what, owner.and_then(|name| self.acting(name, what)))
        })
    }
}

/// The hash of an outcome, from the hashes of what every object holds.
pub(crate) fn outcome(objects: impl Iterator<Item = u64>) -> u64 {
    let mut all = StableHasher::new();
    objects.for_each(|hash| all.write_u64(hash));
    all.finish()
}

//! The execution state of one execution: who holds what, who waits for what, what happened.
//!
//! Both engines keep them in the same way, so that a deadlock is found when the last wait of a
//! cycle is entered, even while other threads could still run, and is told in the encoding's own
//! words. All coroutines of a model run on one OS thread; the mutex around the execution state is never
//! contended and never held across a switch.

pub(crate) use super::entries::{
    Arrival, Awaiting, Names, ObjectState, Objects, Ready, Status, ThreadState, Threads, Violation,
    WaitMark, WokenBy,
};

use super::access::AccessTracker;
use super::collect::Recorder;
use super::contracts::Expected;
use super::hash::Digest;
use super::model_error::{ModelError, PendingOperation};
use super::view::StateView as _;
use super::{Function, NO_DEADLOCK};
use crate::trace::{Cycle, EventKind, Object};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hasher;
use std::sync::Arc;

/// Who has to bring an event about, asked of the objects.
pub(crate) type Owner = Box<dyn Fn() -> Option<&'static str> + Send + Sync>;

#[derive(Default)]
pub(crate) struct ExecutionState {
    pub(crate) threads: Vec<ThreadState>,
    pub(crate) objects: Vec<ObjectState>,
    /// Lock classes and threads that this model need not have.
    pub(crate) declared: BTreeSet<&'static str>,
    /// Events that a thread can owe whether or not anybody waits for them.
    pub(crate) obligations: Vec<(Cow<'static, str>, Owner)>,
    /// The thread of each executed operation.
    pub(crate) schedule: Vec<u8>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) reached: BTreeSet<Cow<'static, str>>,
    /// The marks of waits for locks.
    pub(crate) waits: BTreeSet<Cow<'static, str>>,
    /// The execution is over but for the unwinding: every operation returns `Halt`.
    pub(crate) stopping: bool,
    /// Every thread has returned, or waited for work when nothing was left to do.
    pub(crate) completed: bool,
    pub(crate) recorder: Option<Recorder>,
    /// Whether the search looks at states.
    pub(crate) stateful: bool,
    /// Whether a deadlock is on record in this execution.
    pub(crate) deadlocked: bool,
    /// The execution was ended because what follows has been explored.
    pub(crate) pruned: bool,
    /// Who looks at objects.
    pub(crate) access: Arc<AccessTracker>,
    /// What is wrong with the encoding, if that has shown.
    pub(crate) model_error: Option<ModelError>,
    /// Whether the execution is compared with those before it.
    pub(crate) compared: bool,
    /// The thread whose code runs.
    pub(crate) running: Option<usize>,
    /// All threads have returned, and the check at the end runs.
    pub(crate) at_the_end: bool,
    /// What the check at the end has said.
    pub(crate) said_at_the_end: Digest,
    /// The objects that the check at the end has read.
    pub(crate) read_at_the_end: Objects,
    /// The properties that were checked, whether or not they held.
    pub(crate) checked: BTreeSet<Cow<'static, str>>,
    /// What the contracts of the other threads' waits forbid the running thread to do in its operation.
    pub(crate) expected: Vec<Expected>,
    /// An execution with more operations is a mistake.
    pub(crate) most_operations: usize,
    /// The operations of the second half of what is allowed, each with its thread: they say what is repeated.
    pub(crate) late: Vec<(usize, PendingOperation)>,
    /// The object that the last operation has taken place on.
    pub(crate) last_object: Option<usize>,
    /// The locks that were given a name, and those that were given a function that gives them up.
    pub(crate) relabelled: [BTreeSet<usize>; 2],
}

impl ExecutionState {
    /// A thread arrives at a lock.
    pub(crate) fn arrive_at_lock(&mut self, thread: usize, comes: PendingOperation) -> Arrival {
        self.comes(thread, comes, None);
        self.threads[thread].status = Status::Acquiring(comes.object);
        self.mark_waits();
        self.look_for_deadlock(thread)
    }

    /// A thread arrives at a step. It may turn out later that it has to wait.
    pub(crate) fn arrive_at_step(
        &mut self,
        thread: usize,
        comes: PendingOperation,
        waits: Option<Awaiting>,
    ) {
        self.comes(thread, comes, waits);
        self.threads[thread].status = Status::Stepping;
        self.mark_waits();
    }

    /// A thread has to wait for a condition.
    pub(crate) fn arrive_at_wait(
        &mut self,
        thread: usize,
        awaiting: Awaiting,
        comes: PendingOperation,
    ) -> Arrival {
        self.comes(thread, comes, Some(awaiting.clone()));
        self.threads[thread].status = Status::Awaiting(awaiting);
        self.mark_waits();
        self.look_for_deadlock(thread)
    }

    fn comes(&mut self, thread: usize, comes: PendingOperation, waits: Option<Awaiting>) {
        self.access.close();
        let book = &mut self.threads[thread];
        (book.pending, book.at) = (comes.function, Some(comes.at));
        (book.comes, book.waits) = (Some(comes), waits);
    }

    /// Whether the lock is held, that is, whether an arrival now would wait.
    pub(crate) fn is_held(&self, object: usize) -> bool {
        self.objects[object].holder.is_some()
    }

    /// The thread owns the lock from here on.
    pub(crate) fn granted(&mut self, thread: usize, object: usize, function: Function) {
        debug_assert!(self.objects[object].holder.is_none(), "two owners");
        self.objects[object].holder = Some(thread);
        self.threads[thread].status = Status::Running;
        self.threads[thread].holds.push(object);
        // That it has the lock. What the lock protects it learns as it reads it.
        self.observe(thread, &());
        self.executed(thread, Some(object), EventKind::Acquire, function, None);
        self.look_for_other_deadlocks(thread);
    }

    /// The thread gives the lock up.
    pub(crate) fn released(
        &mut self,
        thread: usize,
        object: usize,
        function: Option<Function>,
        taken_by: Function,
    ) {
        self.objects[object].holder = None;
        self.threads[thread].holds.retain(|held| *held != object);
        if self.stopping {
            return;
        }
        match function {
            Some(function) => {
                self.record(thread, Some(object), EventKind::Release, function, None);
            }
            None => self.record(thread, Some(object), EventKind::Drop, taken_by, None),
        }
    }

    /// The holder of a lock gives it another name.
    pub(crate) fn rename(&mut self, thread: usize, object: usize, name: String) {
        self.relabelled[0].insert(object);
        let old = std::mem::replace(&mut self.objects[object].name, name);
        let made_as = &mut self.objects[object].made_as;
        made_as.get_or_insert_with(|| old.clone());
        if let Some(recorder) = &mut self.recorder {
            recorder.rename(self.threads[thread].name, &old, &self.objects[object].name);
        }
    }

    /// The holder of a lock says which function gives it up.
    pub(crate) fn released_by(&mut self, object: usize, function: Function) {
        self.relabelled[1].insert(object);
        self.objects[object].released_by = Some(function);
    }

    /// Writes down what every object holds before anything happens, if this execution is recorded.
    pub(crate) fn begin_record(&mut self) {
        let object = |book: &ObjectState| Object {
            name: book.name.clone(),
            class: book.class.to_string(),
            value: (book.show)(),
        };
        if let Some(recorder) = &mut self.recorder {
            recorder.objects = self.objects.iter().map(object).collect();
        }
    }

    /// An operation took effect.
    pub(crate) fn executed(
        &mut self,
        thread: usize,
        object: Option<usize>,
        kind: EventKind,
        function: Function,
        change: Option<(String, String)>,
    ) {
        self.threads[thread].status = Status::Running;
        self.threads[thread].waits = None;
        self.running = Some(thread);
        // The facade allows a handful of threads; an index always fits.
        self.schedule.push(u8::try_from(thread).unwrap_or(u8::MAX));
        self.last_object = object;
        if self.schedule.len() > self.most_operations / 2 {
            let comes = self.threads[thread].comes;
            self.late.extend(comes.map(|comes| (thread, comes)));
        }
        if let Some(object) = object {
            self.objects[object].visits.add(&thread);
        }
        // What others may hold at the same time, they may change.
        let own = |held: &usize| self.objects[*held].holder == Some(thread);
        let held = self.threads[thread].holds.iter().copied().filter(own);
        self.access.open(held.chain(object));
        self.record(thread, object, kind, function, change);
    }

    /// A thread has learnt something from an operation.
    pub(crate) fn observe(&mut self, thread: usize, value: &impl std::hash::Hash) {
        self.threads[thread].observed.add(&("a result", value));
    }

    /// What the thread has read since its last operation is a part of what it has learnt.
    pub(crate) fn observe_peeked(&mut self, thread: usize) {
        if let Some(peeked) = self.access.take_peeked() {
            self.threads[thread].observed.add(&("a read", peeked));
        }
    }

    /// What a thread, or the check at the end, has found violated or reached.
    pub(crate) fn says(&mut self, thread: usize, what: &str) {
        if !self.compared {
            return;
        }
        let reported = if self.at_the_end {
            &mut self.said_at_the_end
        } else {
            &mut self.threads[thread].reported
        };
        reported.add(what);
    }

    /// A thread has come to an operation: whoever is at a lock that another thread holds may reach a mark by
    /// that.
    pub(super) fn mark_waits(&mut self) {
        if self.pruned {
            return;
        }
        for thread in 0..self.threads.len() {
            let marks: Vec<&str> = self.marks_of_wait(thread).collect();
            self.waits.extend(marks.into_iter().map(Cow::Borrowed));
        }
    }

    /// The thread of this name.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.threads.iter().position(|thread| thread.name == name)
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
        self.violations.clear();
        self.relabelled = Default::default();
    }

    /// The order in which threads came to each object. Two executions with the same differ in nothing
    /// but the order of operations on different objects.
    pub(crate) fn trace(&self) -> u128 {
        let visits = self.objects.iter().map(|object| object.visits.0);
        Digest::of(&visits.collect::<Vec<_>>())
    }

    /// A property does not hold. Each property is recorded once in an execution, with every cycle; in
    /// a stateful search whenever it happens.
    pub(crate) fn violated(
        &mut self,
        property: Cow<'static, str>,
        message: String,
        cycle: Option<Cycle>,
    ) {
        self.deadlocked |= property == NO_DEADLOCK;
        let known = self.violations.iter_mut().find(|v| v.property == property);
        if let (Some(known), false) = (known, self.stateful) {
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
    /// wait for work, that is the end of the program. Without a cycle on record, and with
    /// threads that still wait, that is itself a deadlock: a wakeup was lost, or a lock went away
    /// with its holder.
    pub(crate) fn stop(&mut self) {
        if let (Some(message), false) = (self.left_waiting(), self.deadlocked) {
            self.violated(NO_DEADLOCK.into(), message, None);
        }
        self.completed = self.is_complete();
        self.stopping = true;
    }

    /// The threads that wait on an object for a condition that holds now.
    pub(crate) fn ready_waiters(&self, object: usize) -> Vec<usize> {
        let waits_here = |thread: &ThreadState| match &thread.status {
            Status::Awaiting(awaiting) => awaiting.object == object && (awaiting.ready)(),
            _ => false,
        };
        (0..self.threads.len())
            .filter(|thread| waits_here(&self.threads[*thread]))
            .collect()
    }

    /// The hash of what every object holds.
    pub(crate) fn outcome(&self) -> u64 {
        outcome(self.objects.iter().map(ObjectState::stable_hash))
    }

    /// Appends to the record, if this execution is recorded.
    pub(crate) fn record(
        &mut self,
        thread: usize,
        object: Option<usize>,
        kind: EventKind,
        function: Function,
        change: Option<(String, String)>,
    ) {
        if let Some(mut recorder) = self.recorder.take() {
            recorder.event(self, thread, object, kind, function, change);
            self.recorder = Some(recorder);
        }
    }
}

/// The hash of an outcome, from the hashes of what every object holds.
pub(super) fn outcome(objects: impl Iterator<Item = u64>) -> u64 {
    let mut all = super::StableHasher::new();
    objects.for_each(|hash| all.write_u64(hash));
    all.finish()
}

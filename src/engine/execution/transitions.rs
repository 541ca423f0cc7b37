//! The transitions of an execution: a thread arrives at an operation, takes it, releases a lock, leaves.

use crate::engine::error::SearchError;
use crate::engine::execution::contracts::{breach, error, expected};
use crate::engine::execution::deadlock::deadlocks;
use crate::engine::execution::function::Function;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::state::{ExecutionState, Phase};
use crate::engine::execution::thread::{
    Arrival, Awaiting, PendingOperation, Status, ThreadState, WokenBy,
};
use crate::engine::execution::view::StateView as _;
use crate::trace::{EventKind, NO_DEADLOCK, ThreadId};
use std::borrow::Cow;

impl ExecutionState {
    /// A thread arrives at a lock.
    pub(crate) fn arrive_at_lock(
        &mut self,
        thread: ThreadId,
        operation: PendingOperation,
    ) -> Arrival {
        self.arrive(thread, operation, None);
        self.threads[thread].status = Status::Acquiring(operation.object);
        self.cover_waits();
        self.look_for_deadlock(thread)
    }

    /// A thread arrives at a step. It may turn out later that it has to wait.
    pub(crate) fn arrive_at_step(
        &mut self,
        thread: ThreadId,
        operation: PendingOperation,
        waits: Option<Awaiting>,
    ) {
        self.arrive(thread, operation, waits);
        self.threads[thread].status = Status::Stepping;
        self.cover_waits();
    }

    /// A thread has to wait for a condition.
    pub(crate) fn arrive_at_wait(
        &mut self,
        thread: ThreadId,
        awaiting: Awaiting,
        operation: PendingOperation,
    ) -> Arrival {
        self.arrive(thread, operation, Some(awaiting.clone()));
        self.threads[thread].status = Status::Awaiting(awaiting);
        self.cover_waits();
        self.look_for_deadlock(thread)
    }

    fn arrive(&mut self, thread: ThreadId, operation: PendingOperation, waits: Option<Awaiting>) {
        self.access.close();
        let thread_state = &mut self.threads[thread];
        (thread_state.pending, thread_state.at) = (operation.function, Some(operation.at));
        (thread_state.operation, thread_state.waits) = (Some(operation), waits);
    }

    /// The thread owns the lock from here on.
    pub(crate) fn granted(&mut self, thread: ThreadId, object: ObjectId, function: Function) {
        debug_assert!(self.objects[object].holder.is_none(), "two owners");
        self.objects[object].holder = Some(thread);
        self.threads[thread].status = Status::Running;
        self.threads[thread].holds.push(object);
        // That it has the lock. What the lock protects it observes as it reads it.
        self.observe(thread, &());
        self.executed(thread, Some(object), EventKind::Acquire, function, None);
        self.look_for_other_deadlocks(thread);
    }

    /// The thread releases the lock.
    pub(crate) fn released(
        &mut self,
        thread: ThreadId,
        object: ObjectId,
        function: Option<Function>,
        taken_by: Function,
    ) {
        self.objects[object].holder = None;
        self.threads[thread].holds.retain(|held| *held != object);
        if self.phase.is_over() {
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
    pub(crate) fn rename(&mut self, thread: ThreadId, object: ObjectId, name: String) {
        self.relabelled[0].insert(object);
        let old = std::mem::replace(&mut self.objects[object].name, name);
        let made_as = &mut self.objects[object].made_as;
        made_as.get_or_insert_with(|| old.clone());
        if let Some(recorder) = &mut self.recorder {
            recorder.rename(self.threads[thread].name, &old, &self.objects[object].name);
        }
    }

    /// The holder of a lock says which function releases it.
    pub(crate) fn released_by(&mut self, object: ObjectId, function: Function) {
        self.relabelled[1].insert(object);
        self.objects[object].released_by = Some(function);
    }

    /// An operation took effect.
    pub(crate) fn executed(
        &mut self,
        thread: ThreadId,
        object: Option<ObjectId>,
        kind: EventKind,
        function: Function,
        change: Option<(String, String)>,
    ) {
        self.threads[thread].status = Status::Running;
        self.threads[thread].waits = None;
        self.running = Some(thread);
        self.schedule.push(thread);
        self.last_object = object;
        if self.schedule.len() > self.most_operations / 2 {
            let operation = self.threads[thread].operation;
            self.late
                .extend(operation.map(|operation| (thread, operation)));
        }
        // A search of states asks for no trace.
        if let Some(object) = object.filter(|_| !self.looks_at_states) {
            self.objects[object].visits.add(&thread);
        }
        // What others may hold at the same time, they may change.
        let own = |held: &ObjectId| self.objects[*held].holder == Some(thread);
        let held = self.threads[thread].holds.iter().copied().filter(own);
        self.access.open(held.chain(object));
        self.record(thread, object, kind, function, change);
    }

    /// A thread has arrived at an operation: a thread at a lock that another thread holds may reach a cover point by
    /// that.
    pub(crate) fn cover_waits(&mut self) {
        if self.phase == Phase::Pruned {
            return;
        }
        for thread in self.threads.ids() {
            let points: Vec<&str> = self.covered_by_wait(thread).collect();
            self.waits.extend(points.into_iter().map(Cow::Borrowed));
        }
    }

    /// A thread leaves for good; a thread that waits for something that it holds blocks forever.
    pub(crate) fn left(&mut self, thread: ThreadId) {
        self.threads[thread].halted = true;
        self.threads[thread].status = Status::Left;
        self.running = None;
        self.access.close();
        self.cover_waits();
        for waiter in self.threads.ids() {
            self.look_for_deadlock(waiter);
        }
    }

    /// A thread that has arrived at a wait: whether a cycle of waits is closed now. An explicit-state search looks for
    /// cycles itself, at every state that it reaches.
    pub(crate) fn look_for_deadlock(&mut self, thread: ThreadId) -> Arrival {
        if self.looks_at_states {
            return Arrival::Proceed;
        }
        let deadlocks = deadlocks(self, thread);
        if deadlocks.is_empty() {
            return Arrival::Proceed;
        }
        for (message, cycle) in deadlocks {
            self.violated(NO_DEADLOCK.into(), message, Some(cycle));
        }
        Arrival::Deadlock
    }

    /// A thread has taken an operation: whether that has closed a cycle among others. What a wait waits for, and which
    /// threads have to act on it, may have changed.
    pub(crate) fn look_for_other_deadlocks(&mut self, thread: ThreadId) {
        if self.looks_at_states {
            return;
        }
        for waiter in self.threads.ids().filter(|waiter| *waiter != thread) {
            let may = match &self.threads[waiter].status {
                Status::Awaiting(awaiting) => !matches!(awaiting.by, WokenBy::AnyThread),
                _ => false,
            };
            if may {
                self.look_for_deadlock(waiter);
            }
        }
    }

    /// A thread is about to take its operation.
    pub(crate) fn expect_contracts(&mut self, thread: ThreadId) {
        // In an explicit-state search every transition is checked, whether or not it is executed.
        let waits = |(other, thread_state): (ThreadId, &ThreadState)| {
            other != thread && thread_state.waits.is_some()
        };
        self.expected.clear();
        if !self.looks_at_states && self.threads.enumerated().any(waits) {
            self.expected = expected(self, thread);
        }
    }

    /// A thread has reached the end of its operation, and of what it does before its next one.
    pub(crate) fn kept_contracts(&mut self, thread: ThreadId) -> Result<(), SearchError> {
        if self.expected.is_empty() || self.running != Some(thread) {
            return Ok(());
        }
        let expected = std::mem::take(&mut self.expected);
        match breach(&expected, self) {
            Some(breach) => Err(error(self, &expected, breach, self.location(thread))),
            None => Ok(()),
        }
    }
}

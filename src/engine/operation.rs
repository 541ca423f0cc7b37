//! What a thread does to shared objects: it acquires locks, takes steps, and waits.

use super::determinism::Before;
use super::execution::{Arrival, ExecutionState, Ready, Status};
use super::loom_replay::{await_turn, pass_turn};
use super::model_error::PendingOperation;
use super::object::{Cell, Lock, State};
use super::raw::RawGuard;
use super::wait::Wait;
use super::world::{Kind, unpoisoned};
use super::{Function, Guard, Halt, SearchError, Task, loom, shuttle};
use crate::trace::EventKind;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::{Arc, MutexGuard};

impl Task {
    /// Acquires a lock, waiting for whoever holds it. One step.
    #[track_caller]
    pub fn acquire<'l, T: State>(
        &self,
        lock: &'l Lock<T>,
        function: Function,
    ) -> Result<Guard<'l, T>, Halt> {
        let comes = PendingOperation {
            function,
            object: lock.0.id,
            at: Location::caller(),
        };
        self.acknowledge_halt(self.take(lock, comes))
    }

    fn take<'l, T: State>(
        &self,
        lock: &'l Lock<T>,
        comes: PendingOperation,
    ) -> Result<Guard<'l, T>, Halt> {
        let object = &*lock.0;
        let function = comes.function;
        let mut execution = self.arrives(comes, false)?;
        let arrival = execution.arrive_at_lock(self.id, comes);
        drop(execution);
        let raw = match (self.shared.kind, arrival) {
            (Kind::Loom, Arrival::Proceed) => {
                loom::end_if_quiescent(&self.shared);
                await_turn(self)?;
                object.raw.take()
            }
            (Kind::Loom, Arrival::Deadlock) => {
                object.raw.attempt_in_vain();
                loom::attempted(self, object.id);
                return Err(loom::wait_for_the_end(self, Status::Doomed));
            }
            (Kind::Shuttle, _) => {
                shuttle::switch();
                object.raw.take()
            }
        };
        let (mut execution, raw) = self.scheduled(object.id, raw)?;
        execution.expect_contracts(self.id);
        execution.granted(self.id, object.id, function);
        let frame = execution.threads[self.id].stack.last().copied();
        self.unless_wrong(execution.bounded(), execution)?;
        pass_turn(&self.shared);
        Ok(Guard {
            object,
            task: self.clone(),
            unlock: None,
            taken: (function, frame),
            _raw: raw,
        })
    }

    /// Takes one atomic step on a shared object.
    ///
    /// `effect` may capture nothing but plain copies, and its result is all that the thread learns:
    /// so the future of an execution is a function of the objects and of what each thread has seen.
    #[track_caller]
    pub fn step<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        function: Function,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        self.step_at(cell, (function, Location::caller()), false, effect)
    }

    /// The same, also for a thread whose assertion has failed, if it `releases` what it holds.
    pub(super) fn step_at<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        (function, at): (Function, &'static Location<'static>),
        releases: bool,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let object = cell.0.id;
        let comes = PendingOperation {
            function,
            object,
            at,
        };
        let arrived = self.arrives(comes, releases);
        let arrived = arrived.map(|mut execution| execution.arrive_at_step(self.id, comes, None));
        self.acknowledge_halt(arrived.and_then(|()| self.attempt(cell, comes, None, effect)))
    }

    /// Waits until `guard` holds of the object, and takes one atomic step on it then.
    #[track_caller]
    pub fn step_when<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        function: Function,
        wait: &Wait,
        guard: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        self.step_when_at(cell, (function, Location::caller()), wait, guard, effect)
    }

    pub(super) fn step_when_at<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        (function, at): (Function, &'static Location<'static>),
        wait: &Wait,
        guard: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let comes = PendingOperation {
            function,
            object: cell.0.id,
            at,
        };
        // Evaluated by the engine, and not as a part of any step: so it may read nothing else.
        let (value, access) = (Arc::clone(&cell.0.value), Arc::clone(&cell.0.access));
        let id = self.id;
        let ready: Ready = Arc::new(move || access.guard(id, || guard(&unpoisoned(&value))));
        let arrived = self.arrives(comes, false).map(|mut execution| {
            let object = (cell.0.id, cell.0.class);
            let awaiting = wait.awaiting(&mut execution, object, Arc::clone(&ready));
            match self.shared.kind {
                // loom must see the attempt before it may learn that the guard does not hold.
                Kind::Loom => execution.arrive_at_step(self.id, comes, Some(awaiting)),
                Kind::Shuttle => {
                    execution.arrive_at_wait(self.id, awaiting, comes);
                }
            }
        });
        self.acknowledge_halt(
            arrived.and_then(|()| self.attempt(cell, comes, Some(&(wait, ready)), effect)),
        )
    }

    fn attempt<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        comes: PendingOperation,
        condition: Option<&(&Wait, Ready)>,
        effect: impl Fn(&mut T) -> R,
    ) -> Result<R, Halt> {
        let object = &*cell.0;
        let of = (object.id, object.class);
        loop {
            match self.shared.kind {
                Kind::Shuttle => shuttle::switch(),
                Kind::Loom => await_turn(self)?,
            }
            // Where no other thread can make the condition of a wait false, it makes no difference to any of them when
            // the thread looks at it in vain: so it looks only when there is something to see, and loom is spared the
            // order of the other looks. Not so where two threads take work from one object.
            if let (Kind::Loom, Some((wait, ready))) = (self.shared.kind, condition)
                && wait.is_for_work()
                && !loom::shares_work(self, object.id)
                && !ready()
            {
                let mut execution = self.shared.execution();
                let awaiting = wait.awaiting(&mut execution, of, Arc::clone(ready));
                execution.arrive_at_wait(self.id, awaiting.clone(), comes);
                drop(execution);
                loom::park(self, Status::Awaiting(awaiting))?;
            }
            let raw = object.raw.take();
            let (mut execution, raw) = self.scheduled(object.id, raw)?;
            match condition {
                Some((wait, ready)) if !ready() => {
                    let awaiting = wait.awaiting(&mut execution, of, Arc::clone(ready));
                    let arrival = execution.arrive_at_wait(self.id, awaiting.clone(), comes);
                    drop(execution);
                    drop(raw);
                    // Nothing lies between giving the object up and parking that loom could
                    // schedule another thread at, so no wakeup is lost.
                    let status = match arrival {
                        Arrival::Proceed => Status::Awaiting(awaiting),
                        Arrival::Deadlock => Status::Doomed,
                    };
                    loom::park(self, status)?;
                }
                _ => return self.take_effect(cell, comes, execution, effect),
            }
        }
    }

    /// The step takes place now.
    fn take_effect<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        comes: PendingOperation,
        mut execution: MutexGuard<'_, ExecutionState>,
        effect: impl Fn(&mut T) -> R,
    ) -> Result<R, Halt> {
        let object = &*cell.0;
        let recording = execution.recorder.is_some();
        let before: Option<Before> = self.before(&mut execution, object.id);
        execution.expect_contracts(self.id);
        // What else the effect reads, no engine knows to be a part of the step.
        execution.access.open([object.id]);
        let happened = catch_unwind(AssertUnwindSafe(|| {
            let mut value = object.value();
            let before = recording.then(|| value.show());
            let result = effect(&mut value);
            (result, before.map(|before| (before, value.show())))
        }));
        let (result, change) = match happened {
            Ok(happened) => happened,
            Err(payload) => {
                // An encoding that catches the panic itself is wrong all the same.
                execution.panicked(self.id, &*payload);
                drop(execution);
                resume_unwind(payload)
            }
        };
        execution.objects[object.id].digest = None;
        execution.observe(self.id, &result);
        let function = comes.function;
        execution.executed(self.id, Some(object.id), EventKind::Step, function, change);
        let effect = self.effect(&mut execution, object.id, before);
        let effect = effect.and_then(|()| execution.bounded());
        execution.look_for_other_deadlocks(self.id);
        let woken = match self.shared.kind {
            Kind::Loom => execution.ready_waiters(object.id),
            Kind::Shuttle => Vec::new(),
        };
        for thread in &woken {
            execution.threads[*thread].status = Status::Stepping;
        }
        self.unless_wrong(effect, execution)?;
        loom::unpark(&self.shared, &woken);
        pass_turn(&self.shared);
        Ok(result)
    }

    /// The thread arrives at an operation, and the execution is not over.
    fn arrives(
        &self,
        comes: PendingOperation,
        releases: bool,
    ) -> Result<MutexGuard<'_, ExecutionState>, Halt> {
        let mut execution = self.shared.execution();
        if execution.at_the_end {
            let spot = execution.spot_of(comes);
            execution.report_error(SearchError::OperationAtTheEnd { spot: spot.into() });
            return Err(Halt {});
        }
        let releases = releases && !matches!(execution.threads[self.id].status, Status::Left);
        if execution.stopping || (execution.threads[self.id].halted && !releases) {
            execution.threads[self.id].comes = Some(comes);
            return Err(Halt {});
        }
        let arrives = if let Some(model_error) = &execution.model_error {
            Err(model_error.error.clone())
        } else if self.is_elsewhere(&execution) {
            let spot = execution.spot_at(self.id, Some(comes)).into();
            Err(SearchError::TaskElsewhere { spot })
        } else {
            self.settled(&mut execution)
                .and_then(|()| self.determinism(&mut execution, Some(comes)))
        };
        match arrives {
            Ok(()) => Ok(execution),
            Err(model_error) => {
                drop(execution);
                Err(self.report_error(model_error))
            }
        }
    }

    /// The thread's last operation is over, with all that the thread does before its next one.
    pub(super) fn settled(&self, execution: &mut ExecutionState) -> Result<(), SearchError> {
        execution.observe_peeked(self.id);
        if let Some(invalid) = execution.access.take_invalid() {
            return Err(execution.invalid(self.id, invalid));
        }
        execution.kept_contracts(self.id)
    }

    /// Gives the execution state up, and the execution too if something has shown to be wrong with the encoding.
    fn unless_wrong(
        &self,
        result: Result<(), SearchError>,
        execution: MutexGuard<'_, ExecutionState>,
    ) -> Result<(), Halt> {
        drop(execution);
        result.map_err(|model_error| self.report_error(model_error))
    }

    /// The thread's operation takes place now, unless the execution is over, or ends here since all that
    /// can follow is known.
    fn scheduled<'o>(
        &self,
        object: usize,
        raw: RawGuard<'o>,
    ) -> Result<(MutexGuard<'_, ExecutionState>, RawGuard<'o>), Halt> {
        let mut execution = self.shared.execution();
        if execution.stopping {
            drop((execution, raw));
            return Err(loom::unwound(self));
        }
        if self.shared.kind == Kind::Loom && loom::is_known(self, object, &mut execution) {
            drop(execution);
            return Err(loom::cut_short(&self.shared));
        }
        Ok((execution, raw))
    }
}

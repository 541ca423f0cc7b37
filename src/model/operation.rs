//! What a thread does to shared objects: it acquires locks, takes steps, and waits.

use crate::engine::error::SearchError;
use crate::engine::execution::backend::Taken;
use crate::engine::execution::determinism::Before;
use crate::engine::execution::function::Function;
use crate::engine::execution::halt::Halt;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::ranked::{RankedGuard, unpoisoned};
use crate::engine::execution::state::{ExecutionState, Phase};
use crate::engine::execution::thread::{Arrival, PendingOperation, Ready, Status};
use crate::model::Task;
use crate::model::guard::Guard;
use crate::model::object::{Cell, Lock, State};
use crate::model::wait::Wait;
use crate::trace::EventKind;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::Arc;

impl Task {
    /// Acquires a lock, waiting for its holder. One step.
    #[track_caller]
    pub fn acquire<'l, T: State>(
        &self,
        lock: &'l Lock<T>,
        function: Function,
    ) -> Result<Guard<'l, T>, Halt> {
        let operation = PendingOperation {
            function,
            object: lock.0.id,
            at: Location::caller(),
        };
        self.acknowledge_halt(self.take(lock, operation))
    }

    fn take<'l, T: State>(
        &self,
        lock: &'l Lock<T>,
        operation: PendingOperation,
    ) -> Result<Guard<'l, T>, Halt> {
        let object = &*lock.0;
        let function = operation.function;
        let mut execution = self.arrives(operation, false)?;
        let arrival = execution.arrive_at_lock(self.id, operation);
        drop(execution);
        let backend = &*self.shared.backend;
        backend.switch_to_lock(&self.shared, self.id, object.id, arrival)?;
        let held = object.take();
        let (mut execution, held) = self.scheduled(object.id, held)?;
        execution.expect_contracts(self.id);
        execution.granted(self.id, object.id, function);
        let frame = execution.threads[self.id].stack.last().copied();
        self.unless_wrong(execution.bounded(), execution)?;
        backend.wake(&self.shared, &[]);
        Ok(Guard {
            object,
            task: self.clone(),
            unlock: None,
            taken: (function, frame),
            _held: held,
        })
    }

    /// Takes one atomic step on a shared object.
    ///
    /// `effect` may capture nothing but plain copies, and its result is all that the thread observes:
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
    pub(crate) fn step_at<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        (function, at): (Function, &'static Location<'static>),
        releases: bool,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let object = cell.0.id;
        let operation = PendingOperation {
            function,
            object,
            at,
        };
        let arrived = self.arrives(operation, releases);
        let arrived =
            arrived.map(|mut execution| execution.arrive_at_step(self.id, operation, None));
        self.acknowledge_halt(arrived.and_then(|()| self.attempt(cell, operation, None, effect)))
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

    pub(crate) fn step_when_at<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        (function, at): (Function, &'static Location<'static>),
        wait: &Wait,
        guard: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let operation = PendingOperation {
            function,
            object: cell.0.id,
            at,
        };
        // Evaluated by the engine, and not as a part of any step: so it may read nothing else.
        let (value, access) = (Arc::clone(&cell.0.value), Arc::clone(&cell.0.access));
        let id = self.id;
        let ready: Ready = Arc::new(move || access.guard(id, || guard(&unpoisoned(&value))));
        let arrived = self.arrives(operation, false).map(|mut execution| {
            let object = (cell.0.id, cell.0.class);
            let awaiting = wait.awaiting(&mut execution, object, Arc::clone(&ready));
            if self.shared.backend.schedules_waits() {
                execution.arrive_at_wait(self.id, awaiting, operation);
            } else {
                execution.arrive_at_step(self.id, operation, Some(awaiting));
            }
        });
        self.acknowledge_halt(
            arrived.and_then(|()| self.attempt(cell, operation, Some(&(wait, ready)), effect)),
        )
    }

    fn attempt<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        operation: PendingOperation,
        condition: Option<&(&Wait, Ready)>,
        effect: impl Fn(&mut T) -> R,
    ) -> Result<R, Halt> {
        let object = &*cell.0;
        let of = (object.id, object.class);
        let backend = &*self.shared.backend;
        loop {
            backend.switch(&self.shared, self.id)?;
            // Where no other thread can make the condition of a wait false, it makes no difference to any of them when
            // the thread looks at it in vain: so it looks only when there is something to see, and loom is spared the
            // order of the other looks. Not so where two threads take work from one object.
            if let Some((wait, ready)) = condition
                && wait.is_for_work()
                && !backend.needs_idle_looks(object.id)
                && !ready()
            {
                let mut execution = self.shared.execution();
                let awaiting = wait.awaiting(&mut execution, of, Arc::clone(ready));
                execution.arrive_at_wait(self.id, awaiting.clone(), operation);
                drop(execution);
                backend.block(&self.shared, self.id, Status::Awaiting(awaiting))?;
            }
            let held = object.take();
            let (mut execution, held) = self.scheduled(object.id, held)?;
            match condition {
                Some((wait, ready)) if !ready() => {
                    let awaiting = wait.awaiting(&mut execution, of, Arc::clone(ready));
                    let arrival = execution.arrive_at_wait(self.id, awaiting.clone(), operation);
                    drop(execution);
                    drop(held);
                    // Nothing lies between giving the object up and parking that loom could
                    // schedule another thread at, so no wakeup is lost.
                    let status = match arrival {
                        Arrival::Proceed => Status::Awaiting(awaiting),
                        Arrival::Deadlock => Status::Doomed,
                    };
                    backend.block(&self.shared, self.id, status)?;
                }
                _ => return self.take_effect(cell, operation, execution, effect),
            }
        }
    }

    /// The step takes place now.
    fn take_effect<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        operation: PendingOperation,
        mut execution: RankedGuard<'_, ExecutionState>,
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
        let function = operation.function;
        execution.executed(self.id, Some(object.id), EventKind::Step, function, change);
        let effect = self.effect(&mut execution, object.id, before);
        let effect = effect.and_then(|()| execution.bounded());
        execution.look_for_other_deadlocks(self.id);
        let woken = self.shared.backend.woken_by(&mut execution, object.id);
        self.unless_wrong(effect, execution)?;
        self.shared.backend.wake(&self.shared, &woken);
        Ok(result)
    }

    /// The thread arrives at an operation, and the execution is not over.
    fn arrives(
        &self,
        operation: PendingOperation,
        releases: bool,
    ) -> Result<RankedGuard<'_, ExecutionState>, Halt> {
        let mut execution = self.shared.execution();
        if execution.phase == Phase::FinalCheck {
            let location = execution.location_of_check(operation);
            execution.report_error(SearchError::OperationAtTheEnd {
                location: location.into(),
            });
            return Err(Halt {});
        }
        let releases = releases && !matches!(execution.threads[self.id].status, Status::Left);
        if execution.phase.is_over() || (execution.threads[self.id].halted && !releases) {
            execution.threads[self.id].operation = Some(operation);
            return Err(Halt {});
        }
        let arrives = if let Some(model_error) = &execution.model_error {
            Err(model_error.error.clone())
        } else if self.is_elsewhere(&execution) {
            let location = execution.location_at(self.id, Some(operation)).into();
            Err(SearchError::TaskElsewhere { location })
        } else {
            self.settled(&mut execution)
                .and_then(|()| self.check_next(&mut execution, Some(operation)))
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
    pub(crate) fn settled(&self, execution: &mut ExecutionState) -> Result<(), SearchError> {
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
        execution: RankedGuard<'_, ExecutionState>,
    ) -> Result<(), Halt> {
        drop(execution);
        result.map_err(|model_error| self.report_error(model_error))
    }

    /// The thread's operation takes place now, unless the execution is over, or ends here since all that
    /// can follow is known.
    fn scheduled<'o>(
        &self,
        object: ObjectId,
        held: Taken<'o>,
    ) -> Result<(RankedGuard<'_, ExecutionState>, Taken<'o>), Halt> {
        let backend = &*self.shared.backend;
        let mut execution = self.shared.execution();
        if execution.phase.is_over() {
            drop((execution, held));
            return Err(backend.unwound(&self.shared, self.id));
        }
        if backend.is_explored(&self.shared, self.id, object, &mut execution) {
            execution.phase = Phase::Pruned;
            drop(execution);
            backend.end(&self.shared);
            return Err(Halt {});
        }
        Ok((execution, held))
    }
}

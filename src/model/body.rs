//! The beginning and the end of a thread's body, and what its operations are checked for.

use crate::engine::error::SearchError;
use crate::engine::execution::determinism::Before;
use crate::engine::execution::halt::{Halt, IgnoresHalt};
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::panics::panic_message;
use crate::engine::execution::parameters;
use crate::engine::execution::state::{ExecutionState, Phase};
use crate::engine::execution::thread::PendingOperation;
use crate::model::Task;

/// So many operations may a thread try on its way out.
const MAX_OPERATIONS_AFTER_THE_END: u32 = 1_000;

impl Task {
    /// The execution is over, since the encoding is wrong.
    pub(crate) fn report_error(&self, error: SearchError) -> Halt {
        let mut execution = self.shared.execution();
        execution.report_error(error);
        if execution.phase != Phase::Running {
            return Halt {};
        }
        execution.phase = Phase::Pruned;
        drop(execution);
        self.shared.backend.end(&self.shared);
        Halt {}
    }

    /// An operation has ended, or has returned `Halt`, which a body passes
    /// on. One that keeps trying is ended.
    pub(crate) fn acknowledge_halt<R>(&self, result: Result<R, Halt>) -> Result<R, Halt> {
        if result.is_err() {
            let mut execution = self.shared.execution();
            let thread_state = &mut execution.threads[self.id];
            if thread_state.halts == 0 {
                thread_state.halted_at = thread_state.operation;
            }
            thread_state.halts += 1;
            if thread_state.halts > MAX_OPERATIONS_AFTER_THE_END {
                drop(execution);
                std::panic::resume_unwind(Box::new(IgnoresHalt));
            }
        }
        result
    }

    /// The thread's body begins.
    pub(crate) fn begins(&self) {
        let mut execution = self.shared.execution();
        execution.running = Some(self.id);
        execution.access.take_peeked();
        parameters::take();
        execution.access.open([]);
    }

    /// The thread's body has returned, or panicked.
    pub(crate) fn at_the_end_of_the_body(&self, result: std::thread::Result<Result<(), Halt>>) {
        let mut execution = self.shared.execution();
        let model_error = match result {
            Ok(result) => {
                // What is read on the way out changes nothing.
                let in_the_model = !execution.phase.is_over() && !execution.threads[self.id].halted;
                let settled = if in_the_model {
                    self.settled(&mut execution).err()
                } else {
                    // Nor is it what the next thread has read.
                    execution.access.take_peeked();
                    parameters::take();
                    None
                };
                settled
                    .or_else(|| self.check_next(&mut execution, None).err())
                    .or_else(|| execution.error_at_the_end(self.id, result))
            }
            Err(payload) if payload.is::<IgnoresHalt>() => {
                let location = execution.location_at(self.id, execution.threads[self.id].halted_at);
                Some(SearchError::HaltIgnored {
                    location: location.into(),
                })
            }
            // It is recorded already, with the operation that it came out of.
            Err(_) if execution.model_error.is_some() => {
                execution.model_error.as_ref().map(|m| m.error.clone())
            }
            Err(payload) => Some(SearchError::Panicked {
                location: execution.location(self.id).into(),
                message: panic_message(payload.as_ref()),
            }),
        };
        execution.running = None;
        drop(execution);
        if let Some(model_error) = model_error {
            // It is recorded, and the execution is over.
            let _ = self.report_error(model_error);
        }
    }

    /// Compares the operation that the thread is at with what it did before, where it had observed the same.
    pub(crate) fn check_next(
        &self,
        execution: &mut ExecutionState,
        next: Option<PendingOperation>,
    ) -> Result<(), SearchError> {
        let mut collector = self.shared.collector();
        match &mut collector.determinism {
            Some(determinism) if !execution.phase.is_over() => {
                determinism.check_next(execution, self.id, next)
            }
            _ => Ok(()),
        }
    }

    /// What the thread knows and what an object holds, where executions are compared.
    pub(crate) fn before(
        &self,
        execution: &mut ExecutionState,
        object: ObjectId,
    ) -> Option<Before> {
        if !execution.compared || execution.phase.is_over() {
            return None;
        }
        let mut before = execution.threads[self.id].observed;
        before.add(&(object, execution.objects[object].digest()));
        Some((self.id, before.0))
    }

    /// Compares the effect of the operation that the thread has taken with earlier ones.
    pub(crate) fn effect(
        &self,
        execution: &mut ExecutionState,
        object: ObjectId,
        before: Option<Before>,
    ) -> Result<(), SearchError> {
        let mut collector = self.shared.collector();
        let Some((determinism, before)) = collector.determinism.as_mut().zip(before) else {
            return Ok(());
        };
        if execution.recorder.is_some() || execution.looks_at_states {
            determinism.check_shown(execution, object)?;
        }
        determinism.check_effect(execution, object, before)
    }

    /// The same of what a lock protects, which is no operation of its own.
    pub(crate) fn after(&self, object: ObjectId, before: Option<Before>) {
        let effect = self.effect(&mut self.shared.execution(), object, before);
        if let Err(model_error) = effect {
            // The next operation says so.
            let _ = self.report_error(model_error);
        }
    }

    /// What the thread has found broken in a part that it is about to forget.
    pub(crate) fn check_reported(&self) {
        let mut execution = self.shared.execution();
        let mut collector = self.shared.collector();
        let reported = match &mut collector.determinism {
            Some(determinism) if !execution.phase.is_over() => {
                determinism.check_violations(&mut execution, self.id)
            }
            _ => Ok(()),
        };
        drop((execution, collector));
        if let Err(model_error) = reported {
            let _ = self.report_error(model_error);
        }
    }
}

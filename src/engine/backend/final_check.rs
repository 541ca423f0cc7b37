//! The check at the end of an execution: the same under every backend.

use crate::engine::error::SearchError;
use crate::engine::execution::panics::panic_message;
use crate::engine::execution::parameters;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::Phase;
use crate::model::Task;
use crate::model::world::Check;
use crate::trace::ThreadId;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Runs the checks of [`World::finally`], if every thread has reached its end; what they report is
/// compared with other executions. A panic of theirs is the encoding's.
pub(crate) fn run(shared: &Arc<Shared>, checks: Vec<Check>) {
    {
        let mut execution = shared.execution();
        let has_returned = matches!(
            execution.phase,
            Phase::Running | Phase::Stopped { completed: true }
        );
        if !has_returned || execution.model_error.is_some() {
            return;
        }
        execution.phase = Phase::FinalCheck;
        execution.running = None;
        execution.access.close();
        if execution.looks_at_states {
            execution.begin_step();
        }
        execution.touched();
        parameters::take();
    }
    let task = Task {
        id: ThreadId::default(),
        shared: Arc::clone(shared),
    };
    for check in checks {
        let result = catch_unwind(AssertUnwindSafe(|| check(&task)));
        if let Err(payload) = result {
            let message = panic_message(&*payload);
            let location = Box::default();
            shared
                .execution()
                .report_error(SearchError::Panicked { location, message });
        }
    }
    let mut execution = shared.execution();
    execution.read_at_the_end = execution.touched();
    execution.asked = parameters::take();
    if execution.model_error.is_none() {
        shared.check_final(&mut execution);
    }
}

//! The check at the end of an execution: the same for every engine.

use super::Task;
use super::determinism::ends;
use super::error::SearchError;
use super::panic_hook;
use super::world::Shared;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Runs the checks of [`World::finally`](super::World::finally), if every thread has come to its end; what they say is
/// compared with other executions. A panic of theirs is the encoding's.
pub(super) fn check(shared: &Arc<Shared>) {
    {
        let mut execution = shared.execution();
        let every_thread = !execution.stopping || execution.completed;
        if !every_thread || execution.model_error.is_some() {
            return;
        }
        (execution.at_the_end, execution.running) = (true, None);
        execution.access.close();
        if execution.stateful {
            execution.begin_step();
        }
        execution.touched();
    }
    let task = Task {
        id: 0,
        shared: Arc::clone(shared),
    };
    for check in shared.take_finally() {
        let result = catch_unwind(AssertUnwindSafe(|| check(&task)));
        if let Err(payload) = result {
            let message = panic_hook::panic_message(&*payload);
            let spot = Box::default();
            shared
                .execution()
                .report_error(SearchError::Panicked { spot, message });
        }
    }
    let mut execution = shared.execution();
    execution.read_at_the_end = execution.touched();
    if execution.model_error.is_none() {
        ends(&shared.collector, &mut execution);
    }
}

//! Diagnosis of an error: hidden state, or a model that is not deterministic.

use crate::engine::backend::threads::thread_names;
use crate::engine::error::SearchError;
use crate::engine::execution::model_error::ModelError;
use crate::engine::search::replay::replay_best_effort;
use crate::model::Encoding;
use std::sync::Arc;

/// So often is a schedule run again to see whether it does the same.
const AGAIN: usize = 8;

/// What is hidden from an engine is one thing, and what differs from run to run another: the same schedule,
/// run again, distinguishes them.
pub(crate) fn diagnose(encoding: &Arc<dyn Encoding>, model_error: ModelError) -> SearchError {
    let SearchError::HiddenState {
        location,
        now,
        before,
    } = &model_error.error
    else {
        return model_error.error;
    };
    let mut runs = (0..AGAIN).map(|time| {
        // A run makes the model twice. One that alternates must not come out even.
        if time % 2 == 1 {
            thread_names(encoding)?;
        }
        replay_best_effort(encoding, &model_error.schedule).map(|run| run.events)
    });
    let first = runs.next();
    if runs.all(|run| Some(run) == first) {
        return model_error.error;
    }
    SearchError::Nondeterministic(format!("{location}: {now}; by the same schedule, {before}"))
}

//! Everything that the threads of one execution share.

use crate::engine::execution::backend::Backend;
use crate::engine::execution::collector::{Collector, Next};
use crate::engine::execution::ranked::{Ranked, RankedGuard};
use crate::engine::execution::state::{ExecutionState, Phase};
use std::sync::Arc;

/// Everything that the threads of one execution share.
///
/// Both mutexes are never held across a switch of threads. The state is locked before the collector, never after it
/// ([`Ranked`] asserts the order).
pub(crate) struct Shared {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) execution: Ranked<ExecutionState>,
    pub(crate) collector: Arc<Ranked<Collector>>,
}

impl Shared {
    pub(crate) fn execution(&self) -> RankedGuard<'_, ExecutionState> {
        self.execution.lock()
    }

    pub(crate) fn collector(&self) -> RankedGuard<'_, Collector> {
        self.collector.lock()
    }

    /// Compares a model that was made with the one of the execution before.
    pub(crate) fn check_initial(&self) {
        let mut execution = self.execution();
        let mut collector = self.collector();
        let Some(determinism) = &mut collector.determinism else {
            return;
        };
        execution.compared = true;
        if let Err(error) = determinism.check_initial(&mut execution) {
            execution.report_error(error);
            execution.phase = Phase::Pruned;
        }
    }

    /// Compares what the check at the end has reported with what it reported in other executions.
    pub(crate) fn check_final(&self, execution: &mut ExecutionState) {
        let mut collector = self.collector();
        let Some(determinism) = &mut collector.determinism else {
            return;
        };
        if let Err(error) = determinism.check_final(execution) {
            execution.report_error(error);
        }
    }
}

impl Shared {
    /// Takes in the execution, which is over, and says whether the search goes on.
    pub(crate) fn take_in(&self) -> Next {
        let mut execution = self.execution();
        self.collector().take_in(&mut execution)
    }
}

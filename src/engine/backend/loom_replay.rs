//! A given schedule under loom: a gate that lets one thread pass at a time, so that loom has nothing to choose.

use crate::engine::execution::halt::Halt;
use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::ExecutionState;
use crate::trace::{Schedule, ThreadId};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The thread of each operation, and the threads that are parked until it is their turn.
#[derive(Debug)]
pub(crate) struct ScheduleGate {
    schedule: Schedule,
    waiting: Mutex<BTreeSet<ThreadId>>,
}

impl ScheduleGate {
    pub(crate) fn new(schedule: &Schedule) -> Self {
        Self {
            schedule: schedule.clone(),
            waiting: Mutex::default(),
        }
    }

    /// Whether it is the turn of a thread; past the end of the schedule it is every thread's.
    fn is_next(&self, thread: ThreadId, execution: &ExecutionState) -> bool {
        let next = self.schedule.get(execution.schedule.len());
        next.is_none_or(|next| *next == thread)
    }

    /// Parks a thread that is at an operation until it is its turn. `Err` if the execution is over.
    pub(crate) fn await_turn(&self, shared: &Shared, thread: ThreadId) -> Result<(), Halt> {
        loop {
            let execution = shared.execution();
            if execution.phase.is_over() {
                return Err(Halt {});
            }
            if self.is_next(thread, &execution) {
                return Ok(());
            }
            drop(execution);
            unpoisoned(&self.waiting).insert(thread);
            ::loom::thread::park();
            unpoisoned(&self.waiting).remove(&thread);
        }
    }

    /// The threads to wake after an operation or where the execution is over, since their turn has come. Only a thread
    /// that is parked at the gate is among them: loom does not allow a thread at a mutex to be unparked.
    pub(crate) fn due(&self, shared: &Shared) -> Vec<ThreadId> {
        let execution = shared.execution();
        let waiting = unpoisoned(&self.waiting);
        let next =
            |thread: &ThreadId| execution.phase.is_over() || self.is_next(*thread, &execution);
        waiting.iter().copied().filter(next).collect()
    }
}

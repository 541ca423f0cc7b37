//! A given schedule under loom, which lets nobody choose: each thread parks until it is its turn.

use super::collect::Collector;
use super::error::{SearchError, take_model_error};
use super::execution::ExecutionState;
use super::loom;
use super::search::few_threads;
use super::strategy::Engine;
use super::task::{Halt, Task};
use super::world::{Encoding, Shared, unpoisoned};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// The thread of each operation, and who waits for its turn.
#[derive(Debug)]
pub(crate) struct ScheduleGate {
    schedule: Vec<u8>,
    waiting: Mutex<BTreeSet<usize>>,
}

impl ScheduleGate {
    pub(crate) fn new(schedule: &[u8]) -> Self {
        Self {
            schedule: schedule.to_vec(),
            waiting: Mutex::default(),
        }
    }

    /// Whose turn it is; past the end of the schedule it is everybody's.
    fn is_next(&self, thread: usize, execution: &ExecutionState) -> bool {
        let next = self.schedule.get(execution.schedule.len());
        next.is_none_or(|next| usize::from(*next) == thread)
    }
}

/// Parks a thread that is at an operation until it is its turn. `Err` if the execution is over.
pub(crate) fn await_turn(task: &Task) -> Result<(), Halt> {
    let Some(gate) = &task.shared.gate else {
        return Ok(());
    };
    loop {
        let execution = task.shared.execution();
        if execution.stopping {
            return Err(Halt {});
        }
        if gate.is_next(task.id, &execution) {
            return Ok(());
        }
        drop(execution);
        unpoisoned(&gate.waiting).insert(task.id);
        ::loom::thread::park();
        unpoisoned(&gate.waiting).remove(&task.id);
    }
}

/// Wakes those whose turn has come, after an operation or where the execution is over. Only who waits for
/// its turn is woken: loom does not take it well if a thread at a mutex is.
pub(crate) fn pass_turn(shared: &Shared) {
    let Some(gate) = &shared.gate else { return };
    let execution = shared.execution();
    let next = |thread: &usize| execution.stopping || gate.is_next(*thread, &execution);
    let woken: Vec<usize> = (unpoisoned(&gate.waiting).iter().copied())
        .filter(next)
        .collect();
    drop(execution);
    loom::unpark(shared, &woken);
}

/// Executes a schedule under loom; past its end the threads go on as loom will have it.
pub(super) fn follow(
    encoding: &Arc<dyn Encoding>,
    schedule: &[u8],
    collector: &Arc<Mutex<Collector>>,
) -> Result<(), SearchError> {
    few_threads(encoding, Engine::Loom)?;
    let followed = loom::follow(encoding, schedule, collector);
    take_model_error(collector, followed).map_err(|model_error| model_error.error)
}

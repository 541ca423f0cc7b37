//! One given schedule.

use crate::engine::execution::ranked::unpoisoned;
use crate::trace::ThreadId;
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Runs an execution as near to a given schedule as it will go: of the turns that are left, the first whose
/// thread can go on. Past its end the threads go on in their order.
pub(crate) struct Replay {
    /// The turns that were not taken yet.
    left: VecDeque<ThreadId>,
    taken: usize,
    ran: bool,
    /// Where the schedule first named a thread that could not go on.
    pub(crate) diverged: Arc<Mutex<Option<usize>>>,
    /// Whether two threads could go on at some moment.
    pub(crate) has_choice: Arc<AtomicBool>,
}

impl Replay {
    pub(crate) fn new(schedule: &crate::trace::Schedule) -> Self {
        Self {
            left: schedule.iter().copied().collect(),
            taken: 0,
            ran: false,
            diverged: Arc::default(),
            has_choice: Arc::default(),
        }
    }
}

impl Scheduler for Replay {
    fn new_execution(&mut self) -> Option<Schedule> {
        (!std::mem::replace(&mut self.ran, true)).then(|| Schedule::new(0))
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        (self.has_choice).fetch_or(enabled.len() > 1, Ordering::Relaxed);
        let task = |turn: ThreadId| TaskId::from(turn.index() + 1);
        let can = |turn: &ThreadId| enabled.iter().any(|other| other.id() == task(*turn));
        let place = self.left.iter().position(can);
        if !self.left.is_empty() && place != Some(0) {
            unpoisoned(&self.diverged).get_or_insert(self.taken);
        }
        self.taken += 1;
        let turn = place.and_then(|place| self.left.remove(place));
        turn.map(task).or(enabled.first().map(|task| task.id()))
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

//! Uniformly random schedules.

use ::shuttle::scheduler::{RandomScheduler, Schedule, Scheduler, Task, TaskId};

/// shuttle's random strategy, silenced: dropped before its last execution, as when a search ends early or fails,
/// it would print a seed.
pub(crate) struct Random(RandomScheduler);

impl Random {
    pub(crate) fn new(seed: u64, executions: usize) -> Self {
        Self(RandomScheduler::new_from_seed(seed, executions))
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        while self.0.new_execution().is_some() {}
    }
}

impl Scheduler for Random {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.0.new_execution()
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.0.next_task(enabled, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

//! One sequential run for each permutation of the threads.

use crate::trace::ThreadId;
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// Runs one execution for each order of the threads: the first that can go on always goes on.
pub(crate) struct Permutations {
    orders: std::vec::IntoIter<Vec<ThreadId>>,
    order: Vec<ThreadId>,
}

impl Permutations {
    pub(crate) fn new(orders: Vec<Vec<ThreadId>>) -> Self {
        Self {
            orders: orders.into_iter(),
            order: Vec::new(),
        }
    }
}

impl Scheduler for Permutations {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.order = self.orders.next()?;
        Some(Schedule::new(0))
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let rank = |task: &&&Task| {
            let thread = ThreadId::new(usize::from(task.id()) - 1);
            self.order.iter().position(|t| *t == thread)
        };
        enabled.iter().min_by_key(rank).map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

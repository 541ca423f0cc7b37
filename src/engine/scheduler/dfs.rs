//! Every schedule, depth first, without any reduction.

use crate::engine::execution::ranked::unpoisoned;
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::sync::{Arc, Mutex};

/// Runs every schedule, depth first, whatever has been seen before.
#[derive(Default)]
pub(crate) struct Dfs {
    /// At each choice of the present execution: the place of the thread taken among those that can go
    /// on, and their number.
    path: Vec<(usize, usize)>,
    position: usize,
    ran: bool,
    /// Where the model offered another choice than before.
    pub(crate) diverged: Arc<Mutex<Option<usize>>>,
}

impl Scheduler for Dfs {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.position = 0;
        if !std::mem::replace(&mut self.ran, true) {
            return Some(Schedule::new(0));
        }
        if unpoisoned(&self.diverged).is_some() {
            return None;
        }
        while let Some((taken, enabled)) = self.path.last_mut() {
            *taken += 1;
            if *taken < *enabled {
                return Some(Schedule::new(0));
            }
            self.path.pop();
        }
        None
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let position = self.position;
        self.position += 1;
        if self.path.len() == position {
            self.path.push((0, enabled.len()));
        }
        let (taken, before) = self.path[position];
        if before != enabled.len() {
            unpoisoned(&self.diverged).get_or_insert(position);
        }
        enabled.get(taken).or(enabled.first()).map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

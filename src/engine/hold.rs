//! What a thread has acquired in a way of its own.

use super::Task;
use std::fmt;

/// What a thread holds of a cell, from [`Task::hold`] until it is dropped.
pub struct Hold {
    task: Task,
    object: usize,
}

impl Hold {
    pub(super) fn new(task: &Task, object: usize) -> Self {
        task.shared.books().threads[task.id].holds.push(object);
        Self {
            task: task.clone(),
            object,
        }
    }

    /// The thread that holds it.
    #[must_use]
    pub fn task(&self) -> &Task {
        &self.task
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut books = self.task.shared.books();
        // It may hold the same more than once.
        let holds = &mut books.threads[self.task.id].holds;
        if let Some(last) = holds.iter().rposition(|held| *held == self.object) {
            holds.remove(last);
        }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hold({})", self.object)
    }
}

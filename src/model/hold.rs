//! What a thread holds of an object that it has acquired by a step, such as a semaphore.

use crate::engine::execution::function::Function;
use crate::engine::execution::ids::ObjectId;
use crate::model::Task;
use crate::model::object::{Cell, State};
use std::fmt;
use std::panic::Location;

/// What a thread holds of a cell, from [`Task::hold`] until it is dropped.
pub struct Hold {
    task: Task,
    object: ObjectId,
}

impl Hold {
    pub(crate) fn new(task: &Task, object: ObjectId) -> Self {
        task.shared.execution().threads[task.id].holds.push(object);
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

    /// The step by which the thread releases it, for the `Drop` of a guard. A thread whose assertion has failed
    /// ([`Task::bug`]) takes it too, as it releases its locks; a thread that has left ([`Task::leave`]) keeps what it
    /// holds, and after the end of the execution nothing is released.
    #[track_caller]
    pub fn release<T: State>(
        &self,
        cell: &Cell<T>,
        function: Function,
        effect: impl Fn(&mut T) + Copy + Send + Sync + 'static,
    ) {
        // A thread that unwinds from a panic ends the search.
        if !std::thread::panicking() {
            let at = (function, Location::caller());
            let _ = self.task.step_at(cell, at, true, effect);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut execution = self.task.shared.execution();
        // It may hold the same more than once.
        let holds = &mut execution.threads[self.task.id].holds;
        if let Some(last) = holds.iter().rposition(|held| *held == self.object) {
            holds.remove(last);
        }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hold({})", self.object.index())
    }
}

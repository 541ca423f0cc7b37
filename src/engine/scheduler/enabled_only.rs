//! Offers a strategy only the threads whose announced operation is enabled.

use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::state::Phase;
use crate::engine::execution::thread::Status;
use crate::engine::execution::view::StateView as _;
use crate::engine::scheduler::Current;
use crate::trace::ThreadId;
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Offers an inner strategy only the threads whose announced operation can take effect.
pub(crate) struct EnabledOnly {
    inner: Box<dyn Scheduler + Send>,
    current: Current,
}

impl EnabledOnly {
    pub(crate) fn new(inner: Box<dyn Scheduler + Send>, current: Current) -> Self {
        Self { inner, current }
    }

    fn next(&mut self, runnable: &[&Task], current: Option<TaskId>) -> Option<TaskId> {
        let (spawned, shared, starts) = {
            let state = unpoisoned(&self.current.0);
            (state.spawned, state.shared.clone(), state.starts.clone())
        };
        let main = || runnable.iter().find(|task| task.id() == 0.into());
        let (true, Some(shared)) = (spawned, shared) else {
            // The set-up and the end of an execution belong to the first task alone.
            return Some(main().or(runnable.first())?.id());
        };
        // The thread with index i is the task i + 1: the first task sets the model up.
        let index = |task: &Task| usize::from(task.id()).checked_sub(1).map(ThreadId::new);
        let mut execution = shared.execution();
        let find = |holds: &dyn Fn(ThreadId) -> bool| {
            let found = runnable.iter().find(|task| index(task).is_some_and(holds));
            found.map(|task| task.id())
        };

        // A thread on its way to its first operation has no choice to offer.
        let running = |i: ThreadId| matches!(execution.threads[i].status, Status::Running);
        if let Some(task) = find(&running) {
            return Some(task);
        }
        let starting = |i: ThreadId| matches!(execution.threads[i].status, Status::Starting);
        let named = starts
            .iter()
            .find_map(|next| find(&|i| i == *next && starting(i)));
        if let Some(task) = named.or_else(|| find(&starting)) {
            return Some(task);
        }
        let unfinished = |i: ThreadId| !matches!(execution.threads[i].status, Status::Finished);
        let left = find(&unfinished).or_else(|| main().map(|task| task.id()));
        let finished = execution.is_finished();
        if execution.phase.is_over() {
            return left;
        }
        execution.record_waits();
        let enabled: Vec<&Task> = (runnable.iter().copied())
            .filter(|task| index(task).is_some_and(|i| execution.is_enabled(i)))
            .collect();
        if enabled.is_empty() {
            if execution.looks_at_states {
                drop(execution);
                self.inner.next_task(&[], current, false);
                execution = shared.execution();
            }
            if !finished && !execution.phase.is_over() {
                execution.stop();
            }
            return left;
        }
        drop(execution);
        self.inner.next_task(&enabled, current, false)
    }
}

impl Scheduler for EnabledOnly {
    fn new_execution(&mut self) -> Option<Schedule> {
        if unpoisoned(&self.current.0).over {
            return None;
        }
        self.inner.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let next = catch_unwind(AssertUnwindSafe(|| self.next(runnable, current)));
        next.unwrap_or_else(|payload| {
            // A guard of the encoding's has panicked, or whatever else it is asked for here.
            let shared = self.current.shared()?;
            shared.collector().panicked(&*payload);
            shared.execution().phase = Phase::Stopped { completed: false };
            self.next(runnable, current)
        })
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}

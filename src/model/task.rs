//! A modelled thread, as its body sees it.

use crate::engine::error::SearchError;
use crate::engine::execution::function::Function;
use crate::engine::execution::halt::Halt;
use crate::engine::execution::hash::Digest;
use crate::engine::execution::panics::is_in_model;
use crate::engine::execution::ranked::RankedGuard;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::{ExecutionState, Phase};
use crate::engine::execution::thread::{CoveredWait, Status};
use crate::model::hold::Hold;
use crate::model::object::Cell;
use crate::trace::{AT_THE_END, ThreadId};
use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// A modelled thread.
///
/// All that a thread does that another may notice, and all that a search is to notice of it, goes through its
/// task:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let lock = world.lock("lock", "mutex", ());
///     for name in ["one", "two"] {
///         let lock = lock.clone();
///         world.thread(name, move |task| {
///             let held = task.acquire(&lock, LOCK)?;
///             task.check("held", task.holds("mutex"), || "it went on without".into());
///             held.release();
///             task.cover(format!("{} is through", task.name()));
///             Ok(())
///         });
///     }
/// });
/// let found = search(&model, &Strategy::ExplicitState).unwrap();
/// assert_eq!(found.findings, []);
/// assert_eq!(found.reached.into_iter().collect::<Vec<_>>(), ["one is through", "two is through"]);
/// ```
#[derive(Clone)]
pub struct Task {
    pub(crate) id: ThreadId,
    pub(crate) shared: Arc<Shared>,
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({})", self.id)
    }
}

impl Task {
    /// The thread's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name_in(&self.shared.execution())
    }

    pub(crate) fn name_in(&self, execution: &ExecutionState) -> &'static str {
        execution.threads[self.id].name
    }

    /// Enters a function of the mirrored system: until the frame is dropped, traces show the
    /// thread's steps as called from there.
    pub fn enter(&self, function: Function) -> Frame {
        self.shared.execution().threads[self.id]
            .stack
            .push(function);
        Frame { task: self.clone() }
    }

    /// Whether the thread holds a lock of this class.
    #[must_use]
    pub fn holds(&self, class: &str) -> bool {
        let mut execution = self.shared.execution();
        execution.is_a_class(class, "`Task::holds`");
        let held = &execution.threads[self.id].holds;
        held.iter()
            .any(|lock| execution.objects[*lock].class == class)
    }

    /// The thread holds what it has acquired by a step on a cell of [`World::lockable`](super::World::lockable), until
    /// the result is dropped: so it is part of lock orders, and [`holds`](Self::holds) knows of it. What a semaphore
    /// counts, its cell counts.
    #[must_use = "a hold that is dropped at once holds nothing"]
    pub fn hold<T>(&self, cell: &Cell<T>) -> Hold {
        Hold::new(self, cell.0.id)
    }

    /// An execution has reached a cover point. Scenarios name the cover points that must be reached.
    pub fn cover(&self, point: impl Into<Cow<'static, str>>) {
        if let Some(mut execution) = self.in_the_model() {
            let point = point.into();
            execution.report(self.id, &point);
            execution.reached.insert(point);
        }
    }

    /// Does something whose local variables die with it: of all that the thread observes in it, it keeps the
    /// result. So an explicit-state search need not tell apart what is forgotten.
    ///
    /// `work` can change nothing outside: it is called by shared reference, and what it captures can be
    /// shared between threads, so no variable of the caller takes anything out of it. What is not in the
    /// result is gone.
    pub fn scope<R: Hash>(
        &self,
        work: impl Fn() -> Result<R, Halt> + Send + Sync,
    ) -> Result<R, Halt> {
        // A history is a sequence of results, of beginnings of scopes that have not ended, and of the results of those
        // that have. Each of the three has a tag of its own, so no two of them are the same sequence: a scope within a
        // scope, after its end or after the ends of both is three different local states.
        let before = {
            let mut execution = self.shared.execution();
            execution.observe_peeked(self.id);
            let before = execution.threads[self.id].observed;
            execution.threads[self.id].observed.add(&SCOPE_BEGINS);
            before
        };
        let result = work()?;
        self.check_reported();
        let mut execution = self.shared.execution();
        execution.observe_peeked(self.id);
        execution.threads[self.id].observed = before;
        execution.threads[self.id]
            .observed
            .add(&(SCOPE_ENDS, Digest::of(&result)));
        Ok(result)
    }

    /// Does something, and covers every wait for a lock of this class in it: the thread's next operation is to
    /// take the lock, and another thread holds it.
    pub fn covering_waits<R>(
        &self,
        class: &'static str,
        point: &'static str,
        work: impl FnOnce() -> R,
    ) -> R {
        self.covering_wait(class, None, point, work)
    }

    /// Does something, and covers every wait in it for a lock of this class that `holder` holds.
    pub fn covering_waits_for<R>(
        &self,
        class: &'static str,
        holder: &'static str,
        point: &'static str,
        work: impl FnOnce() -> R,
    ) -> R {
        self.covering_wait(class, Some(holder), point, work)
    }

    fn covering_wait<R>(
        &self,
        class: &'static str,
        holder: Option<&'static str>,
        point: &'static str,
        work: impl FnOnce() -> R,
    ) -> R {
        let point = CoveredWait {
            class,
            holder,
            point,
        };
        {
            let mut execution = self.shared.execution();
            execution.is_a_class(class, point.point);
            if let Some(holder) = holder {
                execution.is_a_thread(holder, point.point);
            }
            execution.threads[self.id].covered_waits.push(point);
        }
        let result = work();
        self.shared.execution().threads[self.id].covered_waits.pop();
        result
    }

    /// All that a thread observes is a part of its local state.
    pub(crate) fn observe(&self, value: &impl Hash) {
        self.shared.execution().observe(self.id, value);
    }

    /// Records a violation of `property` unless `holds`. The thread goes on either way: a property
    /// watches, it does not change what the model does.
    pub fn check(
        &self,
        property: impl Into<Cow<'static, str>>,
        holds: bool,
        message: impl FnOnce() -> String,
    ) {
        let Some(mut execution) = self.in_the_model() else {
            return;
        };
        let property = property.into();
        if !execution.checked.contains(&property) {
            execution.checked.insert(property.clone());
        }
        if holds {
            return;
        }
        drop(execution);
        let message = format!("{}: {}", self.place(), message());
        let mut execution = self.shared.execution();
        execution.report(self.id, &property);
        execution.violated(property, message, None);
    }

    /// An assertion of the mirrored system has failed (`BUG_ON`): records the violation and ends
    /// the thread. Its guards are released as it returns.
    #[must_use = "pass it on: `return Err(task.bug(..))`"]
    pub fn bug(&self, property: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Halt {
        let message = message.into();
        self.check(property, false, || message);
        let mut execution = self.shared.execution();
        // The check at the end is no thread's, and ends none.
        if execution.phase == Phase::FinalCheck {
            return Halt {};
        }
        let in_the_model = !execution.phase.is_over() && !execution.threads[self.id].halted;
        let settled = if in_the_model {
            self.settled(&mut execution)
        } else {
            Ok(())
        };
        execution.threads[self.id].halted = true;
        drop(execution);
        if let Err(model_error) = settled {
            let _ = self.report_error(model_error);
        }
        self.gone()
    }

    /// `BUG_ON`: an assertion of the mirrored system, which fails if `condition` holds. Unlike [`bug`](Self::bug) behind an
    /// `if`, it counts as a check of the property where it does not fail.
    pub fn bug_on(
        &self,
        property: impl Into<Cow<'static, str>>,
        condition: bool,
        message: impl Into<String>,
    ) -> Result<(), Halt> {
        if condition {
            return Err(self.bug(property, message));
        }
        self.check(property, true, String::new);
        Ok(())
    }

    /// The thread leaves the mirrored system for good although it still holds something: no
    /// other thread will ever get that. Returns when the execution is over.
    #[must_use = "pass it on: `return Err(task.leave())`"]
    pub fn leave(&self) -> Halt {
        {
            let mut execution = self.shared.execution();
            if (execution.phase == Phase::FinalCheck)
                || execution.phase.is_over()
                || execution.threads[self.id].halted
            {
                drop(execution);
                return self.gone();
            }
            let settled = self.settled(&mut execution);
            execution.left(self.id);
            drop(execution);
            if let Err(model_error) = settled {
                let _ = self.report_error(model_error);
            }
        }
        // Only the end of the execution wakes a thread in such a state.
        let _ = (self.shared.backend).block(&self.shared, self.id, Status::Left);
        self.gone()
    }

    /// The thread is to return: it goes wrong if it does not.
    fn gone(&self) -> Halt {
        match self.acknowledge_halt(Err::<(), Halt>(Halt {})) {
            Err(halt) => halt,
            Ok(()) => Halt {},
        }
    }

    /// Whether the thread is on its way out: the execution is over, or it has failed an assertion
    /// or left. A guard that drops then was not released by the program.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let execution = self.shared.execution();
        execution.phase.is_over() || execution.threads[self.id].halted
    }

    fn place(&self) -> String {
        let execution = self.shared.execution();
        let thread = &execution.threads[self.id];
        match thread.stack.last() {
            _ if (execution.phase == Phase::FinalCheck) => AT_THE_END.to_string(),
            Some(function) => format!("{} in {}", thread.name, function.name),
            None => thread.name.to_string(),
        }
    }

    /// The state of the execution, where what the thread does is a part of the model: not after an operation of it has
    /// returned `Halt`, nor after the end of the execution, and not by another thread than its own.
    pub(crate) fn in_the_model(&self) -> Option<RankedGuard<'_, ExecutionState>> {
        let mut execution = self.shared.execution();
        if execution.phase == Phase::FinalCheck {
            return Some(execution);
        }
        let thread = &execution.threads[self.id];
        if execution.phase.is_over() || thread.halted || thread.halts > 0 {
            return None;
        }
        if self.is_elsewhere(&execution) {
            let location = execution.location(self.id).into();
            execution.report_error(SearchError::TaskElsewhere { location });
            return None;
        }
        Some(execution)
    }

    /// Whether the task is used by another thread than the one that it was made for.
    pub(crate) fn is_elsewhere(&self, execution: &ExecutionState) -> bool {
        !is_in_model() || execution.running != Some(self.id)
    }
}

/// The beginning and the end of a scope in what a thread has observed: see [`ExecutionState::observe`] for the third tag.
const SCOPE_BEGINS: &str = "a scope begins";

const SCOPE_ENDS: &str = "a scope ends";

/// A function that a thread is in; leaves it when dropped.
#[derive(Debug)]
#[must_use = "a frame that is dropped at once leaves the function at once"]
pub struct Frame {
    task: Task,
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.task.shared.execution().threads[self.task.id]
            .stack
            .pop();
    }
}

//! A lock that is held.

use crate::engine::error::SearchError;
use crate::engine::execution::backend::Taken;
use crate::engine::execution::function::Function;
use crate::model::Task;
use crate::model::object::{Object, State};
use crate::trace::EventKind;
use std::fmt;
use std::hash::Hash;

/// A held lock. Dropping it releases the lock. [`release`](Guard::release) does so under a name.
///
/// What it protects is looked at and changed through it. No other thread runs in between, so nothing is lost:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let count = world.lock("count", "mutex", 0_u8);
///     let end = count.clone();
///     for name in ["one", "two"] {
///         let count = count.clone();
///         world.thread(name, move |task| {
///             let mut held = task.acquire(&count, LOCK)?;
///             let seen = held.read(|count| *count);
///             held.update(move |count| *count = seen + 1);
///             Ok(())
///         });
///     }
///     world.finally(move |_| assert_eq!(end.peek(|count| *count), 2));
/// });
/// assert_eq!(search(&model, &Strategy::ExplicitState).unwrap().findings, []);
/// ```
#[must_use = "a guard that is dropped at once holds nothing"]
pub struct Guard<'l, T> {
    pub(crate) object: &'l Object<T>,
    pub(crate) task: Task,
    pub(crate) unlock: Option<Function>,
    /// The function that took the lock, and the frame that it took it in.
    pub(crate) taken: (Function, Option<Function>),
    pub(crate) _held: Taken<'l>,
}

impl<T> Guard<'_, T> {
    /// Reads the protected data. Not a step of its own: no other thread can access it. As of a step, the result
    /// is all that the thread observes.
    pub fn read<R: Hash>(&self, read: impl Fn(&T) -> R + Copy + 'static) -> R {
        let before = self
            .task
            .before(&mut self.task.shared.execution(), self.object.id);
        let result = read(&self.object.value());
        self.task.observe(&result);
        self.task.after(self.object.id, before);
        result
    }

    /// Changes the protected data. Not a step of its own: no other thread can see it yet. As of a step, the
    /// result is all that the thread observes.
    pub fn update<R: Hash>(&mut self, update: impl Fn(&mut T) -> R + Copy + 'static) -> R
    where
        T: State,
    {
        let (recording, before) = {
            let mut execution = self.task.shared.execution();
            let before = self.task.before(&mut execution, self.object.id);
            (execution.recorder.is_some(), before)
        };
        let (result, change) = {
            let mut value = self.object.value();
            let before = recording.then(|| value.show());
            let result = update(&mut value);
            (result, before.map(|before| (before, value.show())))
        };
        self.task.shared.execution().objects[self.object.id].digest = None;
        self.task.observe(&result);
        self.task.after(self.object.id, before);
        if let Some((before, after)) = change.filter(|(before, after)| before != after) {
            let mut execution = self.task.shared.execution();
            let frame = execution.threads[self.task.id].stack.last().copied();
            let (function, taken_in) = self.taken;
            // A lock that one function takes for another is changed by that other one.
            let function = frame.filter(|_| frame != taken_in).unwrap_or(function);
            let (thread, object) = (self.task.id, Some(self.object.id));
            execution.record(
                thread,
                object,
                EventKind::Update,
                function,
                Some((before, after)),
            );
        }
        result
    }

    /// Gives the lock another name in traces and in wait-for cycles, from here on: `commit of T1`
    /// says more than `transaction` to a reader.
    pub fn show_as(&self, name: impl Into<String>) {
        self.task
            .shared
            .execution()
            .rename(self.task.id, self.object.id, name.into());
    }

    /// Names the function that releases the lock: traces show it when the guard is dropped, and
    /// a thread that waits for the lock waits for it.
    pub fn unlocked_by(mut self, function: Function) -> Self {
        self.unlock = Some(function);
        let mut execution = self.task.shared.execution();
        execution.released_by(self.object.id, function);
        drop(execution);
        self
    }

    /// Releases the lock. To release it twice does not compile:
    ///
    /// ```compile_fail,E0382
    /// # use pagelock::model::{Function, Guard, Halt, Lock, Task};
    /// # const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
    /// fn twice(task: &Task, lock: &Lock<()>) -> Result<(), Halt> {
    ///     let held = task.acquire(lock, LOCK)?;
    ///     held.release();
    ///     held.release();
    ///     Ok(())
    /// }
    /// ```
    pub fn release(self) {
        drop(self);
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // Bookkeeping only. The engine's own guard is dropped after this and is not a visible
        // operation either, so that a guard may go while a thread unwinds.
        let (shared, thread) = (&self.task.shared, self.task.id);
        let (taken_by, _) = self.taken;
        let mut execution = shared.execution();
        if !execution.phase.is_over()
            && execution.model_error.is_none()
            && self.task.is_elsewhere(&execution)
        {
            let location = execution.location(thread).into();
            execution.report_error(SearchError::TaskElsewhere { location });
        }
        execution.released(thread, self.object.id, self.unlock, taken_by);
    }
}

impl<T> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard({})", self.object.id.index())
    }
}

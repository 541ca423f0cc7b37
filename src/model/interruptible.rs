//! Waits that a signal may end.

use crate::engine::error::SearchError;
use crate::engine::execution::function::Function;
use crate::engine::execution::halt::Halt;
use crate::engine::location::ModelLocation;
use crate::model::Task;
use crate::model::object::{Cell, State};
use crate::model::wait::Wait;
use std::cell;
use std::panic::Location;

/// A wait is over: what was waited for has come, or a signal has.
///
/// To go on as if the wait had done what it was for is the classic mistake with an interruptible wait. So
/// not to ask [`by_signal`](Self::by_signal) is an error
/// ([`SearchError::InterruptIgnored`]).
///
/// ```
/// use pagelock::engine::{SearchError, Strategy, search};
/// use pagelock::model::{Encoding, Function, Wait, World};
/// use std::sync::Arc;
///
/// const WAIT: Function = Function::new("wait_on_bit", "kernel/sched/wait_bit.c");
///
/// let careless: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let bit = world.cell("bit", true);
///     world.thread("waiter", move |task| {
///         let wait = Wait::on("the bit");
///         let _ = task.wait_interruptible(&bit, WAIT, &wait, |bit| !bit, |_| true)?;
///         Ok(())
///     });
/// });
/// let error = search(&careless, &Strategy::ExplicitState).unwrap_err();
/// assert!(matches!(error, SearchError::InterruptIgnored { .. }));
/// ```
#[must_use = "a wait that a signal has ended has not waited: ask `by_signal`, and return the error"]
#[derive(Debug)]
pub struct InterruptibleWait {
    by_signal: bool,
    asked: cell::Cell<bool>,
    task: Task,
    location: ModelLocation,
}

impl InterruptibleWait {
    /// Whether a signal has ended the wait, and what was waited for had not come.
    #[must_use = "a wait that a signal has ended has not waited: return the error"]
    pub fn by_signal(&self) -> bool {
        self.asked.set(true);
        self.by_signal
    }
}

impl Drop for InterruptibleWait {
    fn drop(&mut self) {
        if self.asked.get() || self.task.is_over() || std::thread::panicking() {
            return;
        }
        let location = std::mem::take(&mut self.location);
        // The next operation says so.
        let _ = self.task.report_error(SearchError::InterruptIgnored {
            location: location.into(),
        });
    }
}

impl Task {
    /// Waits until `done` holds of the object, or until `signalled` does: one step, which changes nothing.
    /// A thread that is woken where both hold was not interrupted, as in the kernel's `__wait_on_bit`, which looks
    /// at the bit first.
    #[track_caller]
    pub fn wait_interruptible<T: State>(
        &self,
        cell: &Cell<T>,
        function: Function,
        wait: &Wait,
        done: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
        signalled: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
    ) -> Result<InterruptibleWait, Halt> {
        let at = Location::caller();
        let by_signal = self.step_when_at(
            cell,
            (function, at),
            wait,
            move |value| done(value) || signalled(value),
            move |value| !done(value),
        )?;
        Ok(InterruptibleWait {
            by_signal,
            asked: cell::Cell::new(false),
            task: self.clone(),
            location: self.shared.execution().location(self.id),
        })
    }
}

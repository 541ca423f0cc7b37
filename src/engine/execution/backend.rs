//! The contract between the operations of a model and the checker that runs its threads.
//!
//! [`model`](crate::model) keeps the [`ExecutionState`] and decides what an operation does; a backend decides when a
//! thread runs. The operations are the same under every backend.

use crate::engine::execution::halt::Halt;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{Arrival, Status};
use crate::trace::ThreadId;
use std::sync::Arc;

/// What runs the threads of one execution.
///
/// No method is called while the calling thread holds one of the engine's mutexes, except where the state is passed.
pub(crate) trait Backend: Send + Sync {
    /// The mutual exclusion of a new object; `None` where the scheduler runs a thread only when its operation can take
    /// effect, so that an object needs none.
    fn exclusion(&self) -> Option<Arc<dyn Exclusion>>;

    /// Whether the scheduler looks at the condition of a wait, so that a thread announces the wait and not the step.
    fn schedules_waits(&self) -> bool;

    /// Whether the backend has to see a thread look for work where there is none.
    fn needs_idle_looks(&self, object: ObjectId) -> bool;

    /// Lets other threads run before the operation that the thread is at. `Err` if the execution is over.
    fn switch(&self, shared: &Shared, thread: ThreadId) -> Result<(), Halt>;

    /// The same for the acquisition of a lock, which blocks the thread for good if it closes a cycle of waits.
    fn switch_to_lock(
        &self,
        shared: &Shared,
        thread: ThreadId,
        object: ObjectId,
        arrival: Arrival,
    ) -> Result<(), Halt>;

    /// Whether everything that can follow the thread's operation on the object is explored already.
    fn is_explored(
        &self,
        shared: &Shared,
        thread: ThreadId,
        object: ObjectId,
        execution: &mut ExecutionState,
    ) -> bool;

    /// Blocks the thread in this status until it is woken. `Err` if the execution is over.
    fn block(&self, shared: &Shared, thread: ThreadId, status: Status) -> Result<(), Halt>;

    /// An operation on the object has taken effect: gives the threads whose waits may have ended.
    fn woken_by(&self, execution: &mut ExecutionState, object: ObjectId) -> Vec<ThreadId>;

    /// Wakes these threads, after an operation has taken effect.
    fn wake(&self, shared: &Shared, threads: &[ThreadId]);

    /// A thread is on its way out of an execution that is over.
    fn unwound(&self, shared: &Shared, thread: ThreadId) -> Halt;

    /// The execution has been ended early: wakes every blocked thread, to return.
    fn end(&self, shared: &Shared);
}

/// The mutual exclusion of one object.
pub(crate) trait Exclusion: Send + Sync {
    /// Takes the object, and waits until it is free.
    fn take(&self) -> Box<dyn Held + '_>;
}

/// Exclusive access to an object for as long as the value lives.
pub(crate) trait Held {}

/// An object that is taken; nothing to hold, where a backend needs no exclusion.
pub(crate) type Taken<'o> = Option<Box<dyn Held + 'o>>;

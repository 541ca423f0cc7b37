//! The contract between the executions of a search and the strategy that wants something of each of them.

use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::state::ExecutionState;
use crate::trace::ThreadId;

/// What a strategy adds to a search: it watches every execution.
pub(crate) trait Observer: Send {
    /// Whether the strategy goes from state to state and wants every violation where it happens, instead of the first of
    /// each property in an execution.
    fn looks_at_states(&self) -> bool {
        false
    }

    /// A thread has arrived at an object, and these threads are enabled: whether everything that can follow is explored.
    fn is_explored(&mut self, _operation: (ThreadId, ObjectId), _enabled: &[ThreadId]) -> bool {
        false
    }

    /// The object at which a thread has to be tried, as the execution is being cut short there.
    fn due(&mut self, _thread: ThreadId) -> Option<ObjectId> {
        None
    }

    /// An execution is over. Whether the observer has taken in what it has to say, so that it counts nowhere else.
    fn ended(&mut self, execution: &mut ExecutionState) -> bool;

    /// Whether anything is violated so far, as far as the observer counts that itself.
    fn is_violated(&self) -> bool {
        false
    }

    /// The search ends, and nothing more is wanted of it.
    fn abandon(&mut self) {}
}

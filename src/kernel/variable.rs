//! A shared variable that some scenarios change and others never do.
//!
//! Without a lock, the value at the end is that of the last write, which may be either thread's:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{Variable, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let size = Variable::new(world, "i_size", 0_usize, true);
//! for (name, new) in [("writer", 2), ("truncate", 1)] {
//!     let size = size.clone();
//!     world.thread(name, move |task| size.write(task, f::I_SIZE_WRITE, new));
//! }
//! world.finally(move |task| task.cover(format!("i_size is {}", size.peek())));
//! # });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert_eq!(found.reached.into_iter().collect::<Vec<_>>(), ["i_size is 1", "i_size is 2"]);
//! ```

use crate::model::{Cell, Function, Halt, State, Task, World};
use std::hash::Hash;

/// A shared variable, or a constant where no thread of the scenario writes it.
///
/// Reading what no thread writes is no step: it commutes with everything, and an exhaustive search
/// that took it for one would explore each order of the readers for nothing. Writing a constant is
/// an error of the model, and panics.
#[derive(Debug, Clone)]
pub enum Variable<T> {
    /// No thread of the scenario writes it.
    Constant(T),
    /// Some thread writes it: every access is a step.
    Shared(Cell<T>),
}

impl<T: State + Copy + Hash + Sync> Variable<T> {
    /// Makes a variable that is shared if `written`.
    pub fn new(world: &World, name: impl Into<String>, value: T, written: bool) -> Self {
        if written {
            Self::Shared(world.cell(name, value))
        } else {
            Self::Constant(value)
        }
    }

    /// Reads it, without any lock. One step if it is shared.
    #[track_caller]
    pub fn read(&self, task: &Task, function: Function) -> Result<T, Halt> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Shared(cell) => task.step(cell, function, |value| *value),
        }
    }

    /// Writes it. One step.
    ///
    /// # Panics
    /// If the variable was made a constant.
    #[track_caller]
    pub fn write(&self, task: &Task, function: Function, new: T) -> Result<(), Halt> {
        match self {
            Self::Constant(_) => panic!(
                "{} writes what the scenario calls a constant: make it a shared variable",
                function.name
            ),
            Self::Shared(cell) => task.step(cell, function, move |value| *value = new),
        }
    }

    /// Looks at it from outside the program.
    #[track_caller]
    pub fn peek(&self) -> T {
        match self {
            Self::Constant(value) => *value,
            Self::Shared(cell) => cell.peek(|value| *value),
        }
    }
}

//! A value that some scenarios change and others never do.
//!
//! Without a lock, what stays is what was written last, whoever wrote it:
//!
//! ```
//! # use pagelock::engine::{Encoding, Strategy, World, search};
//! # use pagelock::kernel::{Variable, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let size = Variable::new(world, "i_size", 0_usize, true);
//! for (name, new) in [("writer", 2), ("truncate", 1)] {
//!     let size = size.clone();
//!     world.thread(name, move |task| size.write(task, f::I_SIZE_WRITE, new));
//! }
//! world.finally(move |task| task.reach(format!("i_size is {}", size.peek())));
//! # });
//! let found = search(&encoding, &Strategy::States).unwrap();
//! assert_eq!(found.reached.into_iter().collect::<Vec<_>>(), ["i_size is 1", "i_size is 2"]);
//! ```

use crate::engine::{Cell, Function, Halt, State, Task, World};
use std::hash::Hash;

/// A shared variable, or a constant where no thread of the scenario writes it.
///
/// Reading what nobody writes is no step: it commutes with everything, and an exhaustive search
/// that took it for one would explore each order of the readers for nothing. Writing a constant is
/// an error of the model, and panics.
///
/// What no thread writes costs a search nothing:
///
/// ```
/// use pagelock::engine::{Encoding, Strategy, World, search};
/// use pagelock::kernel::{Variable, functions as f};
/// use std::sync::Arc;
///
/// let readers = |written: bool| -> Arc<dyn Encoding> {
///     Arc::new(move |world: &mut World| {
///         let size = Variable::new(world, "i_size", 1_u8, written);
///         for name in ["one", "other"] {
///             let size = size.clone();
///             world.thread(name, move |task| size.read(task, f::I_SIZE_READ).map(drop));
///         }
///     })
/// };
/// let executions = |written| {
///     let found = search(&readers(written), &Strategy::Exhaustive).unwrap();
///     found.receipt.executions
/// };
/// assert_eq!(executions(false), 1);
/// assert!(executions(true) > 1);
/// ```
#[derive(Debug, Clone)]
pub enum Variable<T> {
    /// No thread of the scenario writes it.
    Constant(T),
    /// Some thread writes it: every access is a step.
    Shared(Cell<T>),
}

impl<T: State + Copy + Hash + Sync> Variable<T> {
    /// Makes a variable that is shared if `written`.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Variable, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let truncated = true; // Of the scenario: whether any thread truncates.
    /// let size = Variable::new(world, "i_size", 4_usize, truncated);
    /// assert!(matches!(size, Variable::Shared(_)));
    /// let page_size = Variable::new(world, "page size", 2_usize, false);
    /// assert!(matches!(page_size, Variable::Constant(2)));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    pub fn new(world: &World, name: impl Into<String>, value: T, written: bool) -> Self {
        if written {
            Self::Shared(world.cell(name, value))
        } else {
            Self::Constant(value)
        }
    }

    /// Reads it, without any lock. One step if it is shared.
    ///
    /// Two reads in a row need not agree:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Variable, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let size = Variable::new(world, "i_size", 2_usize, true);
    /// let other = size.clone();
    /// world.thread("writepage", move |task| {
    ///     let (first, second) = (size.read(task, f::I_SIZE_READ)?, size.read(task, f::I_SIZE_READ)?);
    ///     task.check("same", first == second, || format!("{first}, then {second}"));
    ///     Ok(())
    /// });
    /// world.thread("truncate", move |task| other.write(task, f::I_SIZE_WRITE, 0));
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("same").unwrap().message.ends_with("2, then 0"));
    /// ```
    #[track_caller]
    pub fn read(&self, task: &Task, function: Function) -> Result<T, Halt> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Shared(cell) => task.step(cell, function, |value| *value),
        }
    }

    /// Writes it. One step.
    ///
    /// A constant that somebody writes after all is an error of the model, and the search says so:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Variable, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let size = Variable::new(world, "i_size", 1_usize, false);
    /// world.thread("truncate", move |task| size.write(task, f::I_SIZE_WRITE, 0));
    /// # });
    /// let error = search(&encoding, &Strategy::States).unwrap_err();
    /// assert!(error.to_string().contains("make it a shared variable"));
    /// ```
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
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Variable, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let size = Variable::new(world, "i_size", 1_usize, true);
    /// let end = size.clone();
    /// world.thread("append", move |task| {
    ///     let now = size.read(task, f::I_SIZE_READ)?;
    ///     size.write(task, f::I_SIZE_WRITE, now + 1)
    /// });
    /// world.finally(move |_| assert_eq!(end.peek(), 2));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn peek(&self) -> T {
        match self {
            Self::Constant(value) => *value,
            Self::Shared(cell) => cell.peek(|value| *value),
        }
    }
}

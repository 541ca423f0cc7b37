//! The engine room: the only place in the crate that names a checker.
//!
//! An encoding sees one screen of API and never learns which checker runs it:
//!
//! | part | what it is |
//! |---|---|
//! | [`World`] | makes the shared objects and the threads of one execution |
//! | [`Lock`] | acquire and hold; the guard releases on drop |
//! | [`Cell`] | a shared object that is touched by atomic steps only |
//! | [`Task`] | a modelled thread: it acquires, steps, waits, reaches marks and reports violations |
//! | [`Halt`] | what `?` carries out of a thread that cannot go on |
//!
//! [`search`] runs an [`Encoding`] under a [`Strategy`] and returns a [`Search`], never a panic:
//! loom explores every interleaving, shuttle samples them at random or replays one. [`automata`] has
//! a model as data, for other checkers.
//!
//! ```
//! use pagelock::engine::{search, Encoding, Function, Strategy, World};
//! use std::sync::Arc;
//!
//! const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
//!
//! // Two threads that take two locks in opposite orders.
//! let opposite: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let (a, b) = (world.lock("a", "mutex", ()), world.lock("b", "mutex", ()));
//!     for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
//!         world.thread(name, move |task| {
//!             let _outer = task.acquire(&first, LOCK)?;
//!             let _inner = task.acquire(&second, LOCK)?;
//!             Ok(())
//!         });
//!     }
//! });
//! let found = search(&opposite, &Strategy::Exhaustive).unwrap();
//! assert!(found.receipt.complete);
//! assert_eq!(found.findings[0].property, pagelock::engine::NO_DEADLOCK);
//! ```

mod at_the_end;
pub mod automata;
mod books;
mod collect;
mod conduct;
mod contracts;
mod deadlock;
mod entries;
mod environment;
mod error;
mod fingerprint;
mod found;
mod guard;
mod hash;
mod hold;
mod limits;
mod looks;
mod loom;
mod merge;
mod mistake;
mod names;
mod object;
mod operation;
mod orders;
mod quiet;
mod raw;
mod replay;
mod resident;
mod results;
mod schedulers;
mod search;
mod shuttle;
mod sleep;
mod standing;
mod stateful;
mod strategy;
mod task;
#[cfg(all(test, not(loom)))]
mod tests;
#[cfg(all(test, not(loom)))]
mod tests_of_automata;
#[cfg(all(test, not(loom)))]
mod tests_of_memory;
#[cfg(all(test, not(loom)))]
mod tests_of_orders;
#[cfg(all(test, not(loom)))]
mod tests_of_scopes;
#[cfg(all(test, not(loom)))]
mod tests_of_waits;
mod turns;
mod wait;
mod wait_for;
mod watchdog;
mod woken;
mod world;

pub use environment::{EnvironmentLimit, refuse_environment_limits};
pub use error::SearchError;
pub use fingerprint::fingerprint;
pub use found::{Finding, First, Search};
pub use guard::Guard;
pub use hash::StableHasher;
pub use hold::Hold;
pub use limits::{CutOff, Limits, Stop};
pub use merge::{Merged, Operation, Pair, merges};
pub use mistake::Spot;
pub use object::{Cell, Lock, State};
pub use orders::{Order, Resource};
pub use replay::{Replayed, imitate, replay, replay_by};
pub use resident::resident_memory;
pub use results::Results;
pub use search::{search, search_until_violation, search_within, thread_names};
pub use stateful::endings;
pub use strategy::{Engine, LOOM_VERSION, SHUTTLE_VERSION, Strategy};
pub use task::{Frame, Halt, Task};
pub use wait::Wait;
pub use woken::Woken;
pub use world::{Encoding, World};

pub use crate::trace::NO_DEADLOCK;

/// The most threads that an encoding can have under loom: its own limit is five, and one of them
/// is the thread that sets the model up.
pub const MAX_LOOM_THREADS: usize = 4;

/// The most threads that an encoding can have under the other engines.
pub const MAX_THREADS: usize = 14;

/// A function of the system that an encoding mirrors: its name and the file that it stands in.
///
/// Every operation names the function that it stands for, and a counterexample tells what happens in these
/// names:
///
/// ```
/// use pagelock::engine::{Encoding, Function, NO_DEADLOCK, Strategy, World, search};
/// use std::sync::Arc;
///
/// const LOCK_PAGE: Function = Function::new("lock_page", "mm/filemap.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let page = world.lock("page 0", "page lock", ());
///     world.thread("one", move |task| {
///         let _locked = task.acquire(&page, LOCK_PAGE)?;
///         task.acquire(&page, LOCK_PAGE).map(drop)
///     });
/// });
/// let found = search(&model, &Strategy::States).unwrap();
/// let deadlock = found.finding(NO_DEADLOCK).unwrap();
/// assert_eq!(deadlock.cycles[0].edges[0].waits_in, LOCK_PAGE.name);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Function {
    /// The name as the source spells it, `lock_page`.
    pub name: &'static str,
    /// The file, relative to the source tree's root, `mm/filemap.c`.
    pub file: &'static str,
}

impl Function {
    /// Names a function of the mirrored system.
    ///
    /// ```
    /// use pagelock::engine::Function;
    ///
    /// const START: Function = Function::new("jbd2_journal_start", "fs/jbd2/transaction.c");
    /// assert_eq!((START.name, START.file), ("jbd2_journal_start", "fs/jbd2/transaction.c"));
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, file: &'static str) -> Self {
        Self { name, file }
    }
}

//! The engines: the only room of the crate that names a checker.
//!
//! [`search`] runs an [`Encoding`](crate::model::Encoding) under a [`Strategy`] and returns a [`Search`], never a panic:
//! loom explores every interleaving, shuttle samples them at random or replays one, and the explicit-state engine visits
//! every state. [`automata`] has a model as data, for other checkers.
//!
//! ```
//! use pagelock::engine::{search, Strategy};
//! use pagelock::model::{Encoding, Function, World};
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
//! let found = search(&opposite, &Strategy::LoomSleepSets).unwrap();
//! assert!(found.statistics.complete);
//! assert_eq!(found.findings[0].property, pagelock::engine::NO_DEADLOCK);
//! ```

pub(crate) mod analysis;
pub(crate) mod backend;
pub(crate) mod environment;
pub(crate) mod error;
pub(crate) mod execution;
pub(crate) mod explicit;
pub(crate) mod limits;
pub(crate) mod location;
pub(crate) mod resident;
pub(crate) mod scheduler;
pub(crate) mod search;
pub(crate) mod strategy;
#[cfg(all(test, not(loom)))]
mod tests;

pub use analysis::atomicity::{Pair, PairAnalysis, atomicity};
pub use analysis::automata;
pub use analysis::words::{MultiWordStep, UNNAMED, multi_word_steps};
pub use backend::threads::thread_names;
pub use environment::{EnvironmentLimit, refuse_environment_limits};
pub use error::SearchError;
pub use execution::hash::StableHasher;
pub use explicit::lock_order::{Order, Resource};
pub use explicit::operation::Operation;
pub use explicit::search::endings;
pub use limits::{CutOff, Limits, Stop};
pub use location::ModelLocation;
pub use resident::resident_memory;
pub use search::fingerprint::fingerprint;
pub use search::replay::{Replayed, replay, replay_best_effort, replay_by};
pub use search::result::{Finding, First, Search};
pub use search::run::{search, search_until_violation, search_within};
pub(crate) use search::violations::{Learnt, violations_of};
pub use search::violations::{Violations, violations};
pub use strategy::{
    Engine, LOOM_VERSION, MAX_LOOM_THREADS, MAX_THREADS, SHUTTLE_VERSION, Strategy,
};

pub use crate::trace::NO_DEADLOCK;

//! The searches of a check: which they are, the processes that run them, and the merging of shards.
//!
//! Searches are independent of one another, so they are distributed in two ways: over [`Workers`], processes
//! on this machine, and over [`Shard`]s, of which each is run on a machine of its own and written to a file.
//!
//! A check of one design in one scenario by one engine, on the cores of this machine:
//! ```
//! use pagelock::engine::Engine;
//! use pagelock::runner::{Selection, Workers, run_all};
//! use pagelock::protocols;
//!
//! let selection = Selection {
//!     targets: vec!["ext4-journal-start/old".to_string()],
//!     scenario: Some("write".to_string()),
//!     engine: Some(Engine::Stateful),
//!     ..Selection::default()
//! };
//! let jobs = selection.jobs(protocols::ALL).unwrap();
//! let [Ok(run)] = &run_all(&jobs, &Workers::Threads, &|_, _| ())[..] else { panic!("one search") };
//! assert!(run.differs.is_none());
//! assert!(run.reason().starts_with("no-deadlock: flusher -> kjournald2 -> writer -> flusher"));
//! ```

mod build;
mod jobs;
mod merge;
mod selection;
mod shard;
#[cfg(all(test, not(loom)))]
mod tests_of_edits;
#[cfg(all(test, not(loom)))]
mod tests_of_merge;
mod verify;
mod workers;

pub use jobs::{Job, all_jobs, groups, jobs, pairs};
pub use merge::{MergeError, merge};
#[cfg(feature = "cli")]
pub(crate) use selection::known;
pub use selection::{Selection, SelectionError, find_design, find_designs, find_scenario};
pub use shard::{MOST_SHARDS, SHARD_SCHEMA, Shard, ShardError, write_shard};
pub use workers::{Outcome, Request, Workers, run_all, run_all_within, serve, work};

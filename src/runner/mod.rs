//! Which searches a check consists of, who runs them, and how the parts come together again.
//!
//! Searches are independent of one another, so they are spread in two ways: over [`Workers`], processes
//! on this machine, and over [`Shard`]s, machines that know nothing of one another and each leave a file.
//!
//! A check of one design in one scenario by one engine, on the cores of this machine:
//! ```
//! use pagelock::engine::Engine;
//! use pagelock::runner::{Asked, Workers, run_all};
//! use pagelock::protocols;
//!
//! let asked = Asked {
//!     targets: vec!["ext4-journal-start/old".to_string()],
//!     scenario: Some("write".to_string()),
//!     engine: Some(Engine::Stateful),
//!     ..Asked::default()
//! };
//! let jobs = asked.jobs(protocols::ALL).unwrap();
//! let [Ok(run)] = &run_all(&jobs, &Workers::Threads, &|_, _| ())[..] else { panic!("one search") };
//! assert!(run.differs.is_none());
//! assert!(run.reason().starts_with("no-deadlock: flusher -> kjournald2 -> writer -> flusher"));
//! ```

mod ask;
mod build;
mod jobs;
mod merge;
mod outcome;
mod process;
mod serve;
mod shard;
#[cfg(all(test, not(loom)))]
mod tests_of_edits;
#[cfg(all(test, not(loom)))]
mod tests_of_merge;
mod verify;
mod workers;

pub use ask::{AskError, Asked, find_design, find_designs, find_scenario};
pub use jobs::{Job, all_jobs, groups, jobs, pairs};
pub use merge::{MergeError, merge};
pub use outcome::{Outcome, Request};
pub use serve::{serve, work};
pub use shard::{MOST_SHARDS, SHARD_SCHEMA, Shard, ShardError, write_shard};
pub use workers::{Workers, run_all, run_all_within};

//! The engines, and what each can be asked for.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::Hash;

/// The release series of loom that the crate is built with. `Cargo.toml` requires it; which release of the series
/// is linked, the lock file of the final binary decides.
pub const LOOM_VERSION: &str = "0.7";
/// The release series of shuttle that the crate is built with.
pub const SHUTTLE_VERSION: &str = "0.9";

/// The most threads that an encoding can have under loom: its own limit is five, and one of them
/// is the thread that sets the model up.
pub const MAX_LOOM_THREADS: usize = 4;

/// The most threads that an encoding can have under the other engines.
pub const MAX_THREADS: usize = 14;

/// The most operations in one execution, but for samples. Not a bound on a search: an execution that
/// exceeds it is an error of the model, and is reported as one. The engines' own limits are higher.
pub(crate) const MAX_OPERATIONS: usize = 1_000;

/// The same for samples, whose models may be of any size.
pub(crate) const MAX_OPERATIONS_OF_A_SAMPLE: usize = 20_000;

/// A checker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Explores every interleaving, up to the order of independent operations.
    Loom,
    /// Samples interleavings at random, at sizes that loom cannot finish.
    Shuttle,
    /// Visits every state, on shuttle's threads.
    Stateful,
}

impl Engine {
    /// Every engine, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Loom, Self::Shuttle, Self::Stateful];

    /// The engine's name, as the command line spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loom => "loom",
            Self::Shuttle => "shuttle",
            Self::Stateful => "stateful",
        }
    }

    /// The release series that the crate is built with; of the explicit-state engine, the version of the crate.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::Loom => LOOM_VERSION,
            Self::Shuttle => SHUTTLE_VERSION,
            Self::Stateful => env!("CARGO_PKG_VERSION"),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which executions to run.
///
/// ```
/// use pagelock::engine::{Engine, Strategy};
///
/// let sample = Strategy::Random { seed: 7, executions: 500 };
/// assert_eq!(sample.engine(), Engine::Shuttle);
/// assert!(!sample.is_exhaustive());
/// assert_eq!(sample.to_string(), "random, seed 7");
/// // With a bound there is something that it does not visit, even when it reaches its end.
/// assert!(Strategy::LoomSleepSets.is_exhaustive());
/// assert!(!Strategy::Preemptions(2).is_exhaustive());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// All of them, under loom: of those that differ in the order of independent operations alone, one.
    LoomSleepSets,
    /// All that loom runs by itself, which are the same many times over: without the sleep sets that
    /// [`LoomSleepSets`](Self::LoomSleepSets) has. Small models only.
    LoomPlain,
    /// Under loom, those that loom reaches with at most so many preemptions. A pass proves
    /// nothing; a violation gives an upper bound on the preemptions that it needs.
    Preemptions(usize),
    /// Under shuttle, so many, each choice drawn uniformly.
    Random {
        /// Seeds the first execution.
        seed: u64,
        /// How many executions.
        executions: usize,
    },
    /// Under shuttle, so many by probabilistic concurrency testing (Burckhardt et al., ASPLOS
    /// 2010).
    Pct {
        /// Seeds the search.
        seed: u64,
        /// The bug depth that the search is good for; at least 1.
        depth: usize,
        /// How many executions.
        executions: usize,
    },
    /// Under shuttle, every schedule, one after the other: as many executions as there are schedules. It
    /// reduces nothing and takes nothing for known, so there is nothing in it to be unsound; small models
    /// only.
    AllSchedules,
    /// Every state, by the explicit-state engine, up to the limit that [`Limits::states`](super::Limits::states) sets.
    ExplicitState,
}

impl Strategy {
    /// The engine that runs the strategy.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::LoomSleepSets | Self::LoomPlain | Self::Preemptions(_) => Engine::Loom,
            Self::Random { .. } | Self::Pct { .. } | Self::AllSchedules => Engine::Shuttle,
            Self::ExplicitState => Engine::Stateful,
        }
    }

    /// Whether the strategy covers every interleaving, if it reaches its end.
    #[must_use]
    pub const fn is_exhaustive(&self) -> bool {
        matches!(
            self,
            Self::LoomSleepSets | Self::LoomPlain | Self::AllSchedules | Self::ExplicitState
        )
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoomSleepSets => f.write_str("exhaustive, no bound"),
            Self::LoomPlain => f.write_str("exhaustive, no bound, no sleep sets"),
            Self::Preemptions(bound) => write!(f, "at most {bound} preemptions"),
            Self::Random { seed, .. } => write!(f, "random, seed {seed}"),
            Self::Pct { seed, depth, .. } => write!(f, "PCT depth {depth}, seed {seed}"),
            Self::AllSchedules => f.write_str("every schedule, no bound"),
            Self::ExplicitState => f.write_str("every state, no bound"),
        }
    }
}

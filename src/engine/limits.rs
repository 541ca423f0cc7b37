//! How far a search may go, and how it is stopped from outside.

use crate::engine::error::SearchError;
use crate::engine::resident::resident_memory;
use crate::engine::strategy::Strategy;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How far a search may go. By default there is no limit, and nothing stops it.
///
/// A search that reaches a limit keeps what it has found: its statistics has `complete: false` and the
/// executions that were run, and [`Search::cut_off`](super::Search::cut_off) says which limit it was.
///
/// ```
/// use pagelock::engine::{search_within, CutOff, Limits, Strategy};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const ADD: Function = Function::new("add", "lib/counter.c");
///
/// let counters: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let counter = world.cell("counter", 0_u8);
///     for name in ["one", "two"] {
///         let counter = counter.clone();
///         world.thread(name, move |task| {
///             for _ in 0..9 {
///                 task.step(&counter, ADD, |counter| *counter += 1)?;
///             }
///             Ok(())
///         });
///     }
/// });
/// let limits = Limits { states: Some(50), ..Limits::default() };
/// let part = search_within(&counters, &Strategy::ExplicitState, &limits).unwrap();
/// assert!(!part.statistics.complete);
/// assert_eq!(part.statistics.states.unwrap().states, 50);
/// assert_eq!(part.cut_off, Some(CutOff::States));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// The most states that an explicit-state search visits. Other searches keep no states.
    pub states: Option<u64>,
    /// By how many bytes the resident memory of the process may grow during the search: what an earlier
    /// search has left is not counted. It is looked at between executions and every few states, so it is
    /// passed by what a table grows by at once; searches on other threads count too.
    pub memory: Option<u64>,
    /// How many operations an execution may have: not a bound on the search but on what is taken for an execution that
    /// never ends, which is an error ([`SearchError::Unbounded`](super::SearchError::Unbounded)). By default 1,000, and
    /// 20,000 in samples, replays and fingerprints, whose models may be of any size.
    pub operations: Option<usize>,
    /// What may end the search from outside.
    pub stop: Stop,
}

impl Limits {
    /// A strategy within these limits, in words.
    pub(crate) fn describe(&self, strategy: &Strategy) -> String {
        match (strategy, self.states) {
            (Strategy::ExplicitState, Some(most)) => format!("at most {most} states"),
            _ => strategy.to_string(),
        }
    }
}

/// Ends searches that are under way. Clones are one and the same.
///
/// A search looks at it between executions and at every state, and so ends soon; one that is begun later
/// ends before its first execution.
#[derive(Clone, Default)]
pub struct Stop(Arc<Stopping>);

type Callback = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Stopping {
    stopped: AtomicBool,
    callbacks: Mutex<Vec<Callback>>,
}

impl Stop {
    /// Ends the searches.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        let callbacks = std::mem::take(&mut *self.callbacks());
        for callback in callbacks {
            callback();
        }
    }

    /// Whether searches are to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::SeqCst)
    }

    /// Calls `callback` when searches are to end, or at once if they are already.
    pub(crate) fn on_stop(&self, callback: impl FnOnce() + Send + 'static) {
        self.callbacks().push(Box::new(callback));
        // `stop` sets the flag first, so one of the two sees what the other has done.
        if self.is_stopped() {
            self.stop();
        }
    }

    fn callbacks(&self) -> std::sync::MutexGuard<'_, Vec<Callback>> {
        self.0
            .callbacks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stop({})", self.is_stopped())
    }
}

/// What ended a search before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CutOff {
    /// The limit of states.
    States,
    /// The limit of memory.
    Memory,
    /// It was stopped from outside.
    Stopped,
}

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::States => "it has more states than it may visit",
            Self::Memory => "it takes more memory than it may",
            Self::Stopped => "it was stopped",
        })
    }
}

/// How often it is looked at before memory is: asking the system takes longer than a state.
const MEMORY_EVERY: u64 = 256;

/// Watches the limits of one search.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    limits: Limits,
    /// The resident memory when the search began.
    began_with: u64,
    access: u64,
    /// Which limit the search has reached.
    pub(crate) cut_off: Option<CutOff>,
}

impl Watch {
    pub(crate) fn new(limits: &Limits) -> Result<Self, SearchError> {
        let resident = limits.memory.map(|_| resident_memory());
        Ok(Self {
            limits: limits.clone(),
            began_with: match resident {
                Some(resident) => resident.ok_or(SearchError::MemoryUnknown)?,
                None => 0,
            },
            ..Self::default()
        })
    }

    /// Whether the search has to end, as it is between executions or between states.
    pub(crate) fn look(&mut self) -> bool {
        if self.cut_off.is_none() && self.limits.stop.is_stopped() {
            self.cut_off = Some(CutOff::Stopped);
        } else if self.cut_off.is_none() && self.takes_too_much() {
            self.cut_off = Some(CutOff::Memory);
        }
        self.cut_off.is_some()
    }

    /// Whether the search may not visit one more state than so many.
    pub(crate) fn is_full(&mut self, states: usize) -> bool {
        let full = self.limits.states.is_some_and(|most| states as u64 >= most);
        if full {
            self.cut_off.get_or_insert(CutOff::States);
        }
        full
    }

    fn takes_too_much(&mut self) -> bool {
        let Some(most) = self.limits.memory else {
            return false;
        };
        self.access += 1;
        let due = self.access % MEMORY_EVERY == 1;
        due && resident_memory().is_some_and(|now| now.saturating_sub(self.began_with) > most)
    }
}

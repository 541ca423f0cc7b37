//! What came out of a search.

use crate::engine::explicit::lock_order::{Order, Resource};
use crate::engine::limits::CutOff;
use crate::engine::search::replay::Replayed;
use crate::trace::{Cycle, Schedule, SearchStatistics};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A property that some execution violates.
///
/// Two threads each read a counter, and write what they have read and one more. In four of the six schedules
/// one comes between the steps of the other:
///
/// ```
/// # use pagelock::model::{Encoding, Function, World};
/// # use std::sync::Arc;
/// # const READ: Function = Function::new("read", "a.c");
/// # const WRITE: Function = Function::new("write", "a.c");
/// # fn counting() -> Arc<dyn Encoding> {
/// #     Arc::new(|world: &mut World| {
/// #         let count = world.cell("count", 0_u8);
/// #         let end = count.clone();
/// #         for name in ["one", "two"] {
/// #             let count = count.clone();
/// #             world.thread(name, move |task| {
/// #                 let seen = task.step(&count, READ, |count| *count)?;
/// #                 task.step(&count, WRITE, move |count| *count = seen + 1)
/// #             });
/// #         }
/// #         world.finally(move |task| task.check("both", end.peek(|c| *c == 2), || "one is lost".into()));
/// #     })
/// # }
/// use pagelock::engine::{Strategy, search};
///
/// let found = search(&counting(), &Strategy::ExplicitState).unwrap();
/// let lost = found.finding("both").unwrap();
/// assert_eq!((lost.executions, found.statistics.states.unwrap().schedules), (4, 6));
/// // One reads, the other one does all of its steps, and the first one writes.
/// assert_eq!((lost.preemptions, lost.schedule.len()), (Some(1), 4));
/// assert_eq!(lost.schedule[1], lost.schedule[2]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The property's name.
    pub property: String,
    /// What happened, in one sentence.
    pub message: String,
    /// For a deadlock with a cycle, the cycle.
    pub cycle: Option<Cycle>,
    /// Every cycle that some execution of the search ends in.
    pub cycles: Vec<Cycle>,
    /// A schedule that violates the property: the thread of each operation up to the violation. Of
    /// an explicit-state search, of all schedules one with the fewest preemptions, and of those the
    /// shortest; of any other, the shortest that it came across.
    pub schedule: Schedule,
    /// The least number of preemptions that the violation needs, from an explicit-state search. A
    /// preemption is a switch away from a thread that could have gone on (Musuvathi and Qadeer, PLDI
    /// 2007).
    pub preemptions: Option<usize>,
    /// Executions of the search that violate the property; of an explicit-state search, schedules that do
    /// (the largest number means at least so many).
    pub executions: u64,
    /// The first of the executions and its schedule, except of an explicit-state search.
    pub first: Option<First>,
    /// The execution of the schedule under shuttle's scheduler, whatever engine has found it. It is not written: where
    /// a search is read, the schedule is executed again, which verifies it too.
    #[serde(skip)]
    pub replay: Box<Replayed>,
}

/// The first execution of a search that violates a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// Its number, counted from 1.
    pub execution: u64,
    /// The thread of each operation up to the violation.
    pub schedule: Schedule,
}

/// What came out of a search.
///
/// Engines that have nothing in common but the model reach the same final states:
///
/// ```
/// # use pagelock::model::{Encoding, Function, World};
/// # use std::sync::Arc;
/// # const READ: Function = Function::new("read", "a.c");
/// # const WRITE: Function = Function::new("write", "a.c");
/// # fn counting() -> Arc<dyn Encoding> {
/// #     Arc::new(|world: &mut World| {
/// #         let count = world.cell("count", 0_u8);
/// #         let end = count.clone();
/// #         for name in ["one", "two"] {
/// #             let count = count.clone();
/// #             world.thread(name, move |task| {
/// #                 let seen = task.step(&count, READ, |count| *count)?;
/// #                 task.step(&count, WRITE, move |count| *count = seen + 1)
/// #             });
/// #         }
/// #         world.finally(move |task| task.check("both", end.peek(|c| *c == 2), || "one is lost".into()));
/// #     })
/// # }
/// use pagelock::engine::{Strategy, search};
///
/// let by = |strategy| search(&counting(), &strategy).unwrap();
/// let (loom, states) = (by(Strategy::LoomSleepSets), by(Strategy::ExplicitState));
/// assert!(loom.statistics.complete && states.statistics.complete);
/// assert_eq!(loom.ends(), states.ends());
/// assert_eq!(states.outcomes.len(), 2); // The counter is 1 or 2.
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What the search did.
    pub statistics: SearchStatistics,
    /// The properties violated, by name.
    pub findings: Vec<Finding>,
    /// The cover points reached.
    pub reached: BTreeSet<String>,
    /// Of these, the cover points of waits for locks ([`Task::covering_waits`](crate::model::Task::covering_waits)). loom
    /// need not reach one that the other engines do: whether a thread reaches a lock before its holder
    /// has released it or after is no difference to it.
    pub waits: BTreeSet<String>,
    /// The properties that some execution has checked, whether or not they held; what none has checked, no verdict is
    /// about.
    pub checked: BTreeSet<String>,
    /// The hashes of the final states of the executions in which every thread returned: not of
    /// those that ended in a deadlock, or with a thread that had left for good. Each with the schedule
    /// of the first execution that ended in it.
    pub outcomes: BTreeMap<u64, Schedule>,
    /// How many of the executions differ in more than the order of independent operations (the traces of
    /// Mazurkiewicz, 1977): in the order in which threads access some object. 0 of an explicit-state search,
    /// which does not run executions to their ends.
    #[serde(skip)]
    pub traces: u64,
    /// Every order in which some thread acquires resources, from an explicit-state search; empty from any
    /// other.
    #[serde(skip)]
    pub orders: Vec<Order>,
    /// The resources of every cycle of waits that some execution ends in, each held by the thread that waits
    /// for the next, and the last by the thread that waits for the first; from an explicit-state search.
    #[serde(skip)]
    pub deadlocks: Vec<Vec<Resource>>,
    /// Which limit ended the search, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
}

impl Search {
    /// The finding for a property, if it was violated.
    #[must_use]
    pub fn finding(&self, property: &str) -> Option<&Finding> {
        self.findings.iter().find(|f| f.property == property)
    }

    /// The hashes of the final states, without their schedules, in which engines may differ.
    #[must_use]
    pub fn ends(&self) -> BTreeSet<u64> {
        self.outcomes.keys().copied().collect()
    }
}

//! The record of a counterexample.

use super::schedule::Schedule;
use super::{Cycle, Event, Object, Replay, Twin};
use serde::{Deserialize, Serialize};

/// The version of the record's shape. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-trace/1";

/// The JSON schema of the record.
pub const JSON_SCHEMA: &str = include_str!("../../schemas/pagelock-trace-1.json");

/// What a search did, so that its verdict can be trusted or doubted.
///
/// What is a part of what: executions that fail are one of all that were run, schedules of all that there are.
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::protocols;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let encoding = spec.encoding(spec.design("patched").unwrap(), spec.scenario("write").unwrap());
/// let all = search(&encoding, &Strategy::States).unwrap().receipt;
/// assert_eq!((all.extent(), all.failing), ("complete", 0));
/// assert_eq!(all.out_of(), all.states.unwrap().schedules);
///
/// let some = search(&encoding, &Strategy::Random { seed: 1, executions: 20 }).unwrap().receipt;
/// assert_eq!((some.extent(), some.out_of()), ("a sample", 20));
/// assert_eq!(some.fingerprint, all.fingerprint);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Receipt {
    /// The checker's name.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// What was asked for, and with what bound or seed.
    pub strategy: String,
    /// The bound on preemptions; `None` is no bound at all.
    pub bound: Option<usize>,
    /// Executions run; of loom with its sleep sets, those that ran to their end.
    pub executions: u64,
    /// Executions that loom began and that were cut short, since everything that could follow had been
    /// explored.
    #[serde(default, skip_serializing_if = "is_none")]
    pub cut_short: u64,
    /// Executions that violate at least one property; of a stateful search, schedules that do, all
    /// of which are counted and few run.
    pub failing: u64,
    /// The operations in the longest execution.
    pub longest: usize,
    /// Whether every interleaving was covered: true only for an exhaustive search that ran to its
    /// end.
    pub complete: bool,
    /// What a stateful search has visited; `None` for one that keeps no states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<States>,
    /// The fingerprint of the model: see [`fingerprint`](crate::engine::fingerprint).
    pub fingerprint: String,
}

/// Whether there is nothing to write down.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A number of schedules or executions, in words: the largest number of 64 bits stands for more than can be counted.
///
/// ```
/// use pagelock::trace::counted;
///
/// assert_eq!(counted(7), "7");
/// assert_eq!(counted(u64::MAX), "at least 18446744073709551615");
/// ```
#[must_use]
pub fn counted(number: u64) -> String {
    match number {
        u64::MAX => format!("at least {number}"),
        _ => number.to_string(),
    }
}

impl Receipt {
    /// Whether every interleaving was covered, in a word or two.
    #[must_use]
    pub const fn extent(&self) -> &'static str {
        if self.complete {
            "complete"
        } else {
            "a sample"
        }
    }

    /// What the number of failing ones is a part of: executions, or, of a stateful search, schedules.
    #[must_use]
    pub fn out_of(&self) -> u64 {
        let states = self.states.as_ref();
        states.map_or(self.executions, |states| states.schedules)
    }
}

/// How large a model is, as a stateful search has found it.
///
/// Two threads of one step each: three states on either way to the end, and two ways.
/// ```
/// use pagelock::engine::{Encoding, Function, Strategy, World, search};
/// use pagelock::trace::States;
/// use std::sync::Arc;
///
/// const ADD: Function = Function::new("atomic_inc", "include/linux/atomic.h");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let counter = world.cell("counter", 0_u8);
///     for name in ["one", "two"] {
///         let counter = counter.clone();
///         world.thread(name, move |task| task.step(&counter, ADD, |counter| *counter += 1));
///     }
/// });
/// let size = search(&model, &Strategy::States).unwrap().receipt.states;
/// assert_eq!(size, Some(States { states: 4, transitions: 4, ends: 1, schedules: 2 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct States {
    /// Distinct states, the first one included.
    pub states: u64,
    /// Operations that lead from one state to another.
    pub transitions: u64,
    /// States in which nothing more can happen.
    pub ends: u64,
    /// Schedules from the first state to an end; the largest number of 64 bits stands for more.
    pub schedules: u64,
}

/// A counterexample with all that a renderer needs.
///
/// ```
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, Some("store")).unwrap().unwrap();
/// assert!(!trace.is_stuck());
/// assert!(trace.as_recorded);
/// assert_eq!(trace.design_name(), "old");
/// assert_eq!(trace.replay().scenario, "lost-store");
/// // Not every event has to do with the failure; a renderer folds the others.
/// let causes = trace.causes();
/// assert_eq!(causes.len(), trace.events.len());
/// assert!(causes.iter().any(|matters| *matters));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Trace {
    /// [`SCHEMA`].
    pub schema: String,
    /// The spec's name.
    pub spec: String,
    /// The commit of the spec's patch.
    pub commit: String,
    /// The design's name.
    pub design: String,
    /// The clauses that were taken from the design.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// The commit whose tree the design is mirrored from; a `^` is its parent.
    pub mirrors: String,
    /// What the design is.
    pub design_means: String,
    /// The clauses that the design has, by name.
    pub clauses: Vec<String>,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario is.
    pub scenario_means: String,
    /// What the search says of the design in the scenario: `violated`.
    pub verdict: String,
    /// The property violated.
    pub property: String,
    /// What the property says.
    pub property_means: String,
    /// Whether the violation is what is on record for this design and scenario.
    pub as_recorded: bool,
    /// What goes wrong, in one plain sentence, from the spec's record.
    pub sentence: String,
    /// What happened, as the engine saw it.
    pub message: String,
    /// For a deadlock, the cycle.
    pub cycle: Option<Cycle>,
    /// The threads, in their order.
    pub threads: Vec<String>,
    /// The entry function of each thread; empty for one that does nothing in this trace.
    pub entries: Vec<String>,
    /// Every object, with what it holds before anything happens.
    pub objects: Vec<Object>,
    /// Every event up to the violation.
    pub events: Vec<Event>,
    /// The thread of each operation: with the spec, design and scenario, this is the replay.
    pub schedule: Schedule,
    /// The least number of preemptions that the violation needs, if every schedule with fewer was
    /// tried.
    pub preemptions: Option<usize>,
    /// The search that the verdict comes from.
    pub receipt: Receipt,
    /// Executions of that search that violate this property.
    pub failing: u64,
    /// The marks that this search reached.
    pub reached: Vec<String>,
    /// The design that passes in the same scenario, and what it does in the same schedule.
    pub twin: Option<Twin>,
    /// How often random schedules show the violation.
    pub sampled: Option<Sampled>,
}

impl Trace {
    /// The design with what was taken from it: `patched without always-complete`.
    #[must_use]
    pub fn design_name(&self) -> String {
        match &self.without[..] {
            [] => self.design.clone(),
            names => format!("{} without {}", self.design, names.join(", ")),
        }
    }

    /// The entry function of a thread. A record that was damaged may have fewer of them than threads.
    pub(crate) fn entry(&self, thread: usize) -> &str {
        self.entries.get(thread).map_or("", String::as_str)
    }

    /// What somebody needs to see the counterexample again.
    #[must_use]
    pub fn replay(&self) -> Replay {
        Replay {
            spec: self.spec.clone(),
            design: self.design.clone(),
            without: self.without.clone(),
            scenario: self.scenario.clone(),
            fingerprint: self.receipt.fingerprint.clone(),
            schedule: self.schedule.clone(),
        }
    }
}

/// How often random schedules violate the property.
///
/// ```
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let sampled = trace.sampled.unwrap();
/// assert!(1 <= sampled.first && sampled.failing < sampled.receipt.executions);
/// // A search of every state knows the share of the schedules; a sample draws them with other weights.
/// assert!(trace.failing < trace.receipt.out_of());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sampled {
    /// Executions that do.
    pub failing: u64,
    /// The first of them, counted from 1.
    pub first: u64,
    /// The search.
    pub receipt: Receipt,
}

//! The trace of a counterexample, and the statistics of the search that found it.

use super::schedule::Schedule;
use super::{Cycle, Event, Object, Reference, Replay};
use serde::{Deserialize, Serialize};

/// The version of the shape of a trace. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-trace/2";

/// The JSON schema of a trace.
pub const JSON_SCHEMA: &str = include_str!("../../schemas/pagelock-trace-2.json");

/// The statistics of a search: how much it has visited, as evidence for its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SearchStatistics {
    /// The checker's name.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// The strategy, with its bound or seed.
    pub strategy: String,
    /// The bound on preemptions; `None` is no bound at all.
    pub bound: Option<usize>,
    /// Executions run; of loom with its sleep sets, those that ran to their end.
    pub executions: u64,
    /// Executions that loom began and that were cut short, since everything that could follow had been
    /// explored.
    #[serde(default, skip_serializing_if = "is_none")]
    pub cut_short: u64,
    /// Executions that violate at least one property; of an explicit-state search, schedules that do, all
    /// of which are counted and few run.
    pub failing: u64,
    /// The operations in the longest execution.
    pub longest: usize,
    /// Whether every interleaving was covered: true only for an exhaustive search that ran to its
    /// end.
    pub complete: bool,
    /// What an explicit-state search has visited; `None` for one that keeps no states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<States>,
    /// The fingerprint of the model: see [`fingerprint`](crate::engine::fingerprint).
    pub fingerprint: String,
}

/// Whether the field is left out.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A number of schedules or executions, in words: the largest number of 64 bits stands for more than can be counted.
#[must_use]
pub fn counted(number: u64) -> String {
    match number {
        u64::MAX => format!("at least {number}"),
        _ => number.to_string(),
    }
}

impl SearchStatistics {
    /// Whether every interleaving was covered, in a word or two.
    #[must_use]
    pub const fn extent(&self) -> &'static str {
        if self.complete {
            "complete"
        } else {
            "a sample"
        }
    }

    /// The number of which `failing` is a part: executions, or, of an explicit-state search, schedules.
    #[must_use]
    pub fn out_of(&self) -> u64 {
        let states = self.states.as_ref();
        states.map_or(self.executions, |states| states.schedules)
    }
}

/// The size of a model, from an explicit-state search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct States {
    /// Distinct states, the initial one included.
    pub states: u64,
    /// Operations that lead from one state to another.
    pub transitions: u64,
    /// States in which no thread is enabled.
    pub ends: u64,
    /// Schedules from the first state to an end; the largest number of 64 bits stands for more.
    pub schedules: u64,
}

/// A counterexample with all that a renderer needs.
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
    pub design_summary: String,
    /// The clauses that the design has, by name.
    pub clauses: Vec<String>,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario is.
    pub scenario_summary: String,
    /// The verdict of the search on the design in the scenario: `violated`.
    pub verdict: String,
    /// The property violated.
    pub property: String,
    /// What the property says.
    pub property_summary: String,
    /// Whether the violation is the expected one for this design and scenario.
    pub as_expected: bool,
    /// What goes wrong, in one plain sentence of the spec.
    pub sentence: String,
    /// What happened, as the engine saw it.
    pub message: String,
    /// For a deadlock, the cycle.
    pub cycle: Option<Cycle>,
    /// The threads, in their order.
    pub threads: Vec<String>,
    /// The entry function of each thread; empty for one that does nothing in this trace.
    pub entries: Vec<String>,
    /// Every object, in its initial state.
    pub objects: Vec<Object>,
    /// Every event up to the violation.
    pub events: Vec<Event>,
    /// The thread of each operation: with the spec, design and scenario, this is the replay.
    pub schedule: Schedule,
    /// The least number of preemptions that the violation needs, if every schedule with fewer was
    /// tried.
    pub preemptions: Option<usize>,
    /// The search that the verdict comes from.
    pub statistics: SearchStatistics,
    /// Executions of that search that violate this property.
    pub failing: u64,
    /// The cover points that this search reached.
    pub reached: Vec<String>,
    /// A design that passes in the same scenario, and what it does in the same schedule.
    pub reference: Option<Reference>,
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

    /// The entry function of a thread. A damaged file may have fewer of them than threads.
    pub(crate) fn entry(&self, thread: usize) -> &str {
        self.entries.get(thread).map_or("", String::as_str)
    }

    /// The word that replays the counterexample.
    #[must_use]
    pub fn replay(&self) -> Replay {
        Replay {
            spec: self.spec.clone(),
            design: self.design.clone(),
            without: self.without.clone(),
            scenario: self.scenario.clone(),
            fingerprint: self.statistics.fingerprint.clone(),
            schedule: self.schedule.clone(),
        }
    }
}

/// How often random schedules violate the property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sampled {
    /// Executions that do.
    pub failing: u64,
    /// The first of them, counted from 1.
    pub first: u64,
    /// The search.
    pub statistics: SearchStatistics,
}

//! A model in the file, and what was found there.

use crate::engine::automata::Automata;
use crate::spec::Verdict;
use serde::{Deserialize, Serialize};

/// A design in a scenario.
///
/// ```
/// use pagelock::export::Model;
///
/// let model: Model = serde_json::from_str(r#"
///     {"design": "old", "scenario": "large", "left_out": "it has too many states"}
/// "#).unwrap();
/// assert!(model.automata.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Model {
    /// The design's name.
    pub design: String,
    /// The scenario's name.
    pub scenario: String,
    /// The crate's fingerprint of the model, by which two files can be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What the threads do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automata: Option<Automata>,
    /// What the crate's own search of every state has found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// Why there are no automata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
}

/// What a search of every state of a model has found.
///
/// ```
/// use pagelock::export::Found;
///
/// let found: Found = serde_json::from_str(r#"
///     {"verdict": "pass", "states": 3, "transitions": 2, "ends": 1, "schedules": 1, "violated": [],
///      "reached": []}
/// "#).unwrap();
/// assert_eq!(found.ends, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Found {
    /// The verdict.
    pub verdict: Verdict,
    /// What is different from the record, if anything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    /// Distinct states, the first one included.
    pub states: u64,
    /// Operations that lead from one state to another.
    pub transitions: u64,
    /// States in which nobody can go on.
    pub ends: u64,
    /// Schedules from the first state to an end; 2^64 - 1 stands for more.
    pub schedules: u64,
    /// The properties that are violated, by name.
    pub violated: Vec<Violated>,
    /// The marks that are reached.
    pub reached: Vec<String>,
}

/// A property that some schedule violates.
///
/// ```
/// use pagelock::export::Violated;
///
/// let violated: Violated = serde_json::from_str(r#"
///     {"property": "rank", "message": "it starts one", "schedules": 7, "schedule": [0, 1, 0]}
/// "#).unwrap();
/// // The first, the second and again the first thread.
/// assert_eq!(violated.schedule, [0, 1, 0]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Violated {
    /// The property's name.
    pub property: String,
    /// What happens, in one sentence.
    pub message: String,
    /// Schedules that violate it; 2^64 - 1 stands for more.
    pub schedules: u64,
    /// Of the schedules that violate it one with the fewest preemptions, and of those the shortest: the thread
    /// of each operation, by its place in the automata, up to the violation. Of a deadlock, up to where the
    /// last wait of the cycle is come to: from there on every schedule ends with threads that wait.
    pub schedule: crate::trace::Schedule,
    /// How often the schedule leaves a thread that could have gone on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preemptions: Option<u64>,
    /// The shape of every deadlock that closes a cycle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cycles: Vec<String>,
}

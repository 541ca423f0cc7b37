//! The types of the file.

use crate::engine::Finding;
use crate::engine::automata::Automata;
use crate::spec::{Run, Spec, Verdict};
use crate::trace::Cycle;
use serde::Serialize;

/// The version of the file's shape. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-corpus/3";

/// The JSON schema of the file.
pub const JSON_SCHEMA: &str = include_str!("../../schemas/pagelock-corpus-3.json");

/// Specs with their models.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Corpus {
    /// The version of the file's shape, `pagelock-corpus/3`.
    pub schema: String,
    /// The version of the crate that has written the file.
    pub version: String,
    /// The specs.
    pub specs: Vec<SpecModels>,
}

/// The tables of a spec, and its models.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpecModels {
    /// The spec, whose fields are in the same object as the models.
    #[serde(flatten)]
    pub spec: &'static Spec,
    /// The selected designs in their scenarios.
    pub models: Vec<Model>,
}

/// A design in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Model {
    /// The design's name.
    pub design: String,
    /// The scenario's name.
    pub scenario: String,
    /// The crate's fingerprint of the model, by which two files can be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What the threads do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automata: Option<Automata>,
    /// The result of the crate's own search of every state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ModelResult>,
    /// Why there are no automata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
}

/// The result of a search of every state of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ModelResult {
    /// The verdict.
    pub verdict: Verdict,
    /// What is different from the expected result, if anything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    /// Distinct states, the initial one included.
    pub states: u64,
    /// Operations that lead from one state to another.
    pub transitions: u64,
    /// States in which no thread is enabled.
    pub ends: u64,
    /// Schedules from the initial state to an end; 2^64 - 1 stands for more.
    pub schedules: u64,
    /// The violated properties, by name.
    pub violated: Vec<Violation>,
    /// The cover points that are reached.
    pub reached: Vec<String>,
}

/// A property that some schedule violates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Violation {
    /// The property's name.
    pub property: String,
    /// What happens, in one sentence.
    pub message: String,
    /// Schedules that violate it; 2^64 - 1 stands for more.
    pub schedules: u64,
    /// Of the schedules that violate it one with the fewest preemptions, and of those the shortest: the thread
    /// of each operation, by its number in the automata, up to the violation. Of a deadlock, up to where the
    /// last wait of the cycle begins: from there on every schedule ends with blocked threads.
    pub schedule: crate::trace::Schedule,
    /// How often the schedule leaves an enabled thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preemptions: Option<u64>,
    /// The shape of every deadlock that closes a cycle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cycles: Vec<String>,
}

impl ModelResult {
    /// The result of a search of every state.
    pub(super) fn of(run: &Run) -> Self {
        let search = &run.search;
        let states = search.statistics.states;
        let states = states.expect("a search of every state counts them");
        Self {
            verdict: run.verdict,
            differs: run.differs.clone(),
            states: states.states,
            transitions: states.transitions,
            ends: states.ends,
            schedules: states.schedules,
            violated: search.findings.iter().map(Violation::of).collect(),
            reached: search.reached.iter().cloned().collect(),
        }
    }
}

impl Violation {
    fn of(finding: &Finding) -> Self {
        Self {
            property: finding.property.clone(),
            message: finding.message.clone(),
            schedules: finding.executions,
            schedule: finding.schedule.clone(),
            preemptions: finding.preemptions.map(|count| count as u64),
            cycles: finding.cycles.iter().map(Cycle::shape).collect(),
        }
    }
}

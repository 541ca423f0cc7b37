//! The file, as data.

use crate::engine::automata::Automata;
use crate::spec::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the file's shape. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-corpus/1";

/// The JSON schema of the file.
pub const JSON_SCHEMA: &str = include_str!("../../schemas/pagelock-corpus-1.json");

/// Specs with their models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Corpus {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of the crate that has written the file.
    pub version: String,
    /// The specs.
    pub specs: Vec<Spec>,
    /// What stands in the encodings where the operations are: the call, by an operation's `at`. It is text for
    /// readers; what the operation does stands in its transitions.
    pub statements: BTreeMap<String, String>,
    /// The files that the encodings and the kernel's primitives are written in, by their paths: for readers.
    pub sources: BTreeMap<String, String>,
}

/// A system with its designs, scenarios, properties, records and models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Spec {
    /// The name.
    pub name: String,
    /// One line on what it is about.
    pub title: String,
    /// The commit of the patch.
    pub commit: String,
    /// The commit whose tree the old design mirrors; a `^` is its parent.
    pub before: String,
    /// The patch's subject line.
    pub subject: String,
    /// Named conditions.
    pub properties: Vec<Property>,
    /// The windows that scenarios must enter.
    pub marks: Vec<Mark>,
    /// The separable ingredients of the patch, and of later fixes.
    pub clauses: Vec<Clause>,
    /// Named sets of clauses. The first is the old design, the second the patched one.
    pub designs: Vec<Design>,
    /// Threads and sizes.
    pub scenarios: Vec<Scenario>,
    /// What each clause is needed for.
    pub needs: Vec<Need>,
    /// What each design must come to in each scenario.
    pub records: Vec<Record>,
    /// The properties that no design violates, with all its clauses or without one of them.
    pub unviolated: Vec<Unviolated>,
    /// Designs in scenarios: those that were asked for.
    pub models: Vec<Model>,
}

/// A named condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Property {
    /// The name.
    pub name: String,
    /// What holds where it is not violated, in one line.
    pub summary: String,
    /// When it is looked at.
    pub checked: String,
}

/// A window that executions must enter for a pass to mean something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Mark {
    /// The name.
    pub name: String,
    /// What has happened when it is reached, in one line.
    pub summary: String,
}

/// A separable ingredient of a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Clause {
    /// A short number, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The name.
    pub name: String,
    /// What it does, in one line.
    pub summary: String,
    /// The function that it changes.
    pub function: String,
    /// The file that the function stands in.
    pub file: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a clause comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// An upstream commit before the patch: the old design has it too.
    Earlier {
        /// The commit, abbreviated.
        commit: String,
        /// Its subject line.
        subject: String,
    },
    /// The patch of the spec.
    Patch,
    /// A later upstream commit.
    Later {
        /// The commit, abbreviated.
        commit: String,
        /// Its subject line.
        subject: String,
    },
}

/// A named set of clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Design {
    /// The name.
    pub name: String,
    /// One line on what it is.
    pub summary: String,
    /// The names of its clauses.
    pub clauses: Vec<String>,
    /// The commit whose tree it mirrors; a `^` is its parent.
    pub mirrors: String,
    /// The functions that the operations of its models stand for, with the commits that these mirror.
    pub functions: Vec<Function>,
}

/// A function of the mirrored system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Function {
    /// The name as the source spells it.
    pub name: String,
    /// The file, relative to the source tree's root.
    pub file: String,
    /// The commit whose tree the design has it from; a `^` is its parent.
    pub commit: String,
}

/// Threads and sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Scenario {
    /// The name.
    pub name: String,
    /// Threads, sizes and what happens, in one line.
    pub summary: String,
    /// What it is there to show, in one line.
    pub shows: String,
    /// The engines that run it.
    pub engines: Vec<String>,
    /// The marks that some execution of it must reach.
    pub marks: Vec<String>,
}

/// What a clause is needed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Need {
    /// The clause's name.
    pub clause: String,
    /// The properties that some scenario violates without the clause and not with it.
    pub breaks: Vec<String>,
    /// What breaks without it and how, or why nothing does.
    pub sentence: String,
}

/// What a design must come to in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// The design's name.
    pub design: String,
    /// The scenario's name.
    pub scenario: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Exactly the properties that are violated, the recorded reason first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// The shape of every deadlock that closes a cycle: who waits for what, which the next one has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cycles: Vec<String>,
    /// loom's executions to the end of the search, where loom runs the scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loom_executions: Option<u64>,
    /// What happens, in one plain sentence.
    pub sentence: String,
}

/// A property that no design of its spec violates, nor a design without one of its clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unviolated {
    /// The property's name.
    pub property: String,
    /// Why it is checked all the same, and what violates it.
    pub reason: String,
}

/// A design in a scenario.
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
    pub schedule: Vec<u8>,
    /// How often the schedule leaves a thread that could have gone on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preemptions: Option<u64>,
    /// The shape of every deadlock that closes a cycle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cycles: Vec<String>,
}

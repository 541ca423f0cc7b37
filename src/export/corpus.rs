//! The file, as data.

use super::Model;
use crate::spec::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the file's shape. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-corpus/1";

/// The JSON schema of the file.
pub const JSON_SCHEMA: &str = include_str!("../../schemas/pagelock-corpus-1.json");

/// Specs with their models.
///
/// ```
/// use pagelock::export::{Corpus, SCHEMA};
///
/// let corpus: Corpus = serde_json::from_str(r#"
///     {"schema": "pagelock-corpus/1", "version": "0.1.0", "specs": [], "statements": {}, "sources": {}}
/// "#).unwrap();
/// assert_eq!(corpus.schema, SCHEMA);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Corpus {
    /// The version of the file's shape, `pagelock-corpus/1`.
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
///
/// ```
/// use pagelock::{export, protocols};
///
/// let asked = ["page-mkwrite/old".to_string()];
/// let models = export::models(protocols::ALL, &asked, Some("wrapper")).unwrap();
/// let spec = &export::corpus(&models, &|_, _| ()).unwrap().corpus.specs[0];
/// assert_eq!(spec.designs[1].name, "patched");
/// assert_eq!(spec.models.len(), 1);
/// ```
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
///
/// ```
/// use pagelock::export::Property;
///
/// let property: Property = serde_json::from_str(r#"
///     {"name": "credits", "summary": "no handle dirties more than it may", "checked": "at every step"}
/// "#).unwrap();
/// assert_eq!(property.name, "credits");
/// ```
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
///
/// ```
/// use pagelock::export::Mark;
///
/// let mark: Mark = serde_json::from_str(r#"{"name": "page-written", "summary": "a page was written"}"#).unwrap();
/// assert_eq!(mark.name, "page-written");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Mark {
    /// The name.
    pub name: String,
    /// What has happened when it is reached, in one line.
    pub summary: String,
}

/// A separable ingredient of a patch.
///
/// ```
/// use pagelock::export::{Clause, Origin};
///
/// let clause: Clause = serde_json::from_str(r#"
///     {"name": "same-order", "summary": "a before b", "function": "f", "file": "a.c", "origin": "patch"}
/// "#).unwrap();
/// assert_eq!(clause.origin, Origin::Patch);
/// assert_eq!(clause.id, "");
/// ```
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
///
/// ```
/// use pagelock::export::Origin;
///
/// let origin: Origin = serde_json::from_str(r#"
///     {"later": {"commit": "5f1132b2ba8c", "subject": "ext4: fix it"}}
/// "#).unwrap();
/// assert!(matches!(origin, Origin::Later { commit, .. } if commit == "5f1132b2ba8c"));
/// ```
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
///
/// ```
/// use pagelock::export::Design;
///
/// let design: Design = serde_json::from_str(r#"
///     {"name": "old", "summary": "before", "clauses": [], "mirrors": "61628a3f3a37^", "functions": []}
/// "#).unwrap();
/// assert!(design.clauses.is_empty());
/// ```
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
///
/// ```
/// use pagelock::export::Function;
///
/// let function: Function = serde_json::from_str(r#"
///     {"name": "lock_page", "file": "mm/filemap.c", "commit": "61628a3f3a37^"}
/// "#).unwrap();
/// assert_eq!(function.file, "mm/filemap.c");
/// ```
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
///
/// ```
/// use pagelock::export::Scenario;
///
/// let scenario: Scenario = serde_json::from_str(r#"
///     {"name": "write", "summary": "two threads", "shows": "a deadlock", "engines": ["stateful"],
///      "marks": []}
/// "#).unwrap();
/// assert_eq!(scenario.engines, ["stateful"]);
/// ```
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
///
/// ```
/// use pagelock::export::Need;
///
/// let need: Need = serde_json::from_str(r#"
///     {"clause": "same-order", "breaks": ["no-deadlock"], "sentence": "they come in opposite orders"}
/// "#).unwrap();
/// assert_eq!(need.breaks, ["no-deadlock"]);
/// ```
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
///
/// ```
/// use pagelock::export::Record;
///
/// let record: Record = serde_json::from_str(r#"
///     {"design": "old", "scenario": "write", "verdict": "violated", "properties": ["rank"],
///      "sentence": "it starts a transaction under the page lock"}
/// "#).unwrap();
/// assert_eq!(record.properties, ["rank"]);
/// assert!(record.cycles.is_empty());
/// ```
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
///
/// ```
/// use pagelock::export::Unviolated;
///
/// let unviolated: Unviolated = serde_json::from_str(r#"{"property": "rank", "reason": "nobody starts one"}"#).unwrap();
/// assert_eq!(unviolated.property, "rank");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unviolated {
    /// The property's name.
    pub property: String,
    /// Why it is checked all the same, and what violates it.
    pub reason: String,
}

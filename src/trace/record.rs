//! The record of a counterexample.

use serde::{Deserialize, Serialize};

/// The version of the record's shape. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-trace/1";

/// What kind of thing an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A lock was taken.
    Acquire,
    /// A lock was given up.
    Release,
    /// What a lock protects was changed, by the thread that holds it.
    Update,
    /// An atomic step on an object.
    Step,
    /// The thread cannot go on for now.
    Wait,
}

/// What a thread waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// A lock's name, or an event.
    pub what: String,
    /// The thread that holds it or has to bring it about, if there is exactly one.
    pub held_by: Option<String>,
}

/// One event of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The operation's number in the schedule, from 1. Releases, updates and waits are not
    /// operations: no other thread can come between them and what goes before.
    pub operation: Option<usize>,
    /// The thread.
    pub thread: String,
    /// What happened.
    pub kind: EventKind,
    /// The function that the event mirrors.
    pub function: String,
    /// The file that the function stands in.
    pub file: String,
    /// The functions that called it, outermost first.
    pub callers: Vec<String>,
    /// The object touched.
    pub object: Option<String>,
    /// The object's class in the lock order; empty for an object that is not held.
    pub class: Option<String>,
    /// The object before and after, if a step or an update changed it.
    pub change: Option<(String, String)>,
    /// For a wait, what for.
    pub waits_for: Option<Wait>,
    /// What the thread holds after the event, in the order in which it was taken.
    pub holds: Vec<String>,
}

/// One edge: a thread waits for something that one other thread holds or has to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WaitEdge {
    /// The thread that waits.
    pub thread: String,
    /// What it waits for: a lock's name, or an event such as `commit of T1`.
    pub waits_for: String,
    /// The thread that holds it or has to bring it about.
    pub held_by: String,
    /// The function that would end the wait, where the holder has named it.
    pub ended_by: String,
    /// The function that waits.
    pub waits_in: String,
}

/// A chain of waits that never ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cycle {
    /// The edges, each from a thread to the next. The last leads back to the first thread if
    /// `closed`, otherwise to a thread that has gone away with what the others want.
    pub edges: Vec<WaitEdge>,
    /// Whether the chain closes on itself.
    pub closed: bool,
}

impl Cycle {
    /// The same cycle, begun at the thread whose name sorts first, so that equal cycles compare
    /// equal however they were found.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut cycle = self.clone();
        if cycle.closed
            && let Some(first) = (0..cycle.edges.len()).min_by_key(|&i| &cycle.edges[i].thread)
        {
            cycle.edges.rotate_left(first);
        }
        cycle
    }

    /// The cycle with its numbers left out, so that it is the same whichever page, transaction or
    /// writer it goes through: `a (page N lock) -> b (handle of TN) -> a`.
    #[must_use]
    pub fn shape(&self) -> String {
        let cycle = self.canonical();
        let mut line: Vec<String> = (cycle.edges.iter())
            .map(|edge| format!("{} ({})", edge.thread, edge.waits_for))
            .collect();
        line.extend(cycle.edges.last().map(|edge| edge.held_by.clone()));
        without_numbers(&line.join(" -> "))
    }

    /// The chain on one line: `a -> b -> a`.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line: Vec<&str> = self.edges.iter().map(|e| e.thread.as_str()).collect();
        line.extend(self.edges.last().map(|e| e.held_by.as_str()));
        line.join(" -> ")
    }
}

/// A text with an `N` for each of its numbers: `page N lock`.
#[must_use]
pub fn without_numbers(text: &str) -> String {
    let mut shape = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_digit() {
            shape.push(letter);
        } else if !shape.ends_with('N') {
            shape.push('N');
        }
    }
    shape
}

/// What a search did, so that its verdict can be trusted or doubted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl Receipt {
    /// What the number of failing ones is a part of: executions, or, of a stateful search, schedules.
    #[must_use]
    pub fn out_of(&self) -> u64 {
        let states = self.states.as_ref();
        states.map_or(self.executions, |states| states.schedules)
    }
}

/// How large a model is, as a stateful search has found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// [`SCHEMA`].
    pub schema: String,
    /// The spec's name.
    pub spec: String,
    /// The commit of the spec's patch.
    pub commit: String,
    /// The design's name.
    pub design: String,
    /// What the design is.
    pub design_means: String,
    /// The clauses that the design has, by name.
    pub clauses: Vec<String>,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario is.
    pub scenario_means: String,
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
    /// Every event up to the violation.
    pub events: Vec<Event>,
    /// The thread of each operation: with the spec, design and scenario, this is the replay.
    pub schedule: Vec<u8>,
    /// The least number of preemptions that the violation needs, if every schedule with fewer was
    /// tried.
    pub preemptions: Option<usize>,
    /// The search that the verdict comes from.
    pub receipt: Receipt,
    /// Executions of that search that violate this property.
    pub failing: u64,
    /// The marks that this search reached.
    pub reached: Vec<String>,
    /// What the twin came to in the same scenario.
    pub twin: Option<Twin>,
    /// How often random schedules show the violation.
    pub sampled: Option<Sampled>,
}

/// The twin verdict: a design that passes where this one fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// The other design.
    pub design: String,
    /// Its verdict.
    pub verdict: String,
    /// Its search.
    pub receipt: Receipt,
}

/// How often random schedules violate the property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampled {
    /// Executions that do.
    pub failing: u64,
    /// The first of them, counted from 1.
    pub first: u64,
    /// The search.
    pub receipt: Receipt,
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn canonical_form_does_not_depend_on_where_the_cycle_was_entered() {
        let edge = |a: &str, b: &str| WaitEdge {
            thread: a.into(),
            waits_for: "x".into(),
            held_by: b.into(),
            ended_by: String::new(),
            waits_in: String::new(),
        };
        let one = Cycle {
            edges: vec![edge("b", "a"), edge("a", "b")],
            closed: true,
        };
        let two = Cycle {
            edges: vec![edge("a", "b"), edge("b", "a")],
            closed: true,
        };
        assert_eq!(one.canonical(), two.canonical());
        assert_eq!(one.canonical().chain(), "a -> b -> a");
    }
}

//! The reference design, which passes where another one fails, and where the two diverge.

use super::schedule::Schedule;
use super::{Event, Object, SearchStatistics};
use serde::{Deserialize, Serialize};

/// The reference design of a counterexample: a design that passes in the same scenario, and its execution in the
/// schedule that makes the other one fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reference {
    /// The other design.
    pub design: String,
    /// The commit whose tree it is mirrored from; a `^` is its parent.
    pub mirrors: String,
    /// What it is, in one line.
    pub design_summary: String,
    /// The clauses that it has, by name.
    pub clauses: Vec<String>,
    /// Its verdict.
    pub verdict: String,
    /// What its search did.
    pub statistics: SearchStatistics,
    /// Every object, in its initial state.
    pub objects: Vec<Object>,
    /// Every event of its execution in the schedule of the counterexample, to its end. A thread that
    /// cannot take its turn takes it as soon as it can.
    pub events: Vec<Event>,
    /// The thread of each operation.
    pub schedule: Schedule,
    /// Where the two diverge.
    pub divergence: Divergence,
}

/// The first operation in which two designs differ in the same schedule, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Divergence {
    /// The operation, from 1.
    pub operation: usize,
    /// The thread whose turn it is.
    pub thread: String,
    /// What the failing design does: `lock_page (page 0 lock)`; nothing, if it fails before.
    pub this: Option<String>,
    /// What the reference design does; nothing, if the thread does nothing more.
    pub reference: Option<String>,
    /// Why it does not do the same.
    pub why: Why,
    /// The clauses each of which alone, taken from the reference design, makes the two agree here; if there is none,
    /// those each of which alone, added to the failing design, makes it diverge here in the same way. Where the two
    /// do the same to the end, those that restore the failure, or remove it.
    pub clauses: Vec<ClauseRef>,
    /// Of a deadlock: the edges of its cycle that no execution of the reference design has.
    pub impossible: Vec<Missing>,
}

/// Why the reference design does not do what the failing design does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Why {
    /// Its thread is blocked here.
    Blocks {
        /// A lock's name, or an event.
        what: String,
        /// The thread that holds it or has to bring it about, if there is exactly one.
        held_by: Option<String>,
    },
    /// Its thread takes another step here.
    OtherStep,
    /// Its thread takes the same step, with another effect.
    OtherEffect,
    /// Its thread has returned.
    Returned,
    /// It does the same to the last operation, and violates nothing.
    Nothing,
}

/// A clause of a patch, as a trace refers to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClauseRef {
    /// Its number, `J-C1`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: String,
}

impl ClauseRef {
    /// Its number, if it has one, and its name.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.id, self.name)
            .trim_start()
            .to_string()
    }
}

/// An edge of a wait-for cycle that a design cannot have: no thread acquires the one while it holds the other. Both are
/// classes of the lock order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Missing {
    /// What is held.
    pub held: String,
    /// What is to be acquired.
    pub wanted: String,
}

impl Divergence {
    /// What happens where the two diverge, in one sentence.
    #[must_use]
    pub fn sentence(&self, reference: &str) -> String {
        let thread = &self.thread;
        let other = self.reference.as_deref().unwrap_or("nothing");
        match (&self.why, &self.this) {
            (Why::Blocks { what, held_by }, Some(this)) => {
                let by = held_by.as_ref();
                let by = by.map_or(String::new(), |by| format!(", held by {by}"));
                format!("in {reference}, {thread} waits for {what}{by}, and does not reach {this}")
            }
            (Why::Blocks { what, .. }, None) => {
                format!("in {reference}, {thread} waits for {what}")
            }
            (Why::OtherStep, Some(this)) => {
                format!("in {reference}, {thread} calls {other}, not {this}")
            }
            (Why::OtherStep, None) => format!("in {reference}, {thread} continues with {other}"),
            (Why::OtherEffect, _) => {
                format!("in {reference}, {thread} calls {other} with another effect")
            }
            (Why::Returned, Some(this)) => {
                format!("in {reference}, {thread} has returned, and does not reach {this}")
            }
            (Why::Returned | Why::Nothing, _) => {
                format!("{reference} does the same, and violates nothing")
            }
        }
    }
}

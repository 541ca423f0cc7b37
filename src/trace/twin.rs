//! The design that passes where another one fails, and where the two part.

use super::schedule::Schedule;
use super::{Event, Object, Receipt};
use serde::{Deserialize, Serialize};

/// The twin of a counterexample: a design that passes in the same scenario, and its execution in the
/// schedule that makes the other one fail.
///
/// ```
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let twin = trace.twin.unwrap();
/// assert_eq!((&*twin.design, &*twin.verdict, twin.receipt.failing), ("patched", "pass", 0));
/// // It comes to its end in the schedule in which the other one does not.
/// assert!(twin.schedule.len() > trace.schedule.len());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Twin {
    /// The other design.
    pub design: String,
    /// The commit whose tree it is mirrored from; a `^` is its parent.
    pub mirrors: String,
    /// What it is.
    pub design_means: String,
    /// The clauses that it has, by name.
    pub clauses: Vec<String>,
    /// Its verdict.
    pub verdict: String,
    /// Its search.
    pub receipt: Receipt,
    /// Every object, with what it holds before anything happens.
    pub objects: Vec<Object>,
    /// Every event of its execution in the schedule of the counterexample, to its end. A thread that
    /// cannot take its turn takes it as soon as it can.
    pub events: Vec<Event>,
    /// The thread of each operation.
    pub schedule: Schedule,
    /// Where the two part.
    pub parting: Parting,
}

/// The first operation in which two designs differ in the same schedule, and why.
///
/// ```
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let parting = trace.twin.unwrap().parting;
/// assert_eq!((parting.operation, &*parting.thread), (1, "flusher"));
/// assert_eq!(parting.clauses[0].name, "handle-before-page-lock");
/// assert_eq!(
///     parting.sentence("patched"),
///     "in patched, flusher goes to start_this_handle, which takes transaction, not to find_get_pages_tag, \
///      which takes page 0 tag"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Parting {
    /// The operation, from 1.
    pub operation: usize,
    /// The thread whose turn it is.
    pub thread: String,
    /// What the failing design does: `lock_page (page 0 lock)`; nothing, if it fails before.
    pub this: Option<String>,
    /// What the twin does; nothing, if the thread does nothing more.
    pub twin: Option<String>,
    /// Why it does not do the same.
    pub why: Why,
    /// The clauses each of which alone, taken from the twin, makes the two go on together here; if there
    /// is none, those each of which alone, added to the failing design, make it part here in the same way.
    /// Where the two do the same to the failure, those that bring it back, or take it away.
    pub clauses: Vec<Ingredient>,
    /// Of a deadlock: the edges of its cycle that no execution of the twin has.
    pub impossible: Vec<Missing>,
}

/// Why the twin does not do what the failing design does.
///
/// One parting, told for different reasons:
/// ```
/// use pagelock::trace::{Parting, Why};
///
/// let sentence = |why| {
///     let this = Some("set_page_dirty".to_string());
///     let parting = Parting {
///         operation: 4, thread: "fault".to_string(), this, twin: None, why, clauses: vec![], impossible: vec![],
///     };
///     parting.sentence("patched")
/// };
/// let waits = Why::Blocks { what: "page 0 lock".to_string(), held_by: Some("truncate".to_string()) };
/// assert_eq!(
///     sentence(waits),
///     "in patched, fault waits for page 0 lock, which is truncate's, and does not come to set_page_dirty"
/// );
/// assert_eq!(sentence(Why::Returned), "in patched, fault has returned, and does not come to set_page_dirty");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Why {
    /// Its thread has to wait here.
    Blocks {
        /// A lock's name, or an event.
        what: String,
        /// The thread that holds it or has to bring it about, if there is exactly one.
        held_by: Option<String>,
    },
    /// Its thread takes another step here.
    OtherStep,
    /// Its thread takes the same step, which comes out otherwise.
    OtherEffect,
    /// Its thread has returned.
    Returned,
    /// It does all the same to the last operation, and that is no violation.
    Nothing,
}

/// A clause of a patch.
///
/// ```
/// use pagelock::trace::Ingredient;
///
/// let clause = |id: &str| Ingredient { id: id.into(), name: "same-order".into(), summary: "a before b".into() };
/// assert_eq!(clause("L-C1").title(), "L-C1 same-order");
/// assert_eq!(clause("").title(), "same-order");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ingredient {
    /// Its number, `J-C1`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: String,
}

impl Ingredient {
    /// Its number, if it has one, and its name.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.id, self.name)
            .trim_start()
            .to_string()
    }
}

/// An edge of a wait-for cycle that a design cannot have: nobody ever comes for the one while holding the
/// other. Both are classes of the lock order.
///
/// What the patch of 2008 made impossible, whatever the schedule:
/// ```
/// use pagelock::{protocols, spec};
/// use pagelock::trace::Missing;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let missing = Missing { held: "page lock".into(), wanted: "transaction".into() };
/// assert_eq!(trace.twin.unwrap().parting.impossible, [missing]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Missing {
    /// What is held.
    pub held: String,
    /// What is come for.
    pub wanted: String,
}

impl Parting {
    /// What happens where the two part, in one sentence.
    #[must_use]
    pub fn sentence(&self, twin: &str) -> String {
        let thread = &self.thread;
        let other = self.twin.as_deref().unwrap_or("nothing");
        match (&self.why, &self.this) {
            (Why::Blocks { what, held_by }, Some(this)) => {
                let by = held_by.as_ref();
                let by = by.map_or(String::new(), |by| format!(", which is {by}'s"));
                format!("in {twin}, {thread} waits for {what}{by}, and does not come to {this}")
            }
            (Why::Blocks { what, .. }, None) => format!("in {twin}, {thread} waits for {what}"),
            (Why::OtherStep, Some(this)) => {
                format!("in {twin}, {thread} goes to {other}, not to {this}")
            }
            (Why::OtherStep, None) => format!("in {twin}, {thread} goes on with {other}"),
            (Why::OtherEffect, _) => format!("in {twin}, {thread} finds something else in {other}"),
            (Why::Returned, Some(this)) => {
                format!("in {twin}, {thread} has returned, and does not come to {this}")
            }
            (Why::Returned | Why::Nothing, _) => {
                format!("{twin} does the same, and it does no harm there")
            }
        }
    }
}

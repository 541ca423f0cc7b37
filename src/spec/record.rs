//! What a design must come to in a scenario.

use serde::Serialize;

/// What a design must come to in a scenario.
///
/// ```
/// use pagelock::protocols::{page_mkwrite::SPEC};
/// use pagelock::spec::{Record};
///
/// let mut records = SPEC.records_of("old");
/// let record: &Record = records.find(|record| record.scenario == "lost-store").unwrap();
/// assert_eq!(record.verdict.properties(), ["store", "metadata"]);
/// assert_eq!(record.loom_executions, Some(18)); // A model that shrinks is noticed.
/// ```
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// The design's name.
    pub design: &'static str,
    /// The scenario's name.
    pub scenario: &'static str,
    /// The verdict, with its reason.
    pub verdict: Recorded,
    /// loom's executions to the end of the search, pinned so that a model that shrinks is noticed;
    /// `None` if they are not.
    pub loom_executions: Option<u64>,
    /// What happens, in one plain sentence.
    pub sentence: &'static str,
}

/// The record of a design that passes in a scenario.
pub(crate) const fn pass(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    sentence: &'static str,
) -> Record {
    Record {
        design,
        scenario,
        verdict: Recorded::Pass,
        loom_executions,
        sentence,
    }
}

/// The record of a design that violates properties in a scenario, the recorded reason first, without
/// a deadlock.
pub(crate) const fn fail(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    properties: &'static [&'static str],
    sentence: &'static str,
) -> Record {
    fail_by(design, scenario, loom_executions, properties, &[], sentence)
}

/// The same with the cycles of its deadlocks.
pub(crate) const fn fail_by(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    properties: &'static [&'static str],
    cycles: &'static [&'static str],
    sentence: &'static str,
) -> Record {
    Record {
        design,
        scenario,
        verdict: Recorded::Violated { properties, cycles },
        loom_executions,
        sentence,
    }
}

/// A verdict on record.
///
/// ```
/// use pagelock::spec::Recorded;
///
/// let recorded = Recorded::Violated { properties: &["credits", "data"], cycles: &[] };
/// assert_eq!((recorded.reason(), recorded.properties().len()), (Some("credits"), 2));
/// assert_eq!((Recorded::Pass.reason(), Recorded::Pass.properties().len()), (None, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    /// Every property holds.
    Pass,
    /// Exactly these properties are violated.
    Violated {
        /// The properties' names, the recorded reason first.
        properties: &'static [&'static str],
        /// The shape of every deadlock cycle: see [`Cycle::shape`](crate::trace::Cycle::shape).
        cycles: &'static [&'static str],
    },
}

impl Recorded {
    /// The properties that are violated, the recorded reason first.
    #[must_use]
    pub fn properties(&self) -> &'static [&'static str] {
        match self {
            Self::Pass => &[],
            Self::Violated { properties, .. } => properties,
        }
    }

    /// Whether it says violated, and not what.
    pub(crate) fn is_violated_without_reason(&self) -> bool {
        *self != Self::Pass && self.properties().is_empty()
    }

    /// The recorded reason of a violation.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.properties().first().copied()
    }
}

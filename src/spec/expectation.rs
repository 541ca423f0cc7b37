//! What a design must do in a scenario.

use serde::Serialize;

/// What a design must do in a scenario: one line of [`Spec::expectations`](super::Spec::expectations).
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Expectation {
    /// The design's name.
    pub design: &'static str,
    /// The scenario's name.
    pub scenario: &'static str,
    /// Whether it passes, and which properties it violates if not.
    pub outcome: Expected,
    /// loom's executions to the end of the search, pinned so that a model that shrinks is noticed;
    /// `None` if they are not.
    pub loom_executions: Option<u64>,
    /// What happens, in one plain sentence.
    pub sentence: &'static str,
}

impl Expectation {
    /// A design passes in a scenario.
    ///
    /// ```
    /// use pagelock::spec::{Expectation, Expected};
    ///
    /// const EXPECTATIONS: [Expectation; 2] = [
    ///     Expectation::violates("old", "two", &["no-deadlock"])
    ///         .by(&["one (b) -> two (a) -> one"])
    ///         .because("Each has what the other waits for."),
    ///     Expectation::passes("patched", "two").pinned(2),
    /// ];
    /// assert_eq!(EXPECTATIONS[0].outcome.reason(), Some("no-deadlock"));
    /// assert_eq!((EXPECTATIONS[1].outcome, EXPECTATIONS[1].loom_executions), (Expected::Pass, Some(2)));
    /// ```
    #[must_use]
    pub const fn passes(design: &'static str, scenario: &'static str) -> Self {
        Self {
            design,
            scenario,
            outcome: Expected::Pass,
            loom_executions: None,
            sentence: "",
        }
    }

    /// A design violates exactly these properties in a scenario, the reason that it must fail for first.
    #[must_use]
    pub const fn violates(
        design: &'static str,
        scenario: &'static str,
        properties: &'static [&'static str],
    ) -> Self {
        Self {
            outcome: Expected::Violated {
                properties,
                cycles: &[],
            },
            ..Self::passes(design, scenario)
        }
    }

    /// With the shape of every deadlock that closes a cycle:
    /// [`Cycle::shape`](crate::trace::Cycle::shape), as a check that did not expect it prints it.
    /// Nothing of an expectation that passes.
    #[must_use]
    pub const fn by(self, cycles: &'static [&'static str]) -> Self {
        match self.outcome {
            Expected::Pass => self,
            Expected::Violated { properties, .. } => Self {
                outcome: Expected::Violated { properties, cycles },
                ..self
            },
        }
    }

    /// With loom's executions pinned, so that a model that shrinks is noticed.
    #[must_use]
    pub const fn pinned(self, loom_executions: u64) -> Self {
        Self {
            loom_executions: Some(loom_executions),
            ..self
        }
    }

    /// With what happens, in one sentence.
    #[must_use]
    pub const fn because(self, sentence: &'static str) -> Self {
        Self { sentence, ..self }
    }
}

/// The outcome that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// Every property holds.
    Pass,
    /// Exactly these properties are violated.
    Violated {
        /// The properties' names, the expected reason first.
        properties: &'static [&'static str],
        /// The shape of every deadlock cycle: see [`Cycle::shape`](crate::trace::Cycle::shape).
        cycles: &'static [&'static str],
    },
}

impl Expected {
    /// The properties that are violated, the expected reason first.
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

    /// The expected reason of a violation.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.properties().first().copied()
    }
}

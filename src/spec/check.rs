//! Checks a design in a scenario and compares the result with its expectation.

use super::data::{Design, Scenario, Spec};
use super::declared_names::declared;
use super::expectation::{Expectation, Expected};
use super::variant::Variant;
use crate::engine::{Engine, Limits, Search, SearchError, Strategy, search_within};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};
use thiserror::Error;

/// What a search says of a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No property was violated; by a complete search that is a proof for the scenario.
    Pass,
    /// Some property is violated.
    Violated,
    /// The search did not come to its end.
    Incomplete,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Violated => "violated",
            Self::Incomplete => "incomplete",
        })
    }
}

/// One search of one design in one scenario, and how it compares with its expectation.
#[derive(Debug, Clone)]
pub struct Run {
    /// The spec.
    pub spec: &'static Spec,
    /// The design.
    pub design: &'static Design,
    /// The scenario.
    pub scenario: &'static Scenario,
    /// What the run is checked against.
    pub expectation: &'static Expectation,
    /// The engine.
    pub engine: Engine,
    /// The strategy.
    pub strategy: Strategy,
    /// The verdict.
    pub verdict: Verdict,
    /// What differs from the expectation, in words; `None` if nothing is.
    pub differs: Option<String>,
    /// What came out.
    pub search: Search,
    /// The clauses that the encoding has asked for.
    pub asked: BTreeSet<String>,
    /// How long it took.
    pub time: Duration,
}

impl Run {
    /// Whether the search did not come to its end, whatever it has found.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        is_cut_off(&self.strategy, &self.search)
    }

    /// The expected verdict.
    #[must_use]
    pub fn expected(&self) -> Verdict {
        match self.expectation.outcome {
            Expected::Pass => Verdict::Pass,
            Expected::Violated { .. } => Verdict::Violated,
        }
    }

    /// The properties found violated, the expected reason first, with the shapes of deadlocks.
    #[must_use]
    pub fn reason(&self) -> String {
        let reason = self.expectation.outcome.reason();
        let mut findings: Vec<_> = self.search.findings.iter().collect();
        findings.sort_by_key(|finding| Some(finding.property.as_str()) != reason);
        let text = findings.iter().map(|finding| match &finding.cycle {
            Some(cycle) => format!("{}: {}", finding.property, cycle.chain()),
            None => finding.property.clone(),
        });
        text.collect::<Vec<_>>().join(", ")
    }
}

/// Why a check has no verdict.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// There is no expectation to compare the result with.
    #[error("{spec}/{design} has no expectation for the scenario `{scenario}`")]
    NoExpectation {
        /// The spec's name.
        spec: &'static str,
        /// The design's name.
        design: &'static str,
        /// The scenario's name.
        scenario: &'static str,
    },
    /// The engine gave no result.
    #[error("{spec}/{design} in `{scenario}`: {error}")]
    Search {
        /// The spec's name.
        spec: &'static str,
        /// The design's name.
        design: &'static str,
        /// The scenario's name.
        scenario: &'static str,
        /// What the engine says.
        error: SearchError,
    },
    /// The encoding uses a name that the spec's tables do not have.
    #[error(
        "{place}: the encoding {does} `{name}`, which is not in `Spec::{table}`: mend the name, or add it \
         there; known: {known}"
    )]
    Unlisted {
        /// The spec, the design and the scenario.
        place: String,
        /// What it does with the name.
        does: &'static str,
        /// The table.
        table: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// Another process was to run the search; this is what it says, or what is said of it.
    #[error("{0}")]
    Elsewhere(String),
}

impl CheckError {
    /// Names the model in which a search has given no result.
    pub(crate) fn in_model(
        spec: &Spec,
        design: &Design,
        scenario: &Scenario,
    ) -> impl Fn(SearchError) -> Self + Copy + use<> {
        let (spec, design, scenario) = (spec.name, design.name, scenario.name);
        move |error| Self::Search {
            spec,
            design,
            scenario,
            error,
        }
    }
}

/// Runs one strategy on a design in a scenario.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::{protocols, spec};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let scenario = spec.scenario("wrapper").unwrap();
/// for design in spec.designs {
///     for strategy in [Strategy::LoomSleepSets, Strategy::ExplicitState] {
///         let run = spec::check(spec, design, scenario, &strategy).unwrap();
///         // Everything is as expected: the verdict, its reason, and loom's number of executions.
///         assert_eq!(run.differs, None);
///     }
/// }
/// ```
///
/// # Errors
/// [`CheckError`] if there is no expectation, or no result.
pub fn check(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    strategy: &Strategy,
) -> Result<Run, CheckError> {
    check_within(spec, design, scenario, strategy, &Limits::default())
}

/// The same as far as the limits allow.
///
/// # Errors
/// [`CheckError`] if there is no expectation, or no result.
pub fn check_within(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    strategy: &Strategy,
    limits: &Limits,
) -> Result<Run, CheckError> {
    let variant = Variant::from(design);
    let encoding = spec.encoding_of(&variant, scenario);
    expectation_of(spec, design, scenario)?;
    let started = Instant::now();
    let search = search_within(&encoding, strategy, limits)
        .map_err(CheckError::in_model(spec, design, scenario))?;
    let time = started.elapsed();
    let asked = variant.asked().into_iter().map(ToString::to_string);
    let searched = Searched {
        search,
        asked: asked.collect(),
        time,
    };
    judged(spec, design, scenario, strategy, searched)
}

/// A search that has ended.
pub(crate) struct Searched {
    pub(crate) search: Search,
    pub(crate) asked: BTreeSet<String>,
    pub(crate) time: Duration,
}

fn expectation_of(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
) -> Result<&'static Expectation, CheckError> {
    spec.expectation(design.name, scenario.name)
        .ok_or(CheckError::NoExpectation {
            spec: spec.name,
            design: design.name,
            scenario: scenario.name,
        })
}

/// What a search comes to, whether it was run here or elsewhere: its verdict, and what differs from the expectation.
pub(crate) fn judged(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    strategy: &Strategy,
    searched: Searched,
) -> Result<Run, CheckError> {
    let Searched {
        search,
        asked,
        time,
    } = searched;
    let expectation = expectation_of(spec, design, scenario)?;
    declared(spec, design, scenario, &search, &asked)?;
    let verdict = if !search.findings.is_empty() {
        Verdict::Violated
    } else if is_cut_off(strategy, &search) {
        Verdict::Incomplete
    } else {
        Verdict::Pass
    };
    let mut differs = difference(expectation, strategy, &search);
    for finding in &search.findings {
        // What is checked at the very end is violated by the state, not by an operation.
        if !finding.replay.violates(&finding.property) {
            differs.get_or_insert(format!(
                "the counterexample of `{}` does not fail again when it is replayed",
                finding.property
            ));
        }
    }
    Ok(Run {
        spec,
        design,
        scenario,
        expectation,
        engine: strategy.engine(),
        strategy: strategy.clone(),
        verdict,
        differs,
        search,
        asked,
        time,
    })
}

fn is_cut_off(strategy: &Strategy, search: &Search) -> bool {
    search.cut_off.is_some() || (strategy.is_exhaustive() && !search.statistics.complete)
}

fn difference(expectation: &Expectation, strategy: &Strategy, search: &Search) -> Option<String> {
    // What a search that did not come to its end has not found may be there all the same.
    let exhaustive = strategy.is_exhaustive() && search.statistics.complete;
    let (properties, cycles) = match expectation.outcome {
        Expected::Pass => (&[][..], &[][..]),
        Expected::Violated { properties, cycles } => (properties, cycles),
    };
    let found: Vec<&str> = search
        .findings
        .iter()
        .map(|f| f.property.as_str())
        .collect();
    if let Some(unexpected) = found.iter().find(|property| !properties.contains(property)) {
        return Some(format!(
            "`{unexpected}` is violated, and that is not expected"
        ));
    }
    // A sample may miss what is expected: see `violation_missed_by_samples`.
    let must_find = if exhaustive { properties } else { &[] };
    if let Some(missing) = must_find.iter().find(|p| !found.contains(p)) {
        return Some(format!(
            "`{missing}` is expected to be violated, and was not found"
        ));
    }
    let shapes: Vec<String> = (search.findings.iter())
        .flat_map(|finding| finding.cycles.iter().map(crate::trace::Cycle::shape))
        .collect();
    if let Some(unexpected) = shapes
        .iter()
        .find(|shape| !cycles.contains(&shape.as_str()))
    {
        return Some(format!("the deadlock {unexpected} is not expected"));
    }
    if let Some(missing) = cycles
        .iter()
        .find(|cycle| !shapes.iter().any(|s| s == *cycle))
        && exhaustive
    {
        return Some(format!(
            "the deadlock {missing} is expected, and was not found"
        ));
    }
    if *strategy == Strategy::LoomSleepSets && search.statistics.complete {
        let executions = search.statistics.executions;
        return match expectation.loom_executions {
            Some(pinned) if pinned != executions => Some(format!(
                "{executions} executions, and {pinned} are expected: the model or the engine \
                 has changed"
            )),
            _ => None,
        };
    }
    None
}

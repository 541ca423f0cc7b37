//! The counterexample of a design, with everything that a reader asks for.

use super::budget::{Budget, strategies};
use super::check::{CheckError, Run, Verdict, check};
use super::data::{Clause, Design, Scenario, Spec};
use super::divergence::{Failing, Side, name_commits, reference};
use super::expectation::Expected;
use super::variant::Variant;
use crate::engine::{Engine, Finding, Replayed, Search, SearchError, Strategy, search};
use crate::trace::{Event, SCHEMA, Sampled, Trace};

/// The counterexample to a property of a design in a scenario, or to the expected reason of its failure: of all
/// schedules, one with the fewest preemptions, and of those the shortest. What no expectation has is shown too. `None` if
/// the design satisfies the property there.
///
/// ```
/// use pagelock::{protocols, spec};
///
/// let spec = &protocols::ext4_journal_start::SPEC;
/// let scenario = spec.scenario("write").unwrap();
/// let of = |design| spec::counterexample(spec, spec.design(design).unwrap(), scenario, None).unwrap();
/// let trace = of("old").unwrap();
/// assert_eq!((trace.property.as_str(), trace.preemptions), ("no-deadlock", Some(1)));
/// assert_eq!(trace.cycle.unwrap().edges.len(), 3);
/// assert_eq!(trace.reference.unwrap().design, "patched");
/// assert!(of("patched").is_none());
/// ```
///
/// # Errors
/// [`CheckError`] if an engine gives no result.
pub fn counterexample(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: Option<&str>,
) -> Result<Option<Trace>, CheckError> {
    let reference = first_passing(spec, scenario);
    counterexample_against(spec, design, scenario, property, reference)
}

/// The same, with a chosen reference design.
///
/// # Errors
/// [`CheckError`] if an engine gives no result.
pub fn counterexample_against(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: Option<&str>,
    reference: Option<&'static Design>,
) -> Result<Option<Trace>, CheckError> {
    let expectation = spec.expectation(design.name, scenario.name);
    let expected = expectation.map_or(&[][..], |one| one.outcome.properties());
    let wanted = expected
        .iter()
        .find(|name| property.is_none_or(|wanted| wanted == **name));
    let (Some(expectation), Some(property)) = (expectation, wanted) else {
        return unexpected(spec, design, scenario, property, reference);
    };
    let strategy = first_strategy(scenario, engine_of(scenario));
    let run = check(spec, design, scenario, &strategy)?;
    let Some(finding) = run.search.finding(property).cloned() else {
        return Ok(None);
    };
    let head = Head {
        as_expected: run.differs.is_none() && run.verdict == Verdict::Violated,
        sentence: expectation.sentence,
        reference: reference
            .map(|design| side(spec, design, scenario))
            .transpose()?,
        sampled: sampled(spec, design, scenario, property)?,
        ..Head::of(spec, design, scenario)
    };
    let trace = trace(head, finding, run.search);
    trace
        .map_err(CheckError::in_model(spec, design, scenario))
        .map(Some)
}

/// The same where nothing is expected, as at a point of a space: to the property, or to the first by name that is
/// violated; with the first design that keeps it as reference, if none is chosen.
fn unexpected(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: Option<&str>,
    reference: Option<&'static Design>,
) -> Result<Option<Trace>, CheckError> {
    let failed = CheckError::in_model(spec, design, scenario);
    let searched = |design: &Design| {
        let strategy = first_strategy(scenario, engine_of(scenario));
        search(&spec.encoding(design, scenario), &strategy).map_err(failed)
    };
    let found = searched(design)?;
    let mut findings = found.findings.iter();
    let finding = findings.find(|finding| property.is_none_or(|wanted| finding.property == wanted));
    let Some(finding) = finding.cloned() else {
        return Ok(None);
    };
    let mut head = Head::of(spec, design, scenario);
    let candidates = match reference {
        Some(design) => vec![design],
        None => spec.designs.iter().skip(1).collect(),
    };
    for candidate in candidates {
        let search = searched(candidate)?;
        if search.finding(&finding.property).is_none() || reference.is_some() {
            head.reference = Some(Side {
                name: candidate.name.to_string(),
                summary: candidate.summary.to_string(),
                variant: candidate.into(),
                verdict: if search.findings.is_empty() {
                    Verdict::Pass
                } else {
                    Verdict::Violated
                },
                search,
            });
            break;
        }
    }
    trace(head, finding, found).map_err(failed).map(Some)
}

/// The counterexample of a design without some of its clauses, to a property or, of those that it
/// violates and the design does not, to the first by name. `None` if there is none.
///
/// # Errors
/// [`CheckError`] if the engine gives no result.
pub fn counterexample_without(
    spec: &'static Spec,
    design: &'static Design,
    without: &[&'static Clause],
    scenario: &'static Scenario,
    property: Option<&str>,
) -> Result<Option<Trace>, CheckError> {
    let failed = CheckError::in_model(spec, design, scenario);
    let whole = Variant::from(design);
    let mut variant = whole.clone();
    for clause in without {
        variant = variant.without(clause);
    }
    let encoding = spec.encoding_of(&variant, scenario);
    let complete = search(
        &spec.encoding_of(&whole, scenario),
        &Strategy::ExplicitState,
    )
    .map_err(failed)?;
    let ablated = search(&encoding, &Strategy::ExplicitState).map_err(failed)?;
    let wanted = |finding: &&Finding| match property {
        Some(name) => finding.property == name,
        None => complete.finding(&finding.property).is_none(),
    };
    let Some(finding) = ablated.findings.iter().find(wanted).cloned() else {
        return Ok(None);
    };
    let names: Vec<&str> = without.iter().map(|clause| clause.name).collect();
    let ablation = spec.expected_ablation(&names);
    let passes = complete.findings.is_empty();
    let head = Head {
        without: names.iter().map(ToString::to_string).collect(),
        summary: ablation_of(design),
        variant,
        as_expected: ablation.is_some_and(|one| one.breaks.contains(&finding.property.as_str())),
        sentence: ablation.map_or("", |one| one.sentence),
        reference: passes.then(|| Side {
            name: design.name.to_string(),
            summary: design.summary.to_string(),
            variant: whole,
            verdict: Verdict::Pass,
            search: complete,
        }),
        ..Head::of(spec, design, scenario)
    };
    trace(head, finding, ablated).map_err(failed).map(Some)
}

/// The counterexample that a run has found, whether or not it is expected; without a reference design.
///
/// # Errors
/// [`CheckError`] if the model cannot be run.
pub fn trace_of(run: &Run, finding: &Finding) -> Result<Trace, CheckError> {
    let failed = CheckError::in_model(run.spec, run.design, run.scenario);
    let expected = run.expectation.outcome.properties();
    let is_expected = expected.contains(&finding.property.as_str());
    let head = Head {
        as_expected: is_expected && run.differs.is_none(),
        sentence: if is_expected {
            run.expectation.sentence
        } else {
            ""
        },
        ..Head::of(run.spec, run.design, run.scenario)
    };
    trace(head, finding.clone(), run.search.clone()).map_err(failed)
}

/// What a trace says of its model and its verdict, before any event.
pub(super) struct Head {
    pub(super) spec: &'static Spec,
    pub(super) design: &'static str,
    pub(super) without: Vec<String>,
    pub(super) summary: String,
    pub(super) variant: Variant,
    pub(super) scenario: &'static Scenario,
    pub(super) as_expected: bool,
    pub(super) sentence: &'static str,
    pub(super) reference: Option<Side>,
    pub(super) sampled: Option<Sampled>,
}

impl Head {
    /// The head of a counterexample that is not expected, and has no reference design.
    pub(super) fn of(
        spec: &'static Spec,
        design: &'static Design,
        scenario: &'static Scenario,
    ) -> Self {
        Self {
            spec,
            design: design.name,
            without: Vec::new(),
            summary: design.summary.to_string(),
            variant: design.into(),
            scenario,
            as_expected: false,
            sentence: "",
            reference: None,
            sampled: None,
        }
    }
}

/// The trace of a finding, from the recorded execution of its schedule.
pub(super) fn trace(
    head: Head,
    mut finding: Finding,
    search: Search,
) -> Result<Trace, SearchError> {
    let (spec, scenario) = (head.spec, head.scenario);
    let Replayed {
        threads,
        objects,
        mut events,
        ..
    } = std::mem::take(&mut *finding.replay);
    let operations = finding.schedule.len();
    let beyond = |event: &Event| event.operation.is_some_and(|number| number > operations);
    let end = events.iter().position(beyond).unwrap_or(events.len());
    events.truncate(end);
    name_commits(spec, &head.variant, &mut events);
    let failing = Failing {
        variant: &head.variant,
        finding: &finding,
        events: &events,
    };
    let reference = (head.reference)
        .map(|side| reference(spec, scenario, &failing, side))
        .transpose()?;
    let entries = threads.iter().map(|thread| entry(thread, &events));
    let property_summary = spec.property(&finding.property).map_or("", |p| p.summary);
    Ok(Trace {
        schema: SCHEMA.to_string(),
        spec: spec.name.to_string(),
        commit: spec.commit.to_string(),
        design: head.design.to_string(),
        without: head.without,
        mirrors: spec.mirrored(&head.variant).to_string(),
        design_summary: head.summary,
        clauses: (head.variant.clauses().iter())
            .map(ToString::to_string)
            .collect(),
        scenario: scenario.name.to_string(),
        scenario_summary: scenario.summary.to_string(),
        property_summary: property_summary.to_string(),
        verdict: Verdict::Violated.to_string(),
        property: finding.property,
        as_expected: head.as_expected,
        sentence: head.sentence.to_string(),
        message: finding.message,
        cycle: finding.cycle,
        entries: entries.collect(),
        threads,
        objects,
        events,
        schedule: finding.schedule,
        preemptions: finding.preemptions,
        statistics: search.statistics,
        failing: finding.executions,
        reached: search.reached.into_iter().collect(),
        reference,
        sampled: head.sampled,
    })
}

/// The outermost function of a thread's first event; empty for a thread without events.
fn entry(thread: &str, events: &[Event]) -> String {
    let first = events.iter().find(|event| event.thread == thread);
    let entry = first.map(|event| event.callers.first().unwrap_or(&event.function));
    entry.cloned().unwrap_or_default()
}

/// What a design without some of its clauses is.
pub(super) fn ablation_of(design: &Design) -> String {
    format!("an ablation of {}", design.name)
}

/// The engine whose search a counterexample in a scenario comes from.
pub(super) fn engine_of(scenario: &Scenario) -> Engine {
    if scenario.engines.has(Engine::Stateful) {
        Engine::Stateful
    } else {
        Engine::Shuttle
    }
}

pub(super) fn first_strategy(scenario: &Scenario, engine: Engine) -> Strategy {
    strategies(scenario, engine, &Budget::default()).swap_remove(0)
}

/// The first design from the patched one on that is expected to pass in the scenario.
pub(super) fn first_passing(
    spec: &'static Spec,
    scenario: &'static Scenario,
) -> Option<&'static Design> {
    spec.from_patched().iter().find(|design| {
        spec.expectation(design.name, scenario.name)
            .is_some_and(|expectation| expectation.outcome == Expected::Pass)
    })
}

/// A design with the result of the first search of the scenario.
pub(super) fn side(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
) -> Result<Side, CheckError> {
    let strategy = first_strategy(scenario, engine_of(scenario));
    let run = check(spec, design, scenario, &strategy)?;
    Ok(Side {
        name: design.name.to_string(),
        summary: design.summary.to_string(),
        variant: design.into(),
        verdict: run.verdict,
        search: run.search,
    })
}

/// How often random schedules violate the same property.
fn sampled(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: &str,
) -> Result<Option<Sampled>, CheckError> {
    let strategy = first_strategy(scenario, Engine::Shuttle);
    let search = check(spec, design, scenario, &strategy)?.search;
    let sampled = search.finding(property).and_then(|finding| {
        Some(Sampled {
            failing: finding.executions,
            first: finding.first.as_ref()?.execution,
            statistics: search.statistics.clone(),
        })
    });
    Ok(sampled)
}

//! The counterexample of a design, with everything that a reader asks for.

use super::budget::{Budget, strategies};
use super::check::{CheckError, Run, Verdict, check};
use super::data::{Clause, Design, Scenario, Spec};
use super::expectation::Expected;
use super::twin::{Failing, Side, name_commits, twin};
use super::variant::Variant;
use crate::engine::{Engine, Finding, Search, SearchError, Strategy, replay, search};
use crate::trace::{SCHEMA, Sampled, Trace};

/// The counterexample to a property of a design in a scenario, or to the recorded reason of its
/// failure: of all schedules, one with the fewest preemptions, and of those the shortest. `None` if
/// the design is on record as keeping the property there.
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
/// assert_eq!(trace.twin.unwrap().design, "patched");
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
    beside(
        spec,
        design,
        scenario,
        property,
        first_passing(spec, scenario),
    )
}

/// The same, with a design of one's choice for its twin.
///
/// ```
/// use pagelock::{protocols, spec};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// // Beside the last design, not the first that passes.
/// let trace = spec::beside(spec, old, scenario, Some("metadata"), spec.design("fixed")).unwrap();
/// let trace = trace.unwrap();
/// assert_eq!((trace.property.as_str(), trace.twin.unwrap().design.as_str()), ("metadata", "fixed"));
/// ```
///
/// # Errors
/// [`CheckError`] if an engine gives no result.
pub fn beside(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: Option<&str>,
    twin: Option<&'static Design>,
) -> Result<Option<Trace>, CheckError> {
    let expectation = spec.expectation(design.name, scenario.name);
    let recorded = expectation.map_or(&[][..], |expectation| expectation.outcome.properties());
    let asked = recorded
        .iter()
        .find(|name| property.is_none_or(|asked| asked == **name));
    let (Some(expectation), Some(property)) = (expectation, asked) else {
        return Ok(None);
    };
    let failed = |error: SearchError| CheckError::Search {
        spec: spec.name,
        design: design.name,
        scenario: scenario.name,
        error,
    };
    let engine = engine_of(scenario);
    let run = check(spec, design, scenario, &first_strategy(scenario, engine))?;
    let Some(finding) = run.search.finding(property).cloned() else {
        return Ok(None);
    };
    let shown = Shown {
        spec,
        design: design.name,
        without: Vec::new(),
        means: design.summary.to_string(),
        variant: design.into(),
        scenario,
        as_recorded: run.differs.is_none() && run.verdict == Verdict::Violated,
        sentence: expectation.sentence,
        twin: twin.map(|twin| side(spec, twin, scenario)).transpose()?,
        sampled: sampled(spec, design, scenario, property)?,
    };
    trace(shown, finding, run.search).map_err(failed).map(Some)
}

/// The counterexample of a design without some of its clauses, to a property or, of those that it
/// violates and the design does not, to the first by name. `None` if there is none.
///
/// What the patch would be without one of its clauses:
///
/// ```
/// use pagelock::{protocols, spec};
/// use pagelock::protocols::{page_mkwrite::{RETURN_LOCKED, SPEC}};
///
/// let (fixed, scenario) = (SPEC.design("fixed").unwrap(), SPEC.scenario("lost-store").unwrap());
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let trace = spec::counterexample_without(spec, fixed, &[&RETURN_LOCKED], scenario, Some("store"));
/// let trace = trace.unwrap().unwrap();
/// assert_eq!(trace.without, ["return-locked"]);
/// assert_eq!(trace.design_name(), "fixed without return-locked");
/// ```
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
    let failed = |error: SearchError| CheckError::Search {
        spec: spec.name,
        design: design.name,
        scenario: scenario.name,
        error,
    };
    let all = Variant::from(design);
    let variant = (without.iter()).fold(all.clone(), |variant, clause| variant.without(clause));
    let states = |variant: &Variant| {
        let encoding = (spec.encode)(variant, scenario);
        search(&encoding, &Strategy::States).map_err(failed)
    };
    let (whole, found) = (states(&all)?, states(&variant)?);
    let wanted = |finding: &&Finding| match property {
        Some(name) => finding.property == name,
        None => whole.finding(&finding.property).is_none(),
    };
    let Some(finding) = found.findings.iter().find(wanted).cloned() else {
        return Ok(None);
    };
    let names: Vec<&str> = without.iter().map(|clause| clause.name).collect();
    let ablation = spec.expected_ablation(&names);
    let passes = whole.findings.is_empty();
    let shown = Shown {
        spec,
        design: design.name,
        without: names.iter().map(ToString::to_string).collect(),
        means: ablation_of(design),
        variant,
        scenario,
        as_recorded: ablation.is_some_and(|one| one.breaks.contains(&finding.property.as_str())),
        sentence: ablation.map_or("", |one| one.sentence),
        twin: passes.then(|| Side {
            name: design.name.to_string(),
            means: design.summary.to_string(),
            variant: all,
            verdict: Verdict::Pass,
            search: whole,
        }),
        sampled: None,
    };
    trace(shown, finding, found).map_err(failed).map(Some)
}

/// The counterexample that a run has found, whether or not it is on record; without a twin.
///
/// A sample shows its own counterexample at once, longer than it would have to be:
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::{protocols, spec};
///
/// let spec = &protocols::ext4_journal_start::SPEC;
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let sample = Strategy::Random { seed: 1, executions: 100 };
/// let run = spec::check(spec, old, scenario, &sample).unwrap();
/// let trace = spec::found(&run, &run.search.findings[0]).unwrap();
/// assert!(trace.twin.is_none() && trace.as_recorded && !trace.events.is_empty());
/// ```
///
/// # Errors
/// [`CheckError`] if it does not run again.
pub fn found(run: &Run, finding: &Finding) -> Result<Trace, CheckError> {
    let on_record = run
        .expectation
        .outcome
        .properties()
        .contains(&finding.property.as_str());
    let shown = Shown {
        spec: run.spec,
        design: run.design.name,
        without: Vec::new(),
        means: run.design.summary.to_string(),
        variant: run.design.into(),
        scenario: run.scenario,
        as_recorded: on_record && run.differs.is_none(),
        sentence: if on_record {
            run.expectation.sentence
        } else {
            ""
        },
        twin: None,
        sampled: None,
    };
    let told = trace(shown, finding.clone(), run.search.clone());
    told.map_err(|error| CheckError::Search {
        spec: run.spec.name,
        design: run.design.name,
        scenario: run.scenario.name,
        error,
    })
}

/// What a trace says beside what happens in it.
pub(super) struct Shown {
    pub(super) spec: &'static Spec,
    pub(super) design: &'static str,
    pub(super) without: Vec<String>,
    pub(super) means: String,
    pub(super) variant: Variant,
    pub(super) scenario: &'static Scenario,
    pub(super) as_recorded: bool,
    pub(super) sentence: &'static str,
    pub(super) twin: Option<Side>,
    pub(super) sampled: Option<Sampled>,
}

pub(super) fn trace(shown: Shown, finding: Finding, found: Search) -> Result<Trace, SearchError> {
    let (spec, scenario) = (shown.spec, shown.scenario);
    let encoding = (spec.encode)(&shown.variant, scenario);
    let replayed = replay(&encoding, &finding.schedule)?;
    let operations = finding.schedule.len();
    let end = (replayed.events.iter())
        .position(|event| event.operation.is_some_and(|number| number > operations))
        .unwrap_or(replayed.events.len());
    let mut events = replayed.events;
    events.truncate(end);
    name_commits(spec, &shown.variant, &mut events);
    let failing = Failing {
        variant: &shown.variant,
        finding: &finding,
        events: &events,
    };
    let twin = (shown.twin)
        .map(|side| twin(spec, scenario, &failing, side))
        .transpose()?;

    let threads = crate::engine::thread_names(&encoding)?;
    let entry = |thread: &String| {
        let mut own = events.iter().filter(|event| event.thread == *thread);
        let first = own.next()?;
        Some(first.callers.first().unwrap_or(&first.function).clone())
    };
    let entries = threads
        .iter()
        .map(|t| entry(t).unwrap_or_default())
        .collect();
    let property_means = spec.property(&finding.property).map_or("", |p| p.summary);
    Ok(Trace {
        schema: SCHEMA.to_string(),
        spec: spec.name.to_string(),
        commit: spec.commit.to_string(),
        design: shown.design.to_string(),
        without: shown.without,
        mirrors: spec.mirrored(&shown.variant).to_string(),
        design_means: shown.means,
        clauses: (shown.variant.clauses().iter())
            .map(ToString::to_string)
            .collect(),
        scenario: scenario.name.to_string(),
        scenario_means: scenario.summary.to_string(),
        property_means: property_means.to_string(),
        verdict: Verdict::Violated.to_string(),
        property: finding.property,
        as_recorded: shown.as_recorded,
        sentence: shown.sentence.to_string(),
        message: finding.message,
        cycle: finding.cycle,
        threads,
        entries,
        objects: replayed.objects,
        events,
        schedule: finding.schedule,
        preemptions: finding.preemptions,
        receipt: found.receipt,
        failing: finding.executions,
        reached: found.reached.into_iter().collect(),
        twin,
        sampled: shown.sampled,
    })
}

/// What a design without some of its clauses is.
pub(super) fn ablation_of(design: &Design) -> String {
    format!("an ablation of {}", design.name)
}

/// The engine that a scenario's receipt comes from.
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

/// The first design after the old one that is on record as passing in the scenario.
pub(super) fn first_passing(
    spec: &'static Spec,
    scenario: &'static Scenario,
) -> Option<&'static Design> {
    spec.designs[1..].iter().find(|design| {
        spec.expectation(design.name, scenario.name)
            .is_some_and(|expectation| expectation.outcome == Expected::Pass)
    })
}

/// A design with what the first search of the scenario says of it.
pub(super) fn side(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
) -> Result<Side, CheckError> {
    let strategy = first_strategy(scenario, engine_of(scenario));
    let run = check(spec, design, scenario, &strategy)?;
    Ok(Side {
        name: design.name.to_string(),
        means: design.summary.to_string(),
        variant: design.into(),
        verdict: run.verdict,
        search: run.search,
    })
}

/// How often random schedules hit the same property.
fn sampled(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: &str,
) -> Result<Option<Sampled>, CheckError> {
    let run = check(
        spec,
        design,
        scenario,
        &first_strategy(scenario, Engine::Shuttle),
    )?;
    Ok(run
        .search
        .finding(property)
        .and_then(|finding| finding.first.as_ref().map(|first| (finding, first)))
        .map(|(finding, first)| Sampled {
            failing: finding.executions,
            first: first.execution,
            receipt: run.search.receipt.clone(),
        }))
}

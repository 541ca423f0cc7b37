//! The counterexample of a design, with everything that a reader asks for.

use super::check::{Budget, CheckError, Verdict, check, strategies};
use super::data::{Clause, Design, Record, Recorded, Scenario, Spec};
use super::variant::Variant;
use crate::engine::{Engine, Finding, Search, SearchError, Strategy, replay, search};
use crate::trace::{SCHEMA, Sampled, Trace, Twin};

/// The counterexample to a property of a design in a scenario, or to the recorded reason of its
/// failure: of all schedules, one with the fewest preemptions, and of those the shortest. `None` if
/// the design is on record as keeping the property there.
///
/// # Errors
/// [`CheckError`] if an engine gives no result.
pub fn counterexample(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: Option<&str>,
) -> Result<Option<Trace>, CheckError> {
    let record = (spec.records.iter())
        .find(|record| record.design == design.name && record.scenario == scenario.name);
    let recorded = record.map_or(&[][..], |record| record.verdict.properties());
    let asked = recorded
        .iter()
        .find(|name| property.is_none_or(|asked| asked == **name));
    let (Some(record), Some(property)) = (record, asked) else {
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
        design: design.name.to_string(),
        means: design.summary.to_string(),
        variant: design.into(),
        scenario,
        as_recorded: run.differs.is_none() && run.verdict == Verdict::Violated,
        sentence: record.sentence,
        twin: twin(spec, scenario)?,
        sampled: sampled(spec, design, scenario, property)?,
    };
    trace(shown, finding, run.search).map_err(failed).map(Some)
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
    let need = spec.needs.iter().find(|need| names == [need.clause]);
    let passes = whole.finding(&finding.property).is_none();
    let shown = Shown {
        spec,
        design: format!("{} without {}", design.name, names.join(", ")),
        means: format!("an ablation of {}", design.name),
        variant,
        scenario,
        as_recorded: need.is_some_and(|need| need.breaks.contains(&finding.property.as_str())),
        sentence: need.map_or("", |need| need.sentence),
        twin: passes.then(|| Twin {
            design: design.name.to_string(),
            verdict: Verdict::Pass.to_string(),
            receipt: whole.receipt.clone(),
        }),
        sampled: None,
    };
    trace(shown, finding, found).map_err(failed).map(Some)
}

/// What a trace says beside what happens in it.
struct Shown {
    spec: &'static Spec,
    design: String,
    means: String,
    variant: Variant,
    scenario: &'static Scenario,
    as_recorded: bool,
    sentence: &'static str,
    twin: Option<Twin>,
    sampled: Option<Sampled>,
}

fn trace(shown: Shown, finding: Finding, found: Search) -> Result<Trace, SearchError> {
    let (spec, scenario) = (shown.spec, shown.scenario);
    let encoding = (spec.encode)(&shown.variant, scenario);
    let replayed = replay(&encoding, &finding.schedule)?;
    let operations = finding.schedule.len();
    let end = (replayed.events.iter())
        .position(|event| event.operation.is_some_and(|number| number > operations))
        .unwrap_or(replayed.events.len());
    let mut events = replayed.events;
    events.truncate(end);

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
        design: shown.design,
        design_means: shown.means,
        clauses: (shown.variant.clauses().iter())
            .map(ToString::to_string)
            .collect(),
        scenario: scenario.name.to_string(),
        scenario_means: scenario.summary.to_string(),
        property_means: property_means.to_string(),
        property: finding.property,
        as_recorded: shown.as_recorded,
        sentence: shown.sentence.to_string(),
        message: finding.message,
        cycle: finding.cycle,
        threads,
        entries,
        events,
        schedule: finding.schedule,
        preemptions: finding.preemptions,
        receipt: found.receipt,
        failing: finding.executions,
        reached: found.reached.into_iter().collect(),
        twin: shown.twin,
        sampled: shown.sampled,
    })
}

/// The engine that a scenario's receipt comes from.
fn engine_of(scenario: &Scenario) -> Engine {
    if scenario.engines.has(Engine::Stateful) {
        Engine::Stateful
    } else {
        Engine::Shuttle
    }
}

fn first_strategy(scenario: &Scenario, engine: Engine) -> Strategy {
    strategies(scenario, engine, &Budget::default()).swap_remove(0)
}

/// The first design after the old one that is on record as passing in the scenario.
fn twin(spec: &'static Spec, scenario: &'static Scenario) -> Result<Option<Twin>, CheckError> {
    let passes =
        |record: &&&Record| record.scenario == scenario.name && record.verdict == Recorded::Pass;
    let passing = spec.designs[1..].iter().find(|design| {
        (spec.records.iter())
            .filter(|r| passes(&r))
            .any(|record| record.design == design.name)
    });
    let Some(design) = passing else {
        return Ok(None);
    };
    let run = check(
        spec,
        design,
        scenario,
        &first_strategy(scenario, engine_of(scenario)),
    )?;
    Ok(Some(Twin {
        design: design.name.to_string(),
        verdict: run.verdict.to_string(),
        receipt: run.search.receipt,
    }))
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

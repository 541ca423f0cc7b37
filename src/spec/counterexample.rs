//! The counterexample of a design, with everything that a reader asks for.

use super::check::{Budget, CheckError, Verdict, check, strategies};
use super::data::{Design, Record, Recorded, Scenario, Spec};
use crate::engine::{Engine, SearchError, Strategy, replay};
use crate::trace::{SCHEMA, Trace, Twin};

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
    let encoding = spec.encoding(design, scenario);
    let engine = engine_of(scenario);
    let run = check(spec, design, scenario, &first_strategy(engine))?;
    let Some(finding) = run.search.finding(property).cloned() else {
        return Ok(None);
    };
    let replayed = replay(&encoding, &finding.schedule).map_err(failed)?;
    let operations = finding.schedule.len();
    let end = (replayed.events.iter())
        .position(|event| event.operation.is_some_and(|number| number > operations))
        .unwrap_or(replayed.events.len());
    let mut events = replayed.events;
    events.truncate(end);

    let threads = crate::engine::thread_names(&encoding).map_err(failed)?;
    let entry = |thread: &String| {
        let mut own = events.iter().filter(|event| event.thread == *thread);
        let first = own.next()?;
        Some(first.callers.first().unwrap_or(&first.function).clone())
    };
    let entries = threads
        .iter()
        .map(|t| entry(t).unwrap_or_default())
        .collect();
    Ok(Some(Trace {
        schema: SCHEMA.to_string(),
        spec: spec.name.to_string(),
        commit: spec.commit.to_string(),
        design: design.name.to_string(),
        design_means: design.summary.to_string(),
        clauses: design.clauses.iter().map(ToString::to_string).collect(),
        scenario: scenario.name.to_string(),
        scenario_means: scenario.summary.to_string(),
        property: property.to_string(),
        property_means: spec
            .property(property)
            .map_or("", |p| p.summary)
            .to_string(),
        as_recorded: run.differs.is_none() && run.verdict == Verdict::Violated,
        sentence: record.sentence.to_string(),
        message: finding.message,
        cycle: finding.cycle,
        threads,
        entries,
        events,
        schedule: finding.schedule,
        preemptions: finding.preemptions,
        receipt: run.search.receipt.clone(),
        failing: finding.executions,
        reached: run.search.reached.iter().cloned().collect(),
        twin: twin(spec, scenario)?,
        sampled: sampled(spec, design, scenario, property)?,
    }))
}

/// The engine that a scenario's receipt comes from.
fn engine_of(scenario: &Scenario) -> Engine {
    if scenario.engines.has(Engine::Stateful) {
        Engine::Stateful
    } else {
        Engine::Shuttle
    }
}

fn first_strategy(engine: Engine) -> Strategy {
    strategies(engine, &Budget::default()).swap_remove(0)
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
    let run = check(spec, design, scenario, &first_strategy(engine_of(scenario)))?;
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
) -> Result<Option<crate::trace::Sampled>, CheckError> {
    let run = check(spec, design, scenario, &first_strategy(Engine::Shuttle))?;
    Ok(run
        .search
        .finding(property)
        .and_then(|finding| finding.first.as_ref().map(|first| (finding, first)))
        .map(|(finding, first)| crate::trace::Sampled {
            failing: finding.executions,
            first: first.execution,
            receipt: run.search.receipt.clone(),
        }))
}

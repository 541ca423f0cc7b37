//! Runs of one design in one scenario, held against one another.

use super::check::Run;
use super::expectation::Expected;
use crate::engine::Engine;

/// The marks of the scenario that no run of a passing design has reached. Runs are those of one
/// design in one scenario by every engine that checked it; one by another engine than loom must be among
/// them, since loom visits each order of dependent operations only once, and whether a thread arrives
/// before or after a lock is free is no such order.
///
/// A pass that never came to the windows of its scenario means nothing:
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{unreached_marks};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let (patched, scenario) = (spec.design("patched").unwrap(), spec.scenario("absent-truncate").unwrap());
/// let run = |strategy| spec::check(spec, patched, scenario, &strategy).unwrap();
/// assert_eq!(unreached_marks(&[&run(Strategy::States)]), [""; 0]);
/// // The fault finds the page gone, or `page_mkwrite` does: one execution cannot come to both.
/// let sample = run(Strategy::Random { seed: 1, executions: 1 });
/// assert!(!unreached_marks(&[&sample]).is_empty());
/// ```
#[must_use]
pub fn unreached_marks(runs: &[&Run]) -> Vec<&'static str> {
    let Some(first) = runs.first() else {
        return Vec::new();
    };
    if first.expectation.outcome != Expected::Pass || runs.iter().all(|r| r.engine == Engine::Loom)
    {
        return Vec::new();
    }
    // Of a search that was cut off nobody knows what it would have reached.
    if runs.iter().any(|run| run.is_cut_off()) {
        return Vec::new();
    }
    let reached = |mark: &&&str| runs.iter().any(|run| run.search.reached.contains(**mark));
    let marks = first.scenario.cover.iter();
    marks.filter(|mark| !reached(mark)).copied().collect()
}

/// Whether a design passes in a scenario that names no marks, so that nothing says whether the threads met
/// at all. Runs are those of one design in one scenario.
///
/// A design that passes where no mark says what the scenario is there for:
///
/// ```
/// use pagelock::engine::{Encoding, Strategy, World};
/// use pagelock::spec::{Design, CoverPoint, Expectation, Scenario, Spec, Variant, check, reaches_nothing};
/// use std::sync::Arc;
///
/// fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
///     Arc::new(|world: &mut World| {
///         world.thread("one", |task| {
///             task.reach("there");
///             Ok(())
///         });
///     })
/// }
///
/// static SPEC: Spec = Spec {
///     designs: &[Design::new("only", "comes somewhere", &[])],
///     scenarios: &[Scenario::new("bare", "a thread"), Scenario::new("marked", "a thread").covering(&["there"])],
///     cover_points: &[CoverPoint::new("there", "the thread has come there")],
///     expectations: &[Expectation::passes("only", "bare"), Expectation::passes("only", "marked")],
///     ..Spec::new("somewhere", "a thread that comes somewhere", encode)
/// };
/// let run = |scenario| check(&SPEC, &SPEC.designs[0], scenario, &Strategy::States).unwrap();
/// let runs = SPEC.scenarios.iter().map(run);
/// let nothing: Vec<bool> = runs.map(|run| reaches_nothing(&[&run])).collect();
/// assert_eq!(nothing, [true, false]);
/// ```
#[must_use]
pub fn reaches_nothing(runs: &[&Run]) -> bool {
    let first = runs.first();
    first.is_some_and(|run| {
        run.expectation.outcome == Expected::Pass && run.scenario.cover.is_empty()
    })
}

/// The recorded reason of a violation, where no sample of a design in a scenario has found it. Runs
/// are those of one design in one scenario; `None` where nobody has sampled it.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{missed_by_samples};
///
/// let spec = &protocols::ext4_journal_start::SPEC;
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = |strategy| spec::check(spec, old, scenario, &strategy).unwrap();
/// let sample = |executions| run(Strategy::Random { seed: 1, executions });
/// assert_eq!(missed_by_samples(&[&sample(0)]), Some("no-deadlock"));
/// assert_eq!(missed_by_samples(&[&sample(500)]), None);
/// assert_eq!(missed_by_samples(&[&run(Strategy::States)]), None); // That was no sample.
/// ```
#[must_use]
pub fn missed_by_samples(runs: &[&Run]) -> Option<&'static str> {
    let reason = runs.first()?.expectation.outcome.reason()?;
    let samples = || runs.iter().filter(|run| run.engine == Engine::Shuttle);
    // What a sample that was cut off would have found, nobody knows.
    if samples().count() == 0 || samples().any(|run| run.is_cut_off()) {
        return None;
    }
    let missed = samples().all(|run| run.search.finding(reason).is_none());
    missed.then_some(reason)
}

/// What an engine found and a complete search by another one, of the same design in the same scenario,
/// did not: then one of the engines is wrong.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{disagreement};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let run = |design| {
///     let (design, scenario) = (spec.design(design).unwrap(), spec.scenario("lost-store").unwrap());
///     spec::check(spec, design, scenario, &Strategy::States).unwrap()
/// };
/// let sample = Strategy::Random { seed: 1, executions: 100 };
/// let patched = run("patched");
/// let sampled = spec::check(spec, patched.design, patched.scenario, &sample).unwrap();
/// assert_eq!(disagreement(&patched, &sampled), None);
/// // As if an engine had found in the patched design what only the old one does.
/// assert!(disagreement(&patched, &run("old")).unwrap().contains("finds `metadata` violated"));
/// ```
#[must_use]
pub fn disagreement(complete: &Run, other: &Run) -> Option<String> {
    if !complete.search.receipt.complete {
        return None;
    }
    let place = format!(
        "{}/{} in `{}`",
        complete.spec.name, complete.design.name, complete.scenario.name
    );
    let who = (complete.engine, other.engine);
    for finding in &other.search.findings {
        if complete.search.finding(&finding.property).is_none() {
            return Some(format!(
                "{place}: {} finds `{}` violated by the schedule {:?}, and {} has no such \
                 execution",
                who.1, finding.property, finding.schedule, who.0
            ));
        }
    }
    let mut outcomes = other.search.outcomes.iter();
    let (missed, schedule) =
        outcomes.find(|(outcome, _)| !complete.search.outcomes.contains_key(outcome))?;
    Some(format!(
        "{place}: {} ends in the state {missed:016x} by the schedule {schedule:?}, and no execution \
         of {} does",
        who.1, who.0
    ))
}

//! Verifies the result of another process or machine.
//!
//! A finding can be executed again; only another search shows that there is no other finding. So of each field of an
//! [`Outcome`], where `statistics` is short for `search.statistics`, and the others below `differs` are in `search`:
//!
//! | field | an edit of it |
//! |---|---|
//! | `verdict`, `differs` | is refused: both are computed again from the findings, the statistics and the expected result |
//! | `statistics.fingerprint` | is refused: the model is here |
//! | `statistics.engine`, `version`, `strategy`, `bound`, `complete` | is refused: the search that was asked for has no others |
//! | `statistics.executions` | is refused for a sample, which has a given number; differs from the expected result where that pins it |
//! | `statistics.failing` | is refused if the findings do not add up to it |
//! | `statistics.states` | is refused where there are none, or more than asked for |
//! | `statistics.cut_short`, `longest` | is refused where it contradicts the search or its schedules, and shown |
//! | `findings` | each is executed again, and refused unless it violates the property by the same message and cycle; one that is left out differs from the expected result, or is found by the executions that `merge` runs, or is a claim |
//! | `reached`, `waits` | a cover point of no table is refused; one that is missing is reported; one too many is a claim |
//! | `checked`, `consulted` | a property or a clause of no table is refused; one too many is a claim |
//! | `outcomes` | one that is left out is found in the same ways; one too many can only make engines disagree |
//! | `cut_off` | is refused beside `complete`; one that is added makes the search incomplete |
//! | `time` | is shown, and nothing depends on it |
//!
//! Claims, within these bounds, are how much was visited, that it was all, and which cover points were reached. Only
//! another search can tell a file that is forged with all numbers right.

use super::Job;
use super::workers::Outcome;
use crate::engine::{Engine, Finding, Limits, SearchError, Strategy, fingerprint, replay};
use crate::input::{brief, brief_error};
use crate::model::Encoding;
use crate::spec::{Run, Searched, check, judged};
use crate::trace::Schedule;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

/// The number of executions that are run here, and compared with a result.
const OWN: usize = 32;

/// The fingerprints of models, each computed once.
#[derive(Debug, Default)]
pub(super) struct Fingerprints(Mutex<BTreeMap<[&'static str; 3], Result<String, SearchError>>>);

impl Fingerprints {
    pub(super) fn of(&self, job: &Job) -> Result<String, SearchError> {
        let model = [job.spec.name, job.design.name, job.scenario.name];
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&model) {
            return found.clone();
        }
        // Not under the lock: other threads have other models to compute.
        let computed = fingerprint(&job.spec.encoding(job.design, job.scenario));
        known().insert(model, computed.clone());
        computed
    }
}

/// What a complete search should have found, and has not: of a sample, what is in its first executions; of an
/// exhaustive search, what is in any.
pub(super) fn missed(job: &Job, run: &Run) -> Option<String> {
    let mut own = match job.strategy {
        ref all if all.is_exhaustive() => Strategy::Random {
            seed: 0,
            executions: OWN,
        },
        ref sample => sample.clone(),
    };
    match &mut own {
        Strategy::Random { executions, .. } | Strategy::Pct { executions, .. }
            if !run.is_cut_off() =>
        {
            *executions = OWN.min(*executions);
        }
        // Of a search with a bound it is not known what is beyond it.
        _ => return None,
    }
    let own = match check(job.spec, job.design, job.scenario, &own) {
        Ok(own) => own.search,
        Err(error) => return Some(error.to_string()),
    };
    let unknown = |finding: &&Finding| run.search.finding(&finding.property).is_none();
    if let Some(finding) = own.findings.iter().find(unknown) {
        let (property, schedule) = (&finding.property, &finding.schedule);
        return Some(format!("the schedule {schedule:?} violates `{property}`"));
    }
    let mut ends = own.outcomes.iter();
    let (end, schedule) = ends.find(|(end, _)| !run.search.outcomes.contains_key(end))?;
    Some(format!(
        "the schedule {schedule:?} ends in the state {end:016x}"
    ))
}

/// The run that an outcome is of.
///
/// # Errors
/// What does not fit the search, the model or the expected result, in words.
pub(super) fn verified(
    mut outcome: Outcome,
    job: &Job,
    limits: &Limits,
    fingerprints: &Fingerprints,
) -> Result<Run, String> {
    if outcome != Outcome::not_begun(job, limits) {
        let fingerprint = fingerprints.of(job).map_err(|error| brief_error(&error))?;
        statistics_fit(&outcome, job, limits, &fingerprint)?;
        findings_fit(&outcome, job.strategy.engine())?;
        let encoding = job.spec.encoding(job.design, job.scenario);
        for finding in &mut outcome.search.findings {
            happens(&encoding, finding)?;
        }
    }
    let (verdict, differs) = (outcome.verdict, outcome.differs);
    let searched = Searched {
        search: outcome.search,
        asked: outcome.consulted,
        time: outcome.time,
    };
    let run = judged(job.spec, job.design, job.scenario, &job.strategy, searched);
    let run = run.map_err(|error| brief_error(&error))?;
    same("verdict", &verdict, &run.verdict)?;
    if differs != run.differs {
        let show =
            |differs: &Option<String>| differs.as_deref().map_or("nothing".to_string(), brief);
        let (theirs, ours) = (show(&differs), show(&run.differs));
        return Err(format!(
            "it says that {theirs} differs from the expected result, and its findings give: {ours}"
        ));
    }
    Ok(run)
}

pub(super) fn same<T: PartialEq + Display + ?Sized>(
    what: &str,
    theirs: &T,
    ours: &T,
) -> Result<(), String> {
    if theirs == ours {
        return Ok(());
    }
    let theirs = brief(&theirs.to_string());
    Err(format!("its {what} is `{theirs}`, and should be `{ours}`"))
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(otherwise.to_string())
    }
}

/// Whether the requested search could have these statistics.
fn statistics_fit(
    outcome: &Outcome,
    job: &Job,
    limits: &Limits,
    fingerprint: &str,
) -> Result<(), String> {
    let (statistics, engine) = (&outcome.search.statistics, job.strategy.engine());
    let whole = outcome.search.cut_off.is_none();
    same("engine", &*statistics.engine, engine.name())?;
    same("engine's version", &*statistics.version, engine.version())?;
    let strategy = limits.describe(&job.strategy);
    same("strategy", &statistics.strategy, &strategy)?;
    same("model's fingerprint", &*statistics.fingerprint, fingerprint)?;
    let bound = match job.strategy {
        Strategy::Preemptions(bound) => Some(bound),
        _ => None,
    };
    ensure(
        statistics.bound == bound,
        "it has another bound on preemptions",
    )?;
    let complete = whole && job.strategy.is_exhaustive();
    same("completeness", &statistics.complete, &complete)?;
    match job.strategy {
        Strategy::Random { executions, .. } | Strategy::Pct { executions, .. } => {
            let (found, asked) = (statistics.executions, executions as u64);
            ensure(
                whole || found <= asked,
                "it has more executions than were asked for",
            )?;
            if whole {
                same("number of executions", &found, &asked)?;
            }
        }
        _ => ensure(
            !whole || statistics.executions > 0,
            "it is complete without an execution",
        )?,
    }
    let cuts = job.strategy == Strategy::LoomSleepSets;
    ensure(
        cuts || statistics.cut_short == 0,
        "no execution of such a search is cut short",
    )?;
    match (&statistics.states, engine) {
        (Some(states), Engine::Stateful) => ensure(
            limits.states.is_none_or(|most| states.states <= most),
            "it has more states than were asked for",
        ),
        (None, Engine::Stateful) => ensure(!whole, "it is complete without a state"),
        (states, _) => ensure(states.is_none(), "such a search keeps no states"),
    }
}

/// Whether the numbers of the findings fit one another and the statistics.
fn findings_fit(outcome: &Outcome, engine: Engine) -> Result<(), String> {
    let search = &outcome.search;
    let (statistics, findings) = (&search.statistics, &search.findings);
    let stateful = engine == Engine::Stateful;
    // Of a part of the states, not every schedule to a violation is complete.
    let is_part = stateful && search.cut_off.is_some();
    let sorted = findings.is_sorted_by(|one, other| one.property < other.property);
    ensure(
        sorted,
        "its findings are not one for each property, in the order of their names",
    )?;
    ensure(
        statistics.failing <= statistics.out_of(),
        "more executions fail than there are",
    )?;
    let executions = || findings.iter().map(|finding| finding.executions);
    let range = executions().max().unwrap_or_default()..=executions().fold(0, u64::saturating_add);
    ensure(
        is_part || range.contains(&statistics.failing),
        "its findings do not add up to the failing executions",
    )?;
    for finding in findings {
        let first = finding.first.as_ref().map(|first| first.execution);
        let counted = finding.executions > 0 && finding.schedule.len() <= statistics.longest;
        let plausible = (is_part || counted)
            && (finding.cycle.iter()).all(|cycle| finding.cycles.contains(cycle))
            && (stateful || finding.preemptions.is_none())
            && first.is_none_or(|first| (1..=statistics.executions).contains(&first))
            && first.is_none() == stateful;
        let property = brief(&finding.property);
        ensure(
            plausible,
            &format!("the numbers of the finding `{property}` do not fit the search"),
        )?;
    }
    ensure(
        search.waits.is_subset(&search.reached),
        "a wait is covered, and its cover point not reached",
    )
}

/// Executes a finding's schedule, and the first that violates the property, and compares the finding with what happens.
fn happens(encoding: &Arc<dyn Encoding>, finding: &mut Finding) -> Result<(), String> {
    let property = brief(&finding.property);
    let executed = |schedule: &Schedule| {
        replay(encoding, schedule).map_err(|error| format!("finding `{property}`: {error}"))
    };
    *finding.replay = executed(&finding.schedule)?;
    let violations = finding.replay.violations.iter();
    let own = || violations.clone().filter(|it| it.0 == finding.property);
    let exact = own().find(|(.., before)| *before == finding.schedule.len());
    if let Some((_, message, cycle, _)) = exact.or_else(|| own().next()) {
        ensure(
            *message == finding.message && *cycle == finding.cycle,
            &format!("the finding `{property}` is another one when its schedule is executed"),
        )?;
    }
    if let Some(first) = &finding.first {
        ensure(
            executed(&first.schedule)?.violates(&finding.property),
            &format!("the first execution of the finding `{property}` does not violate it"),
        )?;
    }
    Ok(())
}

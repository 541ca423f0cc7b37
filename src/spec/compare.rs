//! Compares the runs of one design in one scenario with one another.

use super::check::Run;
use super::expectation::Expected;
use crate::engine::Engine;

/// The cover points of the scenario that no run of a passing design has reached. Runs are those of one
/// design in one scenario by every engine that checked it; one by another engine than loom must be among
/// them, since loom visits each order of dependent operations only once, and whether a thread arrives
/// before or after a lock is free is no such order.
#[must_use]
pub fn unreached_cover_points(runs: &[&Run]) -> Vec<&'static str> {
    let Some(first) = runs.first() else {
        return Vec::new();
    };
    if first.expectation.outcome != Expected::Pass || runs.iter().all(|r| r.engine == Engine::Loom)
    {
        return Vec::new();
    }
    // A search that was cut off might have reached them.
    if runs.iter().any(|run| run.is_cut_off()) {
        return Vec::new();
    }
    let reached = |point: &&&str| runs.iter().any(|run| run.search.reached.contains(**point));
    let points = first.scenario.cover.iter();
    points.filter(|point| !reached(point)).copied().collect()
}

/// Whether a design passes in a scenario without cover points, so that nothing shows that the threads interact at
/// all. Runs are those of one design in one scenario.
#[must_use]
pub fn reaches_nothing(runs: &[&Run]) -> bool {
    let first = runs.first();
    first.is_some_and(|run| {
        run.expectation.outcome == Expected::Pass && run.scenario.cover.is_empty()
    })
}

/// The expected reason of a violation, where no sample of a design in a scenario has found it. Runs
/// are those of one design in one scenario; `None` where it was not sampled.
#[must_use]
pub fn violation_missed_by_samples(runs: &[&Run]) -> Option<&'static str> {
    let reason = runs.first()?.expectation.outcome.reason()?;
    let samples = || runs.iter().filter(|run| run.engine == Engine::Shuttle);
    // A sample that was cut off might have found it.
    if samples().count() == 0 || samples().any(|run| run.is_cut_off()) {
        return None;
    }
    let missed = samples().all(|run| run.search.finding(reason).is_none());
    missed.then_some(reason)
}

/// What an engine found and a complete search by another one, of the same design in the same scenario,
/// did not: then one of the engines is wrong.
#[must_use]
pub fn disagreement(complete: &Run, other: &Run) -> Option<String> {
    if !complete.search.statistics.complete {
        return None;
    }
    let who = (complete.engine, other.engine);
    for finding in &other.search.findings {
        if complete.search.finding(&finding.property).is_none() {
            return Some(format!(
                "{} finds `{}` violated by the schedule {:?}, and {} has no such \
                 execution",
                who.1, finding.property, finding.schedule, who.0
            ));
        }
    }
    let mut outcomes = other.search.outcomes.iter();
    let (missed, schedule) =
        outcomes.find(|(outcome, _)| !complete.search.outcomes.contains_key(outcome))?;
    Some(format!(
        "{} ends in the state {missed:016x} by the schedule {schedule:?}, and no execution \
         of {} does",
        who.1, who.0
    ))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::Strategy;
    use crate::protocols::{ext4_journal_start, page_mkwrite};
    use crate::spec::{Spec, check};

    fn run(spec: &'static Spec, design: &str, scenario: &str, strategy: &Strategy) -> Run {
        let design = spec.design(design).expect("the design is listed");
        let scenario = spec.scenario(scenario).expect("the scenario is listed");
        check(spec, design, scenario, strategy).expect("a result")
    }

    fn sample(executions: usize) -> Strategy {
        Strategy::Random {
            seed: 1,
            executions,
        }
    }

    #[test]
    fn one_execution_does_not_reach_every_mark() {
        let run = |strategy| run(&page_mkwrite::SPEC, "patched", "absent-truncate", &strategy);
        assert_eq!(
            unreached_cover_points(&[&run(Strategy::ExplicitState)]),
            [""; 0]
        );
        assert!(!unreached_cover_points(&[&run(sample(1))]).is_empty());
    }

    #[test]
    fn a_sample_may_miss_the_expected_violation() {
        let run = |strategy| run(&ext4_journal_start::SPEC, "old", "write", &strategy);
        assert_eq!(
            violation_missed_by_samples(&[&run(sample(0))]),
            Some("no-deadlock")
        );
        assert_eq!(violation_missed_by_samples(&[&run(sample(500))]), None);
        assert_eq!(
            violation_missed_by_samples(&[&run(Strategy::ExplicitState)]),
            None
        );
    }

    #[test]
    fn engines_disagree_if_only_one_finds_a_violation() {
        let run = |design, strategy| run(&page_mkwrite::SPEC, design, "lost-store", &strategy);
        let complete = run("patched", Strategy::ExplicitState);
        assert_eq!(disagreement(&complete, &run("patched", sample(100))), None);
        let other = disagreement(&complete, &run("old", Strategy::ExplicitState));
        assert!(other.is_some_and(|text| text.contains("metadata` violated")));
    }
}

//! The engines against each other: on ablations, and on each other's counterexamples.

use crate::runs;
use pagelock::engine::{Engine, Finding, Replayed, Search, SearchError, Strategy};
use pagelock::engine::{replay_by, search};
use pagelock::protocols;
use pagelock::spec::{self, Spec, Variant};
use pagelock::trace::Cycle;
use std::collections::{BTreeMap, BTreeSet};

/// Ablations are compared where loom ends within so many executions before the clause is taken away, ..
const EXECUTIONS: u64 = 300;
/// .. and where the model without it has at most so many schedules.
const SCHEDULES: u64 = 1_000_000;

/// loom is compared with itself without the sleep sets where it ends within so many executions with them.
const FEW: u64 = 30;

/// Of each property every cycle.
fn findings(found: &Search) -> BTreeMap<&str, BTreeSet<&Cycle>> {
    let findings = found.findings.iter();
    findings
        .map(|finding| (finding.property.as_str(), finding.cycles.iter().collect()))
        .collect()
}

/// Compares loom with the explicit-state engine on the patched and the last design without each of their
/// clauses.
fn ablations(spec: &str) {
    let spec: &'static Spec = protocols::find(spec).expect("the spec is listed");
    let mut compared = 0;
    for design in [spec.patched(), spec.designs.last()].map(|design| design.expect("designs")) {
        let whole = Variant::from(design);
        let small = |executions: Option<u64>| executions.is_some_and(|n| n <= EXECUTIONS);
        let records = spec.expectations_of(design.name);
        for expectation in records.filter(|expectation| small(expectation.loom_executions)) {
            let scenario = spec.scenario(expectation.scenario).expect("listed");
            for clause in spec.clauses.iter().filter(|clause| whole.has(clause)) {
                let encoding = (spec.encode)(&whole.without(clause), scenario);
                let name = format!("{} without {} {}", design.name, clause.name, scenario.name);
                let states = match search(&encoding, &Strategy::ExplicitState) {
                    Ok(found) => found,
                    // A thread loops, and loom would go with it.
                    Err(SearchError::Unbounded { .. }) => continue,
                    Err(error) => panic!("{name}: {error}"),
                };
                if states.statistics.states.expect("it kept states").schedules > SCHEDULES {
                    continue;
                }
                let loom = search(&encoding, &Strategy::LoomSleepSets).expect("a result");
                assert!(loom.statistics.complete, "{name}");
                assert_eq!(findings(&loom), findings(&states), "findings of {name}");
                assert_eq!(loom.ends(), states.ends(), "outcomes of {name}");
                // loom need not see every wait for a lock.
                assert!(loom.reached.is_subset(&states.reached), "points of {name}");
                let missed: BTreeSet<_> = states.reached.difference(&loom.reached).collect();
                let waits = states.waits.iter().collect();
                assert!(missed.is_subset(&waits), "{missed:?} of {name}");
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "{compared}");
}

/// Compares loom as it is with what the sleep sets leave of it: nothing may be missing but repetitions.
#[test]
fn sleep_sets_spare_loom_nothing_but_repetitions() {
    let (mut spared, mut compared) = (0, 0);
    for spec in protocols::ALL {
        let few = |expectation: &&spec::Expectation| {
            let executions = expectation.loom_executions;
            executions.is_some_and(|executions| executions <= FEW)
        };
        for expectation in spec.expectations.iter().filter(few) {
            let design = spec.design(expectation.design).expect("listed");
            let encoding =
                spec.encoding(design, spec.scenario(expectation.scenario).expect("listed"));
            let name = format!(
                "{}/{} {}",
                spec.name, expectation.design, expectation.scenario
            );
            let all = search(&encoding, &Strategy::LoomPlain).expect("a result");
            let found = search(&encoding, &Strategy::LoomSleepSets).expect("a result");
            assert!(
                all.statistics.complete && found.statistics.complete,
                "{name}"
            );
            assert_eq!(found.traces, all.traces, "traces of {name}");
            assert_eq!(findings(&found), findings(&all), "findings of {name}");
            assert_eq!(found.ends(), all.ends(), "outcomes of {name}");
            let points = |search: &Search| &search.reached - &search.waits;
            assert_eq!(points(&found), points(&all), "points of {name}");
            // One of a trace, but for those that differ in where a thread has looked in vain.
            assert!(found.statistics.executions >= found.traces, "{name}");
            assert!(
                found.statistics.executions <= all.statistics.executions,
                "{name}"
            );
            spared += all.statistics.executions - found.statistics.executions;
            compared += 1;
        }
    }
    assert!(compared > 100 && spared > 1_000, "{compared}, {spared}");
}

/// What happened in each of the first operations.
fn operations(again: &Replayed, count: usize) -> Vec<(&str, &str, Option<&str>, Option<&str>)> {
    let operations = again
        .events
        .iter()
        .filter(|event| event.operation.is_some());
    operations
        .take(count)
        .map(|event| {
            let change = event.change.as_ref().map(|(_, after)| after.as_str());
            let object = event.object.as_deref();
            (
                event.thread.as_str(),
                event.function.as_str(),
                object,
                change,
            )
        })
        .collect()
}

/// Replays a counterexample by each engine that takes the scenario: the same operations, with the same
/// changes, and the violation.
fn travels(spec: &Spec, run: &spec::Run, finding: &Finding) {
    let encoding = run.spec.encoding(run.design, run.scenario);
    let place = format!(
        "{} by {} of {}",
        finding.property,
        run.engine,
        pagelock::report::place(run)
    );
    let count = finding.schedule.len();
    let mut first: Option<Replayed> = None;
    for engine in Engine::ALL {
        if !run.scenario.engines.has(engine) {
            continue;
        }
        let again = replay_by(engine, &encoding, &finding.schedule)
            .unwrap_or_else(|error| panic!("{place} replayed by {engine}: {error}"));
        assert!(
            again.violates(&finding.property),
            "{place} replayed by {engine}"
        );
        if engine == Engine::Shuttle {
            assert_eq!(again, *finding.replay, "the recording of {place}");
        }
        match &first {
            None => first = Some(again),
            Some(first) => assert_eq!(
                operations(&again, count),
                operations(first, count),
                "{place} replayed by {engine}"
            ),
        }
    }
    assert!(first.is_some(), "{} has an engine", spec.name);
}

/// Replays the first counterexample that each engine has for each property of each design.
fn counterexamples(spec: &str) {
    let spec = protocols::find(spec).expect("the spec is listed");
    let mut travelled = BTreeSet::new();
    for run in runs().iter().filter(|run| run.spec.name == spec.name) {
        for finding in &run.search.findings {
            let known = (
                run.design.name,
                run.scenario.name,
                run.engine,
                &finding.property,
            );
            if travelled.insert(known) {
                travels(spec, run, finding);
            }
        }
    }
    assert!(travelled.len() > 20, "{}", travelled.len());
}

macro_rules! agreement {
    ($($module:ident: $spec:literal,)*) => {$(
        mod $module {
            #[test]
            fn ablations() {
                super::ablations($spec);
            }

            #[test]
            fn counterexamples() {
                super::counterexamples($spec);
            }
        }
    )*};
}
agreement! {
    page_mkwrite: "page-mkwrite",
    ext4_writepage: "ext4-writepage",
    ext4_journalled_writepage: "ext4-journalled-writepage",
    ext4_journal_start: "ext4-journal-start",
    nfs_coalesce: "nfs-coalesce",
}

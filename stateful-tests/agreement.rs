//! The explicit-state engine against itself without its memory: where every schedule is run to its end and
//! nothing is taken for known, must the same come out?
//!
//! Pruning rests on an argument (proofs.md). Here it is put to the test on the models of the specs and
//! on their ablations; `loom-tests/completeness` does so on random protocols, by brute force as well.

use crate::pins::size;
use pagelock::engine::{Engine, Finding, Search, SearchError, Strategy, search};
use pagelock::model::Encoding;
use pagelock::protocols;
use pagelock::spec::{Scenario, Spec, Variant};
use pagelock::trace::Cycle;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Designs with at most so many schedules are run without pruning.
const SCHEDULES: u64 = 10_000;

/// The same of ablations, of models with at most so many states before the clause is taken away.
const SCHEDULES_OF_ABLATION: u64 = 2_000;
const STATES: u64 = 150;

/// A model, and what it is called in a failure.
struct Model {
    name: String,
    encoding: Arc<dyn Encoding>,
}

/// Of each property: the schedules that violate it, and every cycle.
fn findings(found: &Search) -> BTreeMap<&str, (u64, BTreeSet<&Cycle>)> {
    let of = |finding: &Finding| finding.executions;
    let findings = found.findings.iter();
    findings
        .map(|finding| {
            let cycles = finding.cycles.iter().collect();
            (finding.property.as_str(), (of(finding), cycles))
        })
        .collect()
}

/// Whether a model has at most so many schedules; if so, it is compared.
fn agrees(model: &Model, most: u64) -> bool {
    let name = &model.name;
    let pruned = match search(&model.encoding, &Strategy::ExplicitState) {
        Ok(found) => found,
        // A thread loops: there is no last schedule.
        Err(SearchError::Unbounded { .. }) => return false,
        Err(error) => panic!("{name}: {error}"),
    };
    let schedules = pruned.statistics.states.expect("it kept states").schedules;
    if schedules > most {
        return false;
    }
    let whole = search(&model.encoding, &Strategy::AllSchedules).expect("a result");
    assert!(whole.statistics.complete, "{name}");
    assert_eq!(
        whole.statistics.executions, schedules,
        "schedules of {name}"
    );
    assert_eq!(
        whole.statistics.failing, pruned.statistics.failing,
        "{name}"
    );
    assert_eq!(findings(&whole), findings(&pruned), "findings of {name}");
    assert_eq!(whole.ends(), pruned.ends(), "outcomes of {name}");
    assert_eq!(whole.reached, pruned.reached, "cover points of {name}");
    true
}

fn searched(spec: &'static Spec) -> impl Iterator<Item = &'static Scenario> {
    let scenarios = spec.scenarios.iter();
    scenarios.filter(|scenario| scenario.engines.has(Engine::Stateful))
}

fn designs(spec: &str) {
    let spec = protocols::find(spec).expect("the spec is listed");
    let mut compared = 0;
    for design in spec.designs {
        for scenario in searched(spec) {
            if size(spec.name, design.name, scenario.name).1 > SCHEDULES {
                continue;
            }
            let model = Model {
                name: format!("{} {}", design.name, scenario.name),
                encoding: spec.encoding(design, scenario),
            };
            assert!(
                agrees(&model, SCHEDULES),
                "the pin of {} is right",
                model.name
            );
            compared += 1;
        }
    }
    // A limit that lets few models in would show little.
    let all = spec.designs.len() * searched(spec).count();
    assert!(compared > all / 4, "{compared} of {all}");
}

/// The patched and the last design without each of their clauses.
fn ablations(spec: &str) {
    let spec = protocols::find(spec).expect("the spec is listed");
    let (mut compared, mut all) = (0, 0);
    for design in [spec.patched(), spec.designs.last()].map(|design| design.expect("designs")) {
        let whole = Variant::from(design);
        for clause in spec.clauses.iter().filter(|clause| whole.has(clause)) {
            for scenario in searched(spec) {
                if size(spec.name, design.name, scenario.name).0 > STATES {
                    continue;
                }
                let model = Model {
                    name: format!("{} without {} {}", design.name, clause.name, scenario.name),
                    encoding: (spec.encode)(&whole.without(clause), scenario),
                };
                all += 1;
                compared += usize::from(agrees(&model, SCHEDULES_OF_ABLATION));
            }
        }
    }
    assert!(compared > all / 3, "{compared} of {all}");
}

macro_rules! without_pruning {
    ($($module:ident: $spec:literal,)*) => {$(
        mod $module {
            #[test]
            fn designs() {
                super::designs($spec);
            }

            #[test]
            fn ablations() {
                super::ablations($spec);
            }
        }
    )*};
}
without_pruning! {
    page_mkwrite: "page-mkwrite",
    ext4_writepage: "ext4-writepage",
    ext4_journalled_writepage: "ext4-journalled-writepage",
    ext4_journal_start: "ext4-journal-start",
    nfs_coalesce: "nfs-coalesce",
}

//! What the specs promise of themselves, as far as their tables say it.

use pagelock::engine::Engine;
use pagelock::protocols::ALL;
use pagelock::spec::Spec;
use std::collections::BTreeSet;

/// What is violated according to the records and the needs, which the suites compare with searches.
fn violated(spec: &Spec) -> BTreeSet<&'static str> {
    let records = spec.records.iter();
    let by_designs = records.flat_map(|record| record.verdict.properties());
    let by_ablations = spec.needs.iter().flat_map(|need| need.breaks);
    by_designs.chain(by_ablations).copied().collect()
}

#[test]
fn every_property_is_violated_or_says_what_violates_it() {
    for spec in ALL {
        let violated = violated(spec);
        for property in spec.properties {
            let place = format!("{} {}", spec.name, property.name);
            let said = spec.unviolated.iter();
            let said = said.filter(|one| one.property == property.name).count();
            let expected = usize::from(!violated.contains(property.name));
            assert_eq!(said, expected, "{place}");
        }
        let known = |name: &str| spec.property(name).is_some();
        assert!(spec.unviolated.iter().all(|one| known(one.property)));
    }
}

#[test]
fn every_scenario_names_marks_of_its_spec() {
    for spec in ALL {
        let marks: BTreeSet<&str> = spec.marks.iter().map(|mark| mark.name).collect();
        for scenario in spec.scenarios {
            let place = format!("{} {}", spec.name, scenario.name);
            assert!(!scenario.marks.is_empty(), "{place}");
            let mut named = scenario.marks.iter();
            assert!(named.all(|mark| marks.contains(mark)), "{place}");
        }
    }
}

#[test]
fn the_executions_of_loom_are_pinned_wherever_loom_runs() {
    for spec in ALL {
        for record in spec.records {
            let scenario = spec.scenario(record.scenario).expect("it is listed");
            let runs = scenario.engines.has(Engine::Loom);
            let place = format!("{}/{} {}", spec.name, record.design, record.scenario);
            assert_eq!(record.loom_executions.is_some(), runs, "{place}");
        }
    }
}

#[test]
fn every_clause_has_its_need_on_record() {
    for spec in ALL {
        let needs: Vec<&str> = spec.needs.iter().map(|need| need.clause).collect();
        let added = spec.clauses.iter().filter(|clause| {
            spec.designs[0]
                .clauses
                .iter()
                .all(|name| *name != clause.name)
        });
        for clause in added {
            assert!(
                needs.contains(&clause.name),
                "{} {}",
                spec.name,
                clause.name
            );
        }
    }
}

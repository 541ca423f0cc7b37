//! What the specs promise of themselves, as far as their tables say it.

use pagelock::engine::Engine;
use pagelock::protocols::ALL;
use pagelock::spec::Spec;
use std::collections::BTreeSet;

/// What is violated according to the expectations, which the suites check against searches.
fn violated(spec: &Spec) -> BTreeSet<&'static str> {
    let mut violated = BTreeSet::new();
    for expectation in spec.expectations {
        violated.extend(expectation.outcome.properties());
    }
    for clause in spec.clauses {
        violated.extend(clause.ablation.map_or(&[][..], |expected| expected.breaks));
    }
    violated
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
fn every_scenario_covers_points_of_its_spec() {
    for spec in ALL {
        let points: BTreeSet<&str> = spec.cover_points.iter().map(|point| point.name).collect();
        for scenario in spec.scenarios {
            let place = format!("{} {}", spec.name, scenario.name);
            assert!(!scenario.cover.is_empty(), "{place}");
            for point in scenario.cover {
                assert!(points.contains(point), "{place}: {point}");
            }
        }
    }
}

#[test]
fn the_executions_of_loom_are_pinned_wherever_loom_runs() {
    for spec in ALL {
        for expectation in spec.expectations {
            let scenario = spec.scenario(expectation.scenario).expect("it is listed");
            let runs = scenario.engines.has(Engine::Loom);
            let place = format!(
                "{}/{} {}",
                spec.name, expectation.design, expectation.scenario
            );
            assert_eq!(expectation.loom_executions.is_some(), runs, "{place}");
        }
    }
}

#[test]
fn every_clause_says_what_it_is_needed_for() {
    for spec in ALL {
        for clause in spec.clauses {
            assert!(clause.ablation.is_some(), "{} {}", spec.name, clause.name);
        }
    }
}

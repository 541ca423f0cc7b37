//! The engines against each other in the scenario spaces: in the smallest scenario of every class, and in a sample.

use pagelock::engine::{Search, Strategy, search};
use pagelock::explore::{Exploration, Explored};
use pagelock::spec::{ScenarioSpace, Variant};
use std::collections::BTreeSet;

/// Of the points of a space every so many-th is in the sample.
const EVERY: usize = 401;

/// loom takes models of at most so many schedules here.
const SCHEDULES: u64 = 20_000_000;

/// Random executions of each model.
const EXECUTIONS: usize = 500;

fn properties(found: &Search) -> BTreeSet<&str> {
    found
        .findings
        .iter()
        .map(|finding| finding.property.as_str())
        .collect()
}

/// Whether loom, exhaustively and without a bound, and shuttle agree with the explicit-state engine at a point; `None`
/// if the model is too large for loom.
fn agree(space: &dyn ScenarioSpace, variant: &Variant, text: &str) -> Option<BTreeSet<String>> {
    let point = space.parse(text).expect("a point");
    let encoding = space.encoding(variant, &point);
    let states = search(&encoding, &Strategy::ExplicitState).ok()?;
    assert!(states.statistics.complete, "{text}");
    if states.statistics.states.expect("it kept states").schedules > SCHEDULES {
        return None;
    }
    let loom = search(&encoding, &Strategy::LoomSleepSets).expect("a result");
    assert!(loom.statistics.complete, "{:?} {text}", variant.clauses());
    assert_eq!(
        properties(&loom),
        properties(&states),
        "{:?} {text}",
        variant.clauses()
    );
    assert_eq!(loom.ends(), states.ends(), "{:?} {text}", variant.clauses());
    let random = Strategy::Random {
        seed: 1,
        executions: EXECUTIONS,
    };
    let sample = search(&encoding, &random).expect("a result");
    assert!(
        properties(&sample).is_subset(&properties(&states)),
        "{:?} {text}",
        variant.clauses()
    );
    assert!(
        sample.ends().is_subset(&states.ends()),
        "{:?} {text}",
        variant.clauses()
    );
    Some(
        properties(&states)
            .into_iter()
            .map(ToString::to_string)
            .collect(),
    )
}

fn spaces() -> impl Iterator<
    Item = (
        &'static Exploration,
        &'static Explored,
        &'static dyn ScenarioSpace,
    ),
> {
    let spaces = crate::analyses().spaces.iter();
    spaces.map(|(exploration, explored)| {
        (
            exploration,
            explored,
            exploration.spec.space.expect("it was explored"),
        )
    })
}

#[test]
fn engines_agree_in_the_smallest_scenario_of_every_class() {
    let (mut compared, mut too_large) = (0, Vec::new());
    for (exploration, explored, space) in spaces() {
        for (key, class) in &explored.classes {
            let design = exploration.spec.design(&key.design).expect("listed");
            let text = class.smallest_scenario().expect("a class has a scenario");
            match agree(space, &design.into(), text) {
                Some(found) => {
                    assert!(found.contains(&key.property), "{:?} {text}", design.name);
                    compared += 1;
                }
                None => too_large.push(format!("{} {text}", design.name)),
            }
        }
    }
    assert!(compared > 40, "{compared}");
    assert!(too_large.len() * 10 < compared, "{too_large:?}");
}

#[test]
fn engines_agree_in_the_smallest_scenario_that_needs_a_clause() {
    let (mut compared, mut too_large) = (0, Vec::new());
    for (exploration, explored, space) in spaces() {
        let spec = exploration.spec;
        for (name, need) in &explored.needs {
            let clause = spec.clause(name).expect("listed");
            let text = need.scenarios.smallest_scenario().expect("it is needed");
            let bases = [spec.patched(), spec.designs.last()].into_iter().flatten();
            let with = bases.map(Variant::from).filter(|base| base.has(clause));
            let found: Option<Vec<_>> = with
                .map(|base| agree(space, &base.without(clause), text))
                .collect();
            match found {
                Some(found) => {
                    let mut found = found.iter().flatten();
                    let shown = found.any(|property| need.properties.contains_key(property));
                    assert!(shown, "{name} {text}");
                    compared += 1;
                }
                None => too_large.push(format!("{name} {text}")),
            }
        }
    }
    assert!(compared > 40, "{compared}");
    assert!(too_large.len() * 10 < compared, "{too_large:?}");
}

#[test]
fn engines_agree_in_a_sample_of_the_space() {
    let mut compared = 0;
    for (exploration, _, space) in spaces() {
        for point in exploration.points().iter().step_by(EVERY) {
            for design in [exploration.spec.patched(), exploration.spec.designs.last()]
                .into_iter()
                .flatten()
            {
                compared += usize::from(agree(space, &design.into(), &space.text(point)).is_some());
            }
        }
    }
    assert!(compared > 50, "{compared}");
}

//! Rows of a spec's tables that nothing uses, after all of it was checked: they say something of no execution.

use super::check::Run;
use super::data::Spec;
use crate::engine::NO_DEADLOCK;
use std::collections::BTreeSet;

/// What no run of a spec has used, each in a sentence; nothing, unless every one of its expectations was checked.
///
/// A property that no execution checks cannot be violated, and a clause that no encoding asks for changes nothing: both
/// come out as a pass. So does a cover point that no scenario asks for.
#[must_use]
pub fn unused(spec: &'static Spec, runs: &[&Run]) -> Vec<String> {
    let mut ended = BTreeSet::new();
    let (mut checked, mut asked, mut covered) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for run in runs {
        if run.spec.name != spec.name {
            continue;
        }
        if !run.is_cut_off() {
            ended.insert((run.design.name, run.scenario.name));
        }
        checked.extend(run.search.checked.iter().map(String::as_str));
        asked.extend(run.asked.iter().map(String::as_str));
        covered.extend(run.search.reached.iter().map(String::as_str));
    }
    let mut expected = spec.expectations.iter();
    if !expected.all(|one| ended.contains(&(one.design, one.scenario))) {
        return Vec::new();
    }
    for scenario in spec.scenarios {
        covered.extend(scenario.cover);
    }
    let name = spec.name;
    let mut unused = Vec::new();
    for property in spec.properties {
        let property = property.name;
        if property != NO_DEADLOCK && !checked.contains(property) {
            unused.push(format!(
                "{name}: no execution of any design checks the property `{property}`, so it cannot be violated: check it \
                 (`Task::check`), or take it out of `Spec::properties`"
            ));
        }
    }
    for clause in spec.clauses {
        let clause = clause.name;
        if !asked.contains(clause) {
            unused.push(format!(
                "{name}: no encoding asks for the clause `{clause}`, so it changes nothing: ask for it (`Variant::has`) \
                 at the line that it changes, or take it out of `Spec::clauses`"
            ));
        }
    }
    for point in spec.cover_points {
        let point = point.name;
        if !covered.contains(point) {
            unused.push(format!(
                "{name}: no execution covers the point `{point}`, and no scenario asks for it: cover it (`Task::cover`), \
                 or take it out of `Spec::cover_points`"
            ));
        }
    }
    unused
}

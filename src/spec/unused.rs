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
    let own: Vec<&&Run> = runs
        .iter()
        .filter(|run| run.spec.name == spec.name)
        .collect();
    let is_run = |design: &str, scenario: &str| {
        let mut of_it = own
            .iter()
            .filter(|run| run.design.name == design && run.scenario.name == scenario);
        of_it.any(|run| !run.is_cut_off())
    };
    if !spec
        .expectations
        .iter()
        .all(|expectation| is_run(expectation.design, expectation.scenario))
    {
        return Vec::new();
    }
    let used = |of: fn(&Run) -> &BTreeSet<String>| -> BTreeSet<&str> {
        own.iter()
            .flat_map(|run| of(run))
            .map(String::as_str)
            .collect()
    };
    let (checked, asked) = (used(|run| &run.search.checked), used(|run| &run.asked));
    let reached = used(|run| &run.search.reached);
    let name = spec.name;
    let properties = spec.properties.iter().map(|property| property.name);
    let properties = properties
        .filter(|property| *property != NO_DEADLOCK && !checked.contains(property))
        .map(|property| {
            format!(
                "{name}: no execution of any design checks the property `{property}`, so it cannot be violated: check it \
                 (`Task::check`), or take it out of `Spec::properties`"
            )
        });
    let clauses = spec.clauses.iter().map(|clause| clause.name);
    let clauses = clauses.filter(|clause| !asked.contains(clause)).map(|clause| {
        format!(
            "{name}: no encoding asks for the clause `{clause}`, so it changes nothing: ask for it (`Variant::has`) at the \
             line that it changes, or take it out of `Spec::clauses`"
        )
    });
    let asked_for: BTreeSet<&str> = spec
        .scenarios
        .iter()
        .flat_map(|one| one.marks)
        .copied()
        .collect();
    let marks = spec.marks.iter().map(|mark| mark.name);
    let marks = marks
        .filter(|mark| !asked_for.contains(mark) && !reached.contains(mark))
        .map(|mark| {
            format!(
                "{name}: no execution reaches the mark `{mark}`, and no scenario asks for it: reach it (`Task::reach`), or \
                 take it out of `Spec::marks`"
            )
        });
    properties.chain(clauses).chain(marks).collect()
}

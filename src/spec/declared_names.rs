//! Names that an encoding uses: a spec's tables declare them.

use super::check::CheckError;
use super::data::{Design, Scenario, Spec};
use crate::engine::{NO_DEADLOCK, Search};
use std::collections::BTreeSet;

/// Whether the spec's tables have every cover point, property and clause that the encoding has used.
pub(super) fn declared(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    search: &Search,
    asked: &BTreeSet<String>,
) -> Result<(), CheckError> {
    let check = |does, table, used: &mut dyn Iterator<Item = &String>, known: Vec<&str>| {
        for name in used {
            if !known.contains(&name.as_str()) {
                return Err(CheckError::Unlisted {
                    place: format!("{}/{} in `{}`", spec.name, design.name, scenario.name),
                    does,
                    table,
                    name: name.clone(),
                    known: if known.is_empty() {
                        "none".to_string()
                    } else {
                        known.join(", ")
                    },
                });
            }
        }
        Ok(())
    };
    let points = spec.cover_points.iter().map(|point| point.name).collect();
    check(
        "covers the point",
        "cover_points",
        &mut search.reached.iter(),
        points,
    )?;
    let clauses = spec.clauses.iter().chain(spec.rejected);
    let clauses = clauses.map(|clause| clause.name).collect();
    check("asks for the clause", "clauses", &mut asked.iter(), clauses)?;
    let found = search.findings.iter().map(|finding| &finding.property);
    // Every spec has that one, whether or not it lists it.
    let checked = search.checked.iter().chain(found);
    let mut checked = checked.filter(|name| *name != NO_DEADLOCK);
    let properties = spec.properties.iter().map(|one| one.name);
    check(
        "checks the property",
        "properties",
        &mut checked,
        properties.collect(),
    )
}

//! Names that an encoding uses: a spec's tables have them.

use super::check::CheckError;
use super::data::{Design, Scenario, Spec};
use crate::engine::{NO_DEADLOCK, Search};
use crate::protocols::ALL;
use std::collections::BTreeSet;

/// Whether the spec's tables have every mark, property and clause that the encoding has used. A clause of one of this
/// crate's specs may be asked for by any: parts that several specs share ask for those of each.
pub(super) fn declared(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    search: &Search,
    asked: &BTreeSet<String>,
) -> Result<(), CheckError> {
    let unlisted = |does, table, used: Vec<&str>, known: Vec<&str>| {
        let name = used.into_iter().find(|name| !known.contains(name));
        name.map_or(Ok(()), |name| {
            Err(CheckError::Unlisted {
                place: format!("{}/{} in `{}`", spec.name, design.name, scenario.name),
                does,
                table,
                name: name.to_string(),
                known: if known.is_empty() {
                    "none".to_string()
                } else {
                    known.join(", ")
                },
            })
        })
    };
    let reached = search.reached.iter().map(String::as_str).collect();
    let marks = spec.marks.iter().map(|mark| mark.name).collect();
    unlisted("reaches the mark", "marks", reached, marks)?;
    let own = spec.clauses.iter().chain(spec.rejected);
    let shared = ALL.iter().flat_map(|spec| spec.clauses);
    let clauses = own.chain(shared).map(|clause| clause.name);
    let asked = asked.iter().map(String::as_str).collect();
    unlisted("asks for the clause", "clauses", asked, clauses.collect())?;
    let found = search
        .findings
        .iter()
        .map(|finding| finding.property.as_str());
    let checked = search.checked.iter().map(String::as_str).chain(found);
    let checked = checked.filter(|name| *name != NO_DEADLOCK).collect();
    let properties = spec.properties.iter().map(|one| one.name).collect();
    unlisted("checks the property", "properties", checked, properties)
}

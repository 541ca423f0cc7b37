//! Names that an encoding uses: a spec's tables have them.

use super::check::CheckError;
use super::data::{Design, Scenario, Spec};
use crate::engine::{NO_DEADLOCK, Search};

/// Whether the spec's tables have every mark and property that the encoding has used. A clause that they do not
/// have may be asked for: parts that several specs share ask for those of each.
pub(super) fn listed(
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    search: &Search,
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
    let found = search.findings.iter().map(|f| f.property.as_str());
    let found = found.filter(|name| *name != NO_DEADLOCK).collect();
    let properties = spec.properties.iter().map(|one| one.name).collect();
    unlisted("violates the property", "properties", found, properties)
}

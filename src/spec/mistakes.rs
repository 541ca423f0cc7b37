//! Mistakes in the tables of a spec: names that nothing has, and tables that say nothing.

use super::data::{Spec, UNBOUNDED};
use super::specs::Specs;
use crate::engine::NO_DEADLOCK;
use crate::trace::is_name;
use std::collections::BTreeSet;
use thiserror::Error;

/// What is wrong with a spec's tables: see [`Specs::mistakes`].
///
/// Tables that were begun and not finished:
///
/// ```
/// use pagelock::engine::{Encoding, World};
/// use pagelock::spec::{Design, Record, Scenario, Spec, SpecMistake, Variant};
/// use std::sync::Arc;
///
/// fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
///     Arc::new(|world: &mut World| world.thread("one", |_| Ok(())))
/// }
///
/// static SPEC: Spec = Spec {
///     designs: &[Design::new("old", "as it was", &[]), Design::new("new", "as it is", &[])],
///     scenarios: &[Scenario::new("alone", "one thread")],
///     records: &[Record::passes("old", "alone")],
///     ..Spec::new("nothing", "a thread that does nothing", encode)
/// };
/// let unchecked = SpecMistake::Unchecked { spec: "nothing", what: "design", name: "new" };
/// assert_eq!(SPEC.mistakes(), [unchecked]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpecMistake {
    /// A table that nothing can be checked without is empty.
    #[error("{spec} has no {table}, so there is nothing to check: fill `Spec::{table}`")]
    Empty {
        /// The spec's name.
        spec: &'static str,
        /// The table's name.
        table: &'static str,
    },
    /// Two rows of a table have the same name.
    #[error("{spec}: `{name}` is there twice in {table}: keep one, or give each its own name")]
    Twice {
        /// The spec's name; `the specs` where it is the name of two specs.
        spec: &'static str,
        /// The table's name.
        table: &'static str,
        /// The name.
        name: String,
    },
    /// A row names something that no table has.
    #[error("{spec}: {place} names the {what} `{name}`, and there is none; known: {known}")]
    Unknown {
        /// The spec's name.
        spec: &'static str,
        /// The row.
        place: String,
        /// What kind of thing it names.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// No record names a design or a scenario, so nothing checks it.
    #[error("{spec}: no record names the {what} `{name}`, so nothing checks it: add a `Record`")]
    Unchecked {
        /// The spec's name.
        spec: &'static str,
        /// A design or a scenario.
        what: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// A record of a violation names no property.
    #[error(
        "{spec}: the record of `{design}` in `{scenario}` says violated, and names no property: name the \
         reason, or record a pass"
    )]
    NoReason {
        /// The spec's name.
        spec: &'static str,
        /// The design's name.
        design: &'static str,
        /// The scenario's name.
        scenario: &'static str,
    },
    /// The name cannot stand on a command line, in a [`Replay`](crate::trace::Replay) or in the name of a file.
    #[error(
        "{spec}: the name `{name}` in {table} could not stand in a command, a replay or the name of a file: give it \
         letters, digits, `-`, `_` and `.`, a letter or a digit first, and at most sixty of them"
    )]
    Unspeakable {
        /// The spec's name.
        spec: &'static str,
        /// The table's name.
        table: &'static str,
        /// The name.
        name: &'static str,
    },
}

/// The names of a table's rows.
type Names = Vec<&'static str>;

impl Specs {
    /// What is wrong with the tables, before anything is run: the command line refuses such specs.
    ///
    /// ```
    /// use pagelock::engine::{Encoding, World};
    /// use pagelock::spec::{Design, Record, Scenario, Spec, Specs, Variant};
    /// use std::sync::Arc;
    ///
    /// fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    ///     Arc::new(|world: &mut World| world.thread("one", |_| Ok(())))
    /// }
    ///
    /// static SPEC: Spec = Spec {
    ///     designs: &[Design::new("only", "does nothing", &[])],
    ///     scenarios: &[Scenario::new("alone", "one thread")],
    ///     records: &[Record::passes("only", "aline")],
    ///     ..Spec::new("nothing", "a thread that does nothing", encode)
    /// };
    /// static SPECS: [&Spec; 1] = [&SPEC];
    ///
    /// let mistakes = Specs::from(&SPECS).mistakes();
    /// assert_eq!(
    ///     mistakes[0].to_string(),
    ///     "nothing: the record of `only` in `aline` names the scenario `aline`, and there is none; \
    ///      known: alone"
    /// );
    /// ```
    #[must_use]
    pub fn mistakes(self) -> Vec<SpecMistake> {
        let mut mistakes = Vec::new();
        let names: Names = self.iter().map(|spec| spec.name).collect();
        named(&mut mistakes, "the specs", "specs", &names);
        for spec in self {
            mistakes.extend(spec.mistakes());
        }
        mistakes
    }
}

impl Spec {
    /// What is wrong with the tables of this spec: see [`Specs::mistakes`].
    #[must_use]
    pub fn mistakes(&self) -> Vec<SpecMistake> {
        let mut found = Vec::new();
        let clauses: Names = self.clauses.iter().map(|clause| clause.name).collect();
        let designs: Names = self.designs.iter().map(|design| design.name).collect();
        let scenarios: Names = self.scenarios.iter().map(|one| one.name).collect();
        let marks: Names = self.marks.iter().map(|mark| mark.name).collect();
        let mut properties: Names = self.properties.iter().map(|one| one.name).collect();
        for (table, rows) in [
            ("designs", designs.len()),
            ("scenarios", scenarios.len()),
            ("records", self.records.len()),
        ] {
            if rows == 0 {
                found.push(SpecMistake::Empty {
                    spec: self.name,
                    table,
                });
            }
        }
        for (table, names) in [
            ("clauses", &clauses),
            ("designs", &designs),
            ("scenarios", &scenarios),
            ("marks", &marks),
            ("properties", &properties),
        ] {
            named(&mut found, self.name, table, names);
        }
        // Every spec has it, whether or not it lists it.
        if !properties.contains(&NO_DEADLOCK) {
            properties.push(NO_DEADLOCK);
        }
        let mut refers = |place: &str, what: &'static str, names: &[&str], known: &Names| {
            let unknown = names.iter().filter(|name| !known.contains(name));
            found.extend(unknown.map(|name| SpecMistake::Unknown {
                spec: self.name,
                place: place.to_string(),
                what,
                name: (*name).to_string(),
                known: if known.is_empty() {
                    "none".to_string()
                } else {
                    known.join(", ")
                },
            }));
        };
        for design in self.designs {
            let place = format!("the design `{}`", design.name);
            refers(&place, "clause", design.clauses, &clauses);
        }
        for scenario in self.scenarios {
            let place = format!("the scenario `{}`", scenario.name);
            refers(&place, "mark", scenario.marks, &marks);
        }
        for need in self.needs {
            let place = format!("the need of `{}`", need.clause);
            refers(&place, "clause", &[need.clause], &clauses);
            let broken = need.breaks.iter().copied();
            // Without a clause an execution may not even end.
            let broken: Names = broken.filter(|name| *name != UNBOUNDED).collect();
            refers(&place, "property", &broken, &properties);
        }
        for one in self.unviolated {
            refers(
                "the table of what is never violated",
                "property",
                &[one.property],
                &properties,
            );
        }
        for record in self.records {
            let (design, scenario) = (record.design, record.scenario);
            let place = format!("the record of `{design}` in `{scenario}`");
            refers(&place, "design", &[design], &designs);
            refers(&place, "scenario", &[scenario], &scenarios);
            refers(&place, "property", record.verdict.properties(), &properties);
        }
        self.records_alone(&mut found);
        found
    }

    /// What is wrong with the records, whatever they name.
    fn records_alone(&self, found: &mut Vec<SpecMistake>) {
        let mut seen = BTreeSet::new();
        for record in self.records {
            let (design, scenario) = (record.design, record.scenario);
            if !seen.insert((design, scenario)) {
                found.push(SpecMistake::Twice {
                    spec: self.name,
                    table: "records",
                    name: format!("{design} in {scenario}"),
                });
            }
            if record.verdict.is_violated_without_reason() {
                found.push(SpecMistake::NoReason {
                    spec: self.name,
                    design,
                    scenario,
                });
            }
        }
        let designs = self.designs.iter().map(|design| ("design", design.name));
        let scenarios = self.scenarios.iter().map(|one| ("scenario", one.name));
        for (what, name) in designs.chain(scenarios) {
            let named = |(design, scenario): &(&str, &str)| match what {
                "design" => *design == name,
                _ => *scenario == name,
            };
            if !seen.is_empty() && !seen.iter().any(named) {
                found.push(SpecMistake::Unchecked {
                    spec: self.name,
                    what,
                    name,
                });
            }
        }
    }
}

/// Looks at the names of a table.
fn named(
    found: &mut Vec<SpecMistake>,
    spec: &'static str,
    table: &'static str,
    names: &[&'static str],
) {
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            found.push(SpecMistake::Twice {
                spec,
                table,
                name: (*name).to_string(),
            });
        }
        if !is_name(name) {
            found.push(SpecMistake::Unspeakable { spec, table, name });
        }
    }
}

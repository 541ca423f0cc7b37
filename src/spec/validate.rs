//! Mistakes in the tables of a spec: names that nothing has, and tables that say nothing.

use super::data::{Origin, Spec, UNBOUNDED};
use super::patch::{Hunk, WithoutHunk};
use super::specs::Specs;
use crate::engine::NO_DEADLOCK;
use crate::trace::is_name;
use std::collections::BTreeSet;
use thiserror::Error;

/// What is wrong with a spec's tables: see [`Specs::mistakes`].
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
    /// No expectation names a design or a scenario, so nothing checks it.
    #[error(
        "{spec}: no expectation names the {what} `{name}`, so nothing checks it: add an `Expectation`"
    )]
    Unchecked {
        /// The spec's name.
        spec: &'static str,
        /// A design or a scenario.
        what: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// An expectation of a violation names no property.
    #[error(
        "{spec}: the expectation of `{design}` in `{scenario}` says violated, and names no property: name the \
         reason, or expect a pass"
    )]
    NoReason {
        /// The spec's name.
        spec: &'static str,
        /// The design's name.
        design: &'static str,
        /// The scenario's name.
        scenario: &'static str,
    },
    /// A hunk of the patch has a change with neither a clause nor a reason, or no change.
    #[error(
        "{spec}: {place} has a change without a clause that mirrors it and without a reason why none does, or has no \
         change at all: see `Change::mirrored` and `Change::not_mirrored`"
    )]
    Unmirrored {
        /// The spec's name.
        spec: &'static str,
        /// The hunk.
        place: String,
    },
    /// The spec lists the hunks of its patch, and none of them shows a clause of the patch.
    #[error(
        "{spec}: no hunk of the patch names the clause `{clause}`: name it in a `Change`, or say in \
         `Patch::without_hunk` why none does"
    )]
    NoHunk {
        /// The spec's name.
        spec: &'static str,
        /// The clause's name.
        clause: &'static str,
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
    /// use pagelock::model::{Encoding, World};
    /// use pagelock::spec::{Design, Expectation, Scenario, Spec, Specs, Variant};
    /// use std::sync::Arc;
    ///
    /// fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    ///     Arc::new(|world: &mut World| world.thread("one", |_| Ok(())))
    /// }
    ///
    /// static SPEC: Spec = Spec {
    ///     designs: &[Design::new("only", "does nothing", &[])],
    ///     scenarios: &[Scenario::new("alone", "one thread")],
    ///     expectations: &[Expectation::passes("only", "aline")],
    ///     ..Spec::new("nothing", "a thread that does nothing", encode)
    /// };
    /// static SPECS: [&Spec; 1] = [&SPEC];
    ///
    /// let mistakes = Specs::from(&SPECS).mistakes();
    /// assert_eq!(
    ///     mistakes[0].to_string(),
    ///     "nothing: the expectation of `only` in `aline` names the scenario `aline`, and there is none; \
    ///      known: alone"
    /// );
    /// ```
    #[must_use]
    pub fn mistakes(self) -> Vec<SpecMistake> {
        let mut mistakes = Vec::new();
        let names: Names = self.iter().map(|spec| spec.name).collect();
        check_names(&mut mistakes, "the specs", "specs", &names);
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
        for (table, rows) in [
            ("designs", self.designs.len()),
            ("scenarios", self.scenarios.len()),
            ("expectations", self.expectations.len()),
        ] {
            if rows == 0 {
                let spec = self.name;
                found.push(SpecMistake::Empty { spec, table });
            }
        }
        let names = TableNames::of(self);
        for (table, names) in [
            ("clauses", &names.clauses),
            ("designs", &names.designs),
            ("scenarios", &names.scenarios),
            ("cover_points", &names.cover_points),
            ("properties", &names.properties),
        ] {
            check_names(&mut found, self.name, table, names);
        }
        self.check_references(&mut found, names);
        self.check_expectations(&mut found);
        self.check_patch(&mut found);
        found
    }

    /// Looks for names that no table has.
    fn check_references(&self, found: &mut Vec<SpecMistake>, mut names: TableNames) {
        // Every spec has it, whether or not it lists it.
        if !names.properties.contains(&NO_DEADLOCK) {
            names.properties.push(NO_DEADLOCK);
        }
        let mut refers = |place: String, what: &'static str, used: &[&str], known: &Names| {
            for name in used {
                if !known.contains(name) {
                    found.push(SpecMistake::Unknown {
                        spec: self.name,
                        place: place.clone(),
                        what,
                        name: (*name).to_string(),
                        known: if known.is_empty() {
                            "none".to_string()
                        } else {
                            known.join(", ")
                        },
                    });
                }
            }
        };
        for design in self.designs {
            let place = format!("the design `{}`", design.name);
            refers(place.clone(), "clause", &design.clauses(), &names.clauses);
            refers(place, "clause", design.removed, &names.clauses);
        }
        for scenario in self.scenarios {
            let place = format!("the scenario `{}`", scenario.name);
            refers(place, "cover point", scenario.cover, &names.cover_points);
        }
        for clause in self.clauses {
            let mut breaks = clause.ablation.map_or(vec![], |one| one.breaks.to_vec());
            // Without a clause an execution may not even end.
            breaks.retain(|name| *name != UNBOUNDED);
            let place = format!("the expected ablation of `{}`", clause.name);
            refers(place, "property", &breaks, &names.properties);
        }
        if let Some(patch) = self.patch {
            for hunk in patch.hunks {
                let used = hunk.changes.iter().flat_map(|one| one.mirror.clauses());
                let used: Vec<&str> = used.copied().collect();
                refers(place_of(hunk), "clause", &used, &names.clauses);
            }
            let used: Vec<&str> = patch.without_hunk.iter().map(|one| one.clause).collect();
            let place = "the table of clauses without a hunk".to_string();
            refers(place, "clause", &used, &names.clauses);
        }
        for one in self.unviolated {
            let place = "the table of what is never violated".to_string();
            refers(place, "property", &[one.property], &names.properties);
        }
        for expectation in self.expectations {
            let (design, scenario) = (expectation.design, expectation.scenario);
            let place = format!("the expectation of `{design}` in `{scenario}`");
            refers(place.clone(), "design", &[design], &names.designs);
            refers(place.clone(), "scenario", &[scenario], &names.scenarios);
            let violated = expectation.outcome.properties();
            refers(place, "property", violated, &names.properties);
        }
    }

    /// What is wrong with the expectations, whatever they name.
    fn check_expectations(&self, found: &mut Vec<SpecMistake>) {
        let spec = self.name;
        let mut seen = BTreeSet::new();
        for expectation in self.expectations {
            let (design, scenario) = (expectation.design, expectation.scenario);
            if !seen.insert((design, scenario)) {
                found.push(SpecMistake::Twice {
                    spec,
                    table: "expectations",
                    name: format!("{design} in {scenario}"),
                });
            }
            if expectation.outcome.is_violated_without_reason() {
                found.push(SpecMistake::NoReason {
                    spec,
                    design,
                    scenario,
                });
            }
        }
        if seen.is_empty() {
            return;
        }
        for design in self.designs {
            if !seen.iter().any(|(name, _)| *name == design.name) {
                let (what, name) = ("design", design.name);
                found.push(SpecMistake::Unchecked { spec, what, name });
            }
        }
        for scenario in self.scenarios {
            if !seen.iter().any(|(_, name)| *name == scenario.name) {
                let (what, name) = ("scenario", scenario.name);
                found.push(SpecMistake::Unchecked { spec, what, name });
            }
        }
    }
}

impl Spec {
    /// What is wrong with the hunks of the patch, whatever clauses they name: one is there twice, or has nothing that
    /// mirrors it; or a clause of the patch has none, or has one and a reason for having none.
    fn check_patch(&self, found: &mut Vec<SpecMistake>) {
        let (spec, Some(patch)) = (self.name, self.patch) else {
            return;
        };
        let twice = |name: String| SpecMistake::Twice {
            spec,
            table: "patch",
            name,
        };
        for (place, hunk) in patch.hunks.iter().enumerate() {
            let is_same = |other: &Hunk| (other.file, other.lines) == (hunk.file, hunk.lines);
            if patch.hunks[..place].iter().any(is_same) {
                found.push(twice(format!("{} {}", hunk.file, hunk.lines)));
            }
            if hunk.changes.is_empty() || hunk.changes.iter().any(|one| one.mirror.is_empty()) {
                let place = place_of(hunk);
                found.push(SpecMistake::Unmirrored { spec, place });
            }
        }
        let named: BTreeSet<&str> = patch.clauses().collect();
        for one in patch.without_hunk {
            if named.contains(one.clause) {
                found.push(twice(one.clause.to_string()));
            }
        }
        for clause in self.clauses {
            let says_why = |one: &WithoutHunk| one.clause == clause.name && !one.reason.is_empty();
            let said = patch.without_hunk.iter().any(says_why);
            if clause.origin == Origin::Patch && !said && !named.contains(clause.name) {
                let clause = clause.name;
                found.push(SpecMistake::NoHunk { spec, clause });
            }
        }
    }
}

fn place_of(hunk: &Hunk) -> String {
    format!("the hunk `{}` of {}", hunk.lines, hunk.file)
}

/// The names that each table of a spec has.
struct TableNames {
    clauses: Names,
    designs: Names,
    scenarios: Names,
    cover_points: Names,
    properties: Names,
}

impl TableNames {
    fn of(spec: &Spec) -> Self {
        Self {
            clauses: spec.clauses.iter().map(|clause| clause.name).collect(),
            designs: spec.designs.iter().map(|design| design.name).collect(),
            scenarios: spec.scenarios.iter().map(|one| one.name).collect(),
            cover_points: spec.cover_points.iter().map(|one| one.name).collect(),
            properties: spec.properties.iter().map(|one| one.name).collect(),
        }
    }
}

/// Looks at the names of a table.
fn check_names(
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

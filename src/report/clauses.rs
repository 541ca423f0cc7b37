//! The matrix of clauses and properties: what each clause is needed for, and the smallest sets.

use crate::ablation::{Place, Row, Study, UNBOUNDED};
use crate::engine::NO_DEADLOCK;
use crate::escape::{self, markdown};
use crate::render::text::wrap;
use crate::spec::Spec;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version of the JSON document's shape.
pub const CLAUSES_SCHEMA: &str = "pagelock-clauses/1";

/// Everything that can be broken in a spec, in its order.
pub(super) fn properties(spec: &Spec) -> Vec<&'static str> {
    let own = spec.properties.iter().map(|property| property.name);
    let mut names: Vec<&str> = own.collect();
    if !names.contains(&NO_DEADLOCK) {
        names.push(NO_DEADLOCK);
    }
    names.push(UNBOUNDED);
    names
}

/// The scenarios in which something is broken, by property, each once.
pub(super) fn by_property(places: &[Place]) -> BTreeMap<&str, BTreeSet<&'static str>> {
    let mut all: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for place in places {
        let scenarios = all.entry(&place.broken.property).or_default();
        scenarios.insert(place.scenario);
    }
    all
}

/// The sentence for a reviewer, from the clause.
pub(super) fn sentence(row: &Row) -> &'static str {
    row.clause.ablation.map_or("", |expected| expected.sentence)
}

/// What the studies of a spec say, for a terminal of a hundred columns.
///
/// ```
/// use pagelock::ablation;
/// use pagelock::report::clauses_screen;
/// use pagelock::protocols::{nfs_coalesce::SPEC};
/// use pagelock::spec::{Spec};
///
/// static SIGNAL: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let screen = clauses_screen(&[ablation::patch(&SIGNAL, &|_, _| ()).unwrap()]);
/// assert!(screen.starts_with("nfs-coalesce/patched: what breaks without each clause\n"));
/// assert!(screen.contains("  smallest sets that keep what patched keeps\n    - sync-through-writepages\n"));
/// assert!(screen.lines().all(|line| line.len() <= 100));
/// ```
#[must_use]
pub fn clauses_screen(studies: &[Study]) -> String {
    let mut text = String::new();
    for study in studies {
        let properties = properties(study.spec);
        let (spec, target) = (study.spec.name, study.target.name);
        let _ = writeln!(
            text,
            "{spec}/{target}: what breaks without each clause\n\n  properties"
        );
        for (number, property) in (1..).zip(&properties) {
            let _ = writeln!(text, "    {number:2}  {property}");
        }
        let _ = writeln!(
            text,
            "\n  scenarios in which it breaks, of {}",
            study.scenarios
        );
        let names = study.rows.iter().map(|row| row.clause.name.len());
        let width = names.max().unwrap_or_default() + 2;
        let _ = write!(text, "\n  {:width$}", "without");
        for number in 1..=properties.len() {
            let _ = write!(text, "{number:>4}");
        }
        text.push('\n');
        for row in &study.rows {
            let broken = by_property(&row.breaks);
            let _ = write!(text, "  {:width$}", row.clause.name);
            for property in &properties {
                let scenarios = broken.get(property).map_or(0, BTreeSet::len);
                let cell = if scenarios == 0 {
                    ".".to_string()
                } else {
                    scenarios.to_string()
                };
                let _ = write!(text, "{cell:>4}");
            }
            text.push('\n');
            for line in wrap(sentence(row), 6) {
                let _ = writeln!(text, "{line}");
            }
        }
        let _ = writeln!(
            text,
            "\n  smallest sets that keep what {target} keeps{}",
            beside(study)
        );
        for set in &study.smallest {
            for line in wrap(&format!("- {}", listed(set)), 4) {
                let _ = writeln!(text, "{line}");
            }
        }
        text.push('\n');
        for line in wrap(&count(study), 2) {
            let _ = writeln!(text, "{line}");
        }
        text.push('\n');
    }
    escape::screen(&text)
}

pub(super) fn listed(set: &[&str]) -> String {
    if set.is_empty() {
        "none of them".to_string()
    } else {
        set.join(", ")
    }
}

pub(super) fn beside(study: &Study) -> String {
    if study.fixed.is_empty() {
        String::new()
    } else {
        format!(", beside the {} clauses of the patch", study.fixed.len())
    }
}

/// How many sets were decided by how many searches, and whether more is always better.
pub(super) fn count(study: &Study) -> String {
    let pairs = study.sets * study.scenarios;
    let mut text = format!(
        "{} sets in {} scenarios, {} suffice. {} exhaustive searches decide all {pairs} pairs: a search \
         speaks for every set that agrees with it on the clauses that it asked for, and a set that \
         fails in one scenario is not looked at in another. ",
        study.sets, study.scenarios, study.sufficient, study.searches
    );
    if study.exceptions == 0 {
        text.push_str("No clause spoils a set that suffices: here, more is never worse.");
    } else {
        let _ = write!(
            text,
            "More is not always better: in {} cases a clause spoils a set that suffices.",
            study.exceptions
        );
        for example in &study.examples {
            let _ = write!(
                text,
                " {} spoils {}.",
                example.clause,
                listed(&example.set).replace(", ", " + ")
            );
        }
    }
    text
}

/// The same in Markdown.
///
/// A column for each property that something breaks, and a row for each clause:
/// ```
/// use pagelock::ablation;
/// use pagelock::report::clauses_markdown;
/// use pagelock::protocols;
///
/// let study = ablation::later(protocols::find("page-mkwrite").unwrap(), &|_, _| ()).unwrap();
/// let table = clauses_markdown(&[study]);
/// let rows: Vec<&str> = table.lines().collect();
/// assert!(rows[0].starts_with("| `fixed` without | metadata | store |"));
/// assert!(rows[3].starts_with("| locked-is-success (P-U2) | wrapper | wrapper |"));
/// ```
#[must_use]
pub fn clauses_markdown(studies: &[Study]) -> String {
    let mut text = String::new();
    for study in studies {
        let broken: Vec<_> = study
            .rows
            .iter()
            .map(|row| by_property(&row.breaks))
            .collect();
        let some = |property: &&&str| broken.iter().any(|all| all.contains_key(**property));
        let all = properties(study.spec);
        let columns: Vec<&&str> = all.iter().filter(some).collect();
        let _ = write!(text, "| {} without |", escape::code(study.target.name));
        for name in &columns {
            let _ = write!(text, " {} |", markdown(name));
        }
        let _ = write!(text, " alone, it mends | alone, it breaks | |\n|---|");
        let _ = writeln!(text, "{}---|---|---|", "---|".repeat(columns.len()));
        for (row, broken) in study.rows.iter().zip(&broken) {
            let _ = write!(text, "| {} |", markdown(&row.clause.in_a_row()));
            for property in &columns {
                let scenarios = broken.get(**property).map(cell).unwrap_or_default();
                let _ = write!(text, " {} |", markdown(&scenarios));
            }
            let alone = |places: &[Place]| {
                let all = by_property(places);
                let each = all
                    .iter()
                    .map(|(property, scenarios)| format!("{property} ({})", scenarios.len()));
                markdown(&each.collect::<Vec<_>>().join(", "))
            };
            let _ = writeln!(
                text,
                " {} | {} | {} |",
                alone(&row.mends_alone),
                alone(&row.breaks_alone),
                markdown(sentence(row))
            );
        }
        let _ = writeln!(
            text,
            "\nSmallest sets that keep what {} keeps{}:\n",
            escape::code(study.target.name),
            beside(study)
        );
        for set in &study.smallest {
            let _ = writeln!(text, "- {}", markdown(&listed(set)));
        }
        let _ = writeln!(text, "\n{}\n", markdown(&count(study)));
    }
    text
}

/// The first scenarios by name, and the number of the others.
pub(super) fn cell(scenarios: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = scenarios.iter().take(SHOWN).copied().collect();
    match scenarios.len().checked_sub(SHOWN) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{}, and {more} more", shown.join(", ")),
    }
}

/// The same as a JSON document.
///
/// ```
/// use pagelock::ablation;
/// use pagelock::report::{CLAUSES_SCHEMA, clauses_json};
/// use pagelock::protocols::{ext4_journal_start::SPEC};
/// use pagelock::spec::{Spec};
///
/// static WRITE: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let study = ablation::patch(&WRITE, &|_, _| ()).unwrap();
/// let json: serde_json::Value = serde_json::from_str(&clauses_json(&[study])).unwrap();
/// assert_eq!(json["schema"], CLAUSES_SCHEMA);
/// assert_eq!(json["studies"][0]["smallest"][0][0], "handle-before-page-lock");
/// assert_eq!(json["studies"][0]["rows"][0]["breaks"][0]["property"], "data");
/// ```
#[must_use]
pub fn clauses_json(studies: &[Study]) -> String {
    let places = |places: &[Place]| -> Vec<Value> {
        let one = |place: &Place| {
            json!({
                "scenario": place.scenario,
                "property": place.broken.property,
                "cycle": place.broken.cycle,
            })
        };
        places.iter().map(one).collect()
    };
    let studies: Vec<Value> = (studies.iter())
        .map(|study| {
            let rows = study.rows.iter().map(|row| {
                json!({
                    "clause": row.clause.name,
                    "id": row.clause.id,
                    "asked_in": row.asked,
                    "breaks": places(&row.breaks),
                    "mends_alone": places(&row.mends_alone),
                    "breaks_alone": places(&row.breaks_alone),
                    "sentence": sentence(row),
                })
            });
            let examples = study
                .examples
                .iter()
                .map(|example| json!({ "set": example.set, "clause": example.clause }));
            json!({
                "spec": study.spec.name,
                "design": study.target.name,
                "start": study.start.name,
                "fixed": study.fixed,
                "rows": rows.collect::<Vec<_>>(),
                "smallest": study.smallest,
                "sets": study.sets,
                "sufficient": study.sufficient,
                "scenarios": study.scenarios,
                "searches": study.searches,
                "exceptions": study.exceptions,
                "examples": examples.collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({ "schema": CLAUSES_SCHEMA, "studies": studies });
    escape::json(&format!("{document:#}\n"))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::ablation::Broken;
    use crate::protocols::nfs_coalesce::{ALWAYS_COMPLETE, SPEC};

    /// One clause, whose absence breaks one property in one scenario.
    fn study() -> Study {
        let place = Place {
            scenario: "error",
            broken: Broken {
                property: NO_DEADLOCK.to_string(),
                cycle: Some("page lock -> page lock".to_string()),
            },
        };
        Study {
            spec: &SPEC,
            target: &SPEC.designs[1],
            start: &SPEC.designs[0],
            fixed: vec!["one"],
            rows: vec![Row {
                clause: &ALWAYS_COMPLETE,
                breaks: vec![place],
                mends_alone: Vec::new(),
                breaks_alone: Vec::new(),
                asked: 1,
            }],
            smallest: vec![vec![], vec!["one", "two"]],
            sufficient: 3,
            sets: 4,
            scenarios: 2,
            searches: 5,
            exceptions: 0,
            examples: Vec::new(),
        }
    }

    #[test]
    fn the_screen_has_the_sets_and_fits_a_terminal() {
        let screen = clauses_screen(&[study()]);
        assert!(
            screen.contains("nfs-coalesce/patched: what breaks"),
            "{screen}"
        );
        assert!(screen.contains("- none of them\n"), "{screen}");
        assert!(screen.contains("- one, two\n"), "{screen}");
        assert!(
            screen.contains("4 sets in 2 scenarios, 3 suffice. 5 exhaustive"),
            "{screen}"
        );
        assert!(screen.lines().all(|line| line.len() <= 100), "{screen}");
    }

    #[test]
    fn markdown_has_a_column_for_what_is_broken_only() {
        let table = clauses_markdown(&[study()]);
        let head = table.lines().next().unwrap_or_default();
        let expected = "| `patched` without | no-deadlock | alone, it mends | alone, it breaks | |";
        assert_eq!(head, expected);
    }

    #[test]
    fn json_names_scenario_property_and_cycle() {
        let json: Value = serde_json::from_str(&clauses_json(&[study()])).expect("JSON");
        assert_eq!(json["schema"], CLAUSES_SCHEMA);
        let text = json.to_string();
        for word in [
            "error",
            NO_DEADLOCK,
            "page lock -> page lock",
            "always-complete",
        ] {
            assert!(text.contains(word), "{word} in {text}");
        }
    }
}

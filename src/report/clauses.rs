//! The ablation matrix: what each clause is needed for, and the smallest sets that suffice.

use crate::ablation::{AblationReport, AblationRow, ViolationIn};
use crate::engine::NO_DEADLOCK;
use crate::escape::{self, markdown};
use crate::render::text::wrap;
use crate::spec::{Spec, UNBOUNDED};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version of the JSON document's shape.
pub const CLAUSES_SCHEMA: &str = "pagelock-clauses/2";

/// Everything that can be violated in a spec, in its order.
pub(super) fn properties(spec: &Spec) -> Vec<&'static str> {
    let own = spec.properties.iter().map(|property| property.name);
    let mut names: Vec<&str> = own.collect();
    if !names.contains(&NO_DEADLOCK) {
        names.push(NO_DEADLOCK);
    }
    names.push(UNBOUNDED);
    names
}

/// The scenarios of some violations by property, each once.
pub(super) fn by_property(violations: &[ViolationIn]) -> BTreeMap<&str, BTreeSet<&'static str>> {
    let mut all: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for one in violations {
        let scenarios = all.entry(&one.violation.property).or_default();
        scenarios.insert(one.scenario);
    }
    all
}

/// The sentence for a reviewer, from the clause.
pub(super) fn sentence(row: &AblationRow) -> &'static str {
    row.clause.ablation.map_or("", |expected| expected.sentence)
}

/// The ablation reports for a terminal of a hundred columns.
#[must_use]
pub fn clauses_screen(reports: &[AblationReport]) -> String {
    let mut text = String::new();
    for report in reports {
        let properties = properties(report.spec);
        let (spec, target) = (report.spec.name, report.target.name);
        let _ = writeln!(
            text,
            "{spec}/{target}: what is violated without each clause\n\n  properties"
        );
        for (number, property) in (1..).zip(&properties) {
            let _ = writeln!(text, "    {number:2}  {property}");
        }
        let _ = writeln!(
            text,
            "\n  scenarios in which it is violated, of {}",
            report.scenarios
        );
        let names = report.rows.iter().map(|row| row.clause.name.len());
        let width = names.max().unwrap_or_default() + 2;
        let _ = write!(text, "\n  {:width$}", "without");
        for number in 1..=properties.len() {
            let _ = write!(text, "{number:>4}");
        }
        text.push('\n');
        for row in &report.rows {
            let violated = by_property(&row.violates);
            let _ = write!(text, "  {:width$}", row.clause.name);
            for property in &properties {
                let cell = match violated.get(property) {
                    None => ".".to_string(),
                    Some(scenarios) => scenarios.len().to_string(),
                };
                let _ = write!(text, "{cell:>4}");
            }
            text.push('\n');
            for line in wrap(sentence(row), 6).into_iter().chain(needed_lines(row)) {
                let _ = writeln!(text, "{line}");
            }
        }
        let _ = writeln!(
            text,
            "\n  smallest sets that keep what {target} keeps{}",
            in_addition(report)
        );
        for set in &report.smallest {
            for line in wrap(&format!("- {}", listed(set)), 4) {
                let _ = writeln!(text, "{line}");
            }
        }
        text.push('\n');
        for line in wrap(&count(report), 2) {
            let _ = writeln!(text, "{line}");
        }
        text.push('\n');
    }
    escape::screen(&text)
}

/// Where a clause is needed in the space, if that was explored.
fn needed_lines(row: &AblationRow) -> Vec<String> {
    let Some(needed) = &row.in_space else {
        return Vec::new();
    };
    let of = needed.of;
    let sentence = match needed.scenarios {
        0 => format!(
            "Needed in none of the {of} scenarios of the space, up to {}.",
            needed.bound
        ),
        scenarios => {
            format!("Needed in {scenarios} of the {of} scenarios of the space; the smallest:")
        }
    };
    let mut lines = wrap(&sentence, 6);
    lines.extend(
        needed
            .smallest
            .iter()
            .map(|scenario| format!("        {scenario}")),
    );
    lines
}

pub(super) fn listed(set: &[&str]) -> String {
    if set.is_empty() {
        "none of them".to_string()
    } else {
        set.join(", ")
    }
}

/// What every set has.
pub(super) fn in_addition(report: &AblationReport) -> String {
    match report.fixed.len() {
        0 => String::new(),
        fixed => format!(", in addition to the {fixed} clauses of the patch"),
    }
}

/// How many sets were decided by how many searches, and whether more is always better.
pub(super) fn count(report: &AblationReport) -> String {
    let pairs = report.sets * report.scenarios;
    let mut text = format!(
        "{} sets in {} scenarios, {} suffice. {} exhaustive searches decide all {pairs} pairs: a search \
         decides every set that agrees with it on the clauses that it consulted, and a set that fails in \
         one scenario is not searched in another. ",
        report.sets, report.scenarios, report.sufficient, report.searches
    );
    if report.spoiled == 0 {
        text.push_str("No clause spoils a set that suffices: here, more is never worse.");
        return text;
    }
    let _ = write!(
        text,
        "More is not always better: in {} cases a clause spoils a set that suffices.",
        report.spoiled
    );
    for example in &report.examples {
        let set = listed(&example.set).replace(", ", " + ");
        let _ = write!(text, " {} spoils {set}.", example.clause);
    }
    text
}

/// The same in Markdown: a column for each property that is violated, and a row for each clause.
#[must_use]
pub fn clauses_markdown(reports: &[AblationReport]) -> String {
    let mut text = String::new();
    for report in reports {
        let mut violated = Vec::new();
        for row in &report.rows {
            violated.push(by_property(&row.violates));
        }
        let mut columns = properties(report.spec);
        columns.retain(|property| violated.iter().any(|row| row.contains_key(property)));
        let _ = write!(text, "| {} without |", escape::code(report.target.name));
        for name in &columns {
            let _ = write!(text, " {} |", markdown(name));
        }
        let _ = write!(text, " alone, it fixes | alone, it violates | |\n|---|");
        let _ = writeln!(text, "{}---|---|---|", "---|".repeat(columns.len()));
        for (row, violated) in report.rows.iter().zip(&violated) {
            let _ = write!(text, "| {} |", markdown(&row.clause.in_a_row()));
            for property in &columns {
                let scenarios = violated.get(property).map(cell).unwrap_or_default();
                let _ = write!(text, " {} |", markdown(&scenarios));
            }
            let _ = writeln!(
                text,
                " {} | {} | {} |",
                markdown(&counted(&row.fixes_alone)),
                markdown(&counted(&row.violates_alone)),
                markdown(sentence(row))
            );
        }
        let _ = writeln!(
            text,
            "\nSmallest sets that keep what {} keeps{}:\n",
            escape::code(report.target.name),
            in_addition(report)
        );
        for set in &report.smallest {
            let _ = writeln!(text, "- {}", markdown(&listed(set)));
        }
        let _ = writeln!(text, "\n{}\n", markdown(&count(report)));
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

/// The properties of some violations, each with the number of scenarios.
pub(super) fn counted(violations: &[ViolationIn]) -> String {
    let mut words = Vec::new();
    for (property, scenarios) in by_property(violations) {
        words.push(format!("{property} ({})", scenarios.len()));
    }
    words.join(", ")
}

/// The same as a JSON document.
#[must_use]
pub fn clauses_json(reports: &[AblationReport]) -> String {
    let violations = |violations: &[ViolationIn]| -> Vec<Value> {
        let one = |one: &ViolationIn| {
            json!({
                "scenario": one.scenario,
                "property": one.violation.property,
                "cycle": one.violation.cycle,
            })
        };
        violations.iter().map(one).collect()
    };
    let mut documents: Vec<Value> = Vec::new();
    for report in reports {
        let mut rows: Vec<Value> = Vec::new();
        for row in &report.rows {
            rows.push(json!({
                "clause": row.clause.name,
                "id": row.clause.id,
                "consulted_in": row.consulted,
                "needed_in": row.in_space.as_ref().map(|needed| needed.scenarios),
                "of": row.in_space.as_ref().map(|needed| needed.of),
                "smallest": row.in_space.as_ref().and_then(|needed| needed.smallest.clone()),
                "needed_for": row.in_space.as_ref().map(|needed| needed.properties.clone()),
                "violates": violations(&row.violates),
                "fixes_alone": violations(&row.fixes_alone),
                "violates_alone": violations(&row.violates_alone),
                "sentence": sentence(row),
            }));
        }
        let examples = report.examples.iter();
        let examples =
            examples.map(|example| json!({ "set": example.set, "clause": example.clause }));
        documents.push(json!({
            "spec": report.spec.name,
            "design": report.target.name,
            "start": report.start.name,
            "fixed": report.fixed,
            "rows": rows,
            "smallest": report.smallest,
            "sets": report.sets,
            "sufficient": report.sufficient,
            "scenarios": report.scenarios,
            "searches": report.searches,
            "spoiled": report.spoiled,
            "examples": examples.collect::<Vec<_>>(),
        }));
    }
    let document = json!({ "schema": CLAUSES_SCHEMA, "reports": documents });
    escape::json(&format!("{document:#}\n"))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::ablation::ViolationKind;
    use crate::protocols::nfs_coalesce::{ALWAYS_COMPLETE, SPEC};

    /// One clause, whose absence violates one property in one scenario.
    fn report() -> AblationReport {
        let violation = ViolationIn {
            scenario: "error",
            violation: ViolationKind {
                property: NO_DEADLOCK.to_string(),
                cycle: Some("page lock -> page lock".to_string()),
            },
        };
        AblationReport {
            spec: &SPEC,
            target: SPEC.patched().expect("it is patched"),
            start: &SPEC.designs[0],
            fixed: vec!["one"],
            rows: vec![AblationRow {
                clause: &ALWAYS_COMPLETE,
                violates: vec![violation],
                fixes_alone: Vec::new(),
                violates_alone: Vec::new(),
                consulted: 1,
                in_space: None,
            }],
            smallest: vec![vec![], vec!["one", "two"]],
            sufficient: 3,
            sets: 4,
            scenarios: 2,
            searches: 5,
            spoiled: 0,
            examples: Vec::new(),
        }
    }

    #[test]
    fn the_screen_has_the_sets_and_fits_a_terminal() {
        let screen = clauses_screen(&[report()]);
        assert!(
            screen.contains("nfs-coalesce/patched: what is violated"),
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
    fn markdown_has_a_column_for_what_is_violated_only() {
        let table = clauses_markdown(&[report()]);
        let head = table.lines().next().unwrap_or_default();
        let expected =
            "| `patched` without | no-deadlock | alone, it fixes | alone, it violates | |";
        assert_eq!(head, expected);
    }

    #[test]
    fn json_names_scenario_property_and_cycle() {
        let json: Value = serde_json::from_str(&clauses_json(&[report()])).expect("JSON");
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

//! A spec in tables: its designs, clauses, scenarios, properties, verdicts and search statistics, in Markdown.

use super::clauses::sentence;
use super::table::{all_properties, verdict_of};
use crate::ablation::AblationReport;
use crate::protocols;
use crate::runner::groups;
use crate::spec::{EngineSet, Origin, Run, Spec};
use crate::trace::SearchStatistics;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How many variants are named that violate a property, where no more designs do.
const SHOWN: usize = 4;

/// The statistics of every search of a spec.
pub(super) fn statistics(runs: &[&Run]) -> String {
    let mut text = String::from(
        "| design | scenario | engine | strategy | executions | longest | states, transitions, ends | \
         complete | model |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for group in groups(runs) {
        let place = format!("| {} | {} |", group[0].design.name, group[0].scenario.name);
        let not_run: &[&str] = match group[0].scenario.engines {
            EngineSet::All => &[],
            EngineSet::NotShuttle => &["shuttle | not run: what fails is too rare for a sample"],
            EngineSet::Sampled => &[
                "loom | not run: too large in some design",
                "stateful | not run: too large in some design",
            ],
        };
        for reason in not_run {
            let _ = writeln!(text, "{place} {reason} | - | - | - | no | - |");
        }
        for run in group {
            let statistics = &run.search.statistics;
            let states = statistics.states.map_or_else(
                || "-".to_string(),
                |s| format!("{}, {}, {}", s.states, s.transitions, s.ends),
            );
            let _ = writeln!(
                text,
                "{place} {} {} | {} | {} | {} | {states} | {} | `{}` |",
                statistics.engine,
                statistics.version,
                statistics.strategy,
                executions(statistics),
                statistics.longest,
                if statistics.complete { "yes" } else { "sample" },
                statistics.fingerprint,
            );
        }
    }
    text
}

/// The executions of a search, and how many more were cut short.
fn executions(statistics: &SearchStatistics) -> String {
    match (statistics.engine.as_str(), statistics.cut_short) {
        ("loom", cut) => format!("{} + {cut} cut short", statistics.executions),
        (_, _) => statistics.executions.to_string(),
    }
}

/// A spec's designs.
pub(super) fn designs(spec: &Spec) -> String {
    let mut text = String::from("| design | what it is | clauses |\n|---|---|---|\n");
    for design in spec.designs {
        let clauses = match design.clauses().join(", ") {
            none if none.is_empty() => "none".to_string(),
            some => some,
        };
        let _ = writeln!(text, "| {} | {} | {clauses} |", design.name, design.summary);
    }
    text
}

/// A spec's clauses.
pub(super) fn clauses(spec: &Spec) -> String {
    let mut text =
        String::from("| clause | name | what it does | function | from |\n|---|---|---|---|---|\n");
    for clause in spec.clauses {
        let from = match clause.origin {
            Origin::Patch => spec.commit.to_string(),
            Origin::Earlier { commit, subject } | Origin::Later { commit, subject } => {
                format!("{commit}: {subject}")
            }
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | `{}` | {from} |",
            clause.id, clause.name, clause.summary, clause.function.name
        );
    }
    text
}

/// The spec of the same patch whose chapter comes before.
fn of_the_same_patch(spec: &Spec) -> Option<&'static Spec> {
    let mut before = (protocols::ALL.iter()).take_while(|other| other.name != spec.name);
    before.find(|other| other.commit == spec.commit)
}

/// What a table leaves out, since the chapter of the same patch has it.
fn left_out(spec: &Spec, what: &str, names: &[String]) -> String {
    match of_the_same_patch(spec) {
        Some(other) if !names.is_empty() => {
            format!("\n{what} {}: {}.\n", other.name, names.join(", "))
        }
        _ => String::new(),
    }
}

/// A spec's clauses, each with what is violated without it, and why; of a patch that another spec before it has, those
/// that are needed for something else here, or are not in its chapter.
pub(super) fn clauses_in_short(spec: &Spec, ablations: &[AblationReport]) -> String {
    let mut text = String::from(
        "| clause | commit | what it does | without it, violated | |\n|---|---|---|---|---|\n",
    );
    let mut known = Vec::new();
    for clause in spec.clauses {
        let commit = match clause.origin {
            Origin::Patch => "the patch",
            Origin::Earlier { commit, .. } | Origin::Later { commit, .. } => commit,
        };
        let (mut violated, mut why) = (BTreeSet::new(), "");
        for report in ablations {
            for row in &report.rows {
                if row.clause.name == clause.name {
                    violated.extend(row.needed_for());
                    why = sentence(row);
                }
            }
        }
        let violated: Vec<&str> = violated.into_iter().collect();
        let before = of_the_same_patch(spec).and_then(|other| other.clause(clause.name)?.ablation);
        if before.is_some_and(|one| violated.iter().all(|name| one.breaks.contains(name))) {
            known.push(clause.in_a_row());
            continue;
        }
        let violated = match violated.join(", ") {
            none if none.is_empty() => "nothing".to_string(),
            some => some,
        };
        let _ = writeln!(
            text,
            "| {} | {commit} | {} | {violated} | {why} |",
            clause.in_a_row(),
            clause.summary
        );
    }
    text + &left_out(
        spec,
        "Needed for nothing that they are not needed for in",
        &known,
    )
}

/// The verdict of each design in each scenario: a column for each design.
pub(super) fn verdicts_in_short(spec: &Spec, runs: &[&Run]) -> String {
    let mut text = String::from("| scenario | what it shows |");
    for design in spec.designs {
        let _ = write!(text, " {} |", design.name);
    }
    let _ = writeln!(text, "\n|---|---|{}", "---|".repeat(spec.designs.len()));
    let groups = groups(runs);
    let mut passed = Vec::new();
    for scenario in spec.scenarios {
        let cells = spec.designs.iter().map(|design| {
            let group = (groups.iter()).find(|group| {
                (group[0].design.name, group[0].scenario.name) == (design.name, scenario.name)
            });
            group.map_or("-".to_string(), |group| verdict(group))
        });
        let cells: Vec<String> = cells.collect();
        if cells.iter().all(|cell| cell == "pass") {
            passed.push(scenario.name);
            continue;
        }
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            scenario.name,
            scenario.shows,
            cells.join(" | ")
        );
    }
    if !passed.is_empty() {
        let _ = writeln!(text, "\nEvery design passes in {}.", passed.join(", "));
    }
    text
}

/// The properties that a design violates in a scenario, or its verdict.
fn verdict(group: &[&Run]) -> String {
    let mut words = match all_properties(group) {
        none if none.is_empty() => verdict_of(group).to_string(),
        violated => format!("**{}**", violated.join(", ")),
    };
    if !group.iter().any(|run| run.search.statistics.complete) {
        words.push_str(" (sample)");
    }
    if group.iter().any(|run| run.differs.is_some()) {
        words.push_str(", **not as expected**");
    }
    words
}

/// A spec's properties; of a patch that another spec before it has, those that the other does not have.
pub(super) fn properties_in_short(spec: &Spec) -> String {
    let mut text = String::from("| property | says |\n|---|---|\n");
    let mut known = Vec::new();
    for property in spec.properties {
        if of_the_same_patch(spec).is_some_and(|other| other.property(property.name).is_some()) {
            known.push(property.name.to_string());
            continue;
        }
        let _ = writeln!(text, "| {} | {} |", property.name, property.summary);
    }
    text + &left_out(spec, "As in", &known)
}

/// A spec's scenarios.
pub(super) fn scenarios(spec: &Spec) -> String {
    let mut text = String::from(
        "| scenario | threads and sizes | shows | cover points |\n|---|---|---|---|\n",
    );
    for scenario in spec.scenarios {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            scenario.name,
            scenario.summary,
            scenario.shows,
            scenario.cover.join(", ")
        );
    }
    text
}

/// A spec's properties, and what violates them.
pub(super) fn properties(spec: &Spec, runs: &[&Run], ablations: &[AblationReport]) -> String {
    let mut text = String::from("| property | says | checked | violated by |\n|---|---|---|---|\n");
    for property in spec.properties {
        let violates = |run: &&&Run| run.search.finding(property.name).is_some();
        let mut by: Vec<String> = (runs.iter().filter(violates))
            .map(|run| format!("{} in {}", run.design.name, run.scenario.name))
            .collect();
        by.dedup();
        let designs = by.len();
        for report in ablations {
            let rows = report.rows.iter();
            let without = rows.filter(|row| row.needed_for().contains(property.name));
            by.extend(
                without.map(|row| format!("{} without {}", report.target.name, row.clause.name)),
            );
        }
        // Where a design violates it, a few examples are enough.
        by.truncate(designs.max(SHOWN));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            property.name,
            property.summary,
            property.checked,
            match unviolated(spec, property.name) {
                Some(reason) if by.is_empty() => format!("no design: {reason}"),
                _ => by.join(", "),
            }
        );
    }
    text
}

fn unviolated(spec: &Spec, property: &str) -> Option<&'static str> {
    let mut all = spec.unviolated.iter();
    all.find(|one| one.property == property)
        .map(|one| one.reason)
}

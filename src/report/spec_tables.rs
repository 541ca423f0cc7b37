//! A spec in tables: its clauses, scenarios, properties and receipts, in Markdown.

use crate::ablation::Study;
use crate::runner::groups;
use crate::spec::{EngineSet, Origin, Run, Spec};
use crate::trace::SearchStatistics;
use std::fmt::Write as _;

/// How many variants are named that violate a property, where no more designs do.
const SHOWN: usize = 4;

/// What each search of a spec came to.
pub(super) fn receipts(runs: &[&Run]) -> String {
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
            let receipt = &run.search.receipt;
            let states = receipt.states.map_or_else(
                || "-".to_string(),
                |s| format!("{}, {}, {}", s.states, s.transitions, s.ends),
            );
            let _ = writeln!(
                text,
                "{place} {} {} | {} | {} | {} | {states} | {} | `{}` |",
                receipt.engine,
                receipt.version,
                receipt.strategy,
                executions(receipt),
                receipt.longest,
                if receipt.complete { "yes" } else { "sample" },
                receipt.fingerprint,
            );
        }
    }
    text
}

/// The executions of a search, and how many more were cut short.
fn executions(receipt: &SearchStatistics) -> String {
    match (receipt.engine.as_str(), receipt.cut_short) {
        ("loom", cut) => format!("{} + {cut} cut short", receipt.executions),
        (_, _) => receipt.executions.to_string(),
    }
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

/// A spec's scenarios.
pub(super) fn scenarios(spec: &Spec) -> String {
    let mut text =
        String::from("| scenario | threads and sizes | shows | marks |\n|---|---|---|---|\n");
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
pub(super) fn properties(spec: &Spec, runs: &[&Run], studies: &[Study]) -> String {
    let mut text = String::from("| property | says | checked | violated by |\n|---|---|---|---|\n");
    for property in spec.properties {
        let violates = |run: &&&Run| run.search.finding(property.name).is_some();
        let mut by: Vec<String> = (runs.iter().filter(violates))
            .map(|run| format!("{} in {}", run.design.name, run.scenario.name))
            .collect();
        by.dedup();
        let designs = by.len();
        for study in studies {
            let rows = study.rows.iter();
            let without = rows.filter(|row| row.needed_for().contains(property.name));
            by.extend(
                without.map(|row| format!("{} without {}", study.target.name, row.clause.name)),
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

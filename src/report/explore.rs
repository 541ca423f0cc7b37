//! The classes of a scenario space: as a table for a terminal, and as JSON.

use crate::escape;
use crate::explore::{Class, Exploration, Explored};
use crate::render::text::wrap;
use crate::spec::bound_text;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;

/// One JSON object for each class, one to a line, and a last one about the whole; without a time, parts were merged.
#[must_use]
pub fn explored_json(results: &[(Exploration, Explored)], time: Option<Duration>) -> String {
    let mut text = String::new();
    let mut line = |value: &Value| {
        // Names, numbers and texts: nothing in it that JSON does not have.
        text.push_str(&escape::json(&value.to_string()));
        text.push('\n');
    };
    for (exploration, explored) in results {
        for (key, class) in &explored.classes {
            line(&json!({
                "spec": exploration.spec.name,
                "design": key.design,
                "property": key.property,
                "fixed_by": key.fixed_by,
                "open": key.is_open,
                "scenarios": class.scenarios,
                "of": explored.of,
                "smallest": class.smallest_scenario(),
                "size": class.smallest.as_ref().map(|sample| sample.size),
                "states": class.smallest.as_ref().map(|sample| sample.states),
            }));
        }
    }
    let sum = |count: fn(&Explored) -> u64| {
        results
            .iter()
            .map(|(_, explored)| count(explored))
            .sum::<u64>()
    };
    let of_each = results.iter().map(|(exploration, explored)| {
        json!({
            "spec": exploration.spec.name,
            "bound": exploration.bounds(),
            "scenarios": explored.scenarios,
            "of": explored.of,
            "changes": changes_json(explored),
            "failures": explored.failures.iter().map(|(cause, failure)| json!({
                "cause": cause,
                "message": failure.message,
                "scenarios": failure.scenarios.scenarios,
                "smallest": failure.scenarios.smallest_scenario(),
                "clauses": failure.clauses,
            })).collect::<Vec<_>>(),
        })
    });
    line(&json!({
        "specs": of_each.collect::<Vec<_>>(),
        "scenarios": sum(|explored| explored.scenarios),
        "of": sum(|explored| explored.of),
        "pairs": sum(|explored| explored.pairs),
        "searches": sum(|explored| explored.searches),
        "states": sum(|explored| explored.states),
        "complete": results.iter().all(|(_, explored)| explored.is_complete()),
        "seconds": time.map(|time| time.as_secs_f64()),
    }));
    text
}

fn changes_json(explored: &Explored) -> Vec<Value> {
    let changes = explored
        .changes
        .iter()
        .map(|((from, to, property), change)| {
            json!({
                "from": from,
                "to": to,
                "property": property,
                "mended": change.mended.scenarios,
                "mended_smallest": change.mended.smallest_scenario(),
                "broken": change.broken.scenarios,
                "broken_smallest": change.broken.smallest_scenario(),
            })
        });
    changes.collect()
}

/// The classes on a screen: what each design violates, in how many scenarios, what mends it, and the smallest of them.
#[must_use]
pub fn explored_screen(results: &[(Exploration, Explored)], time: Option<Duration>) -> String {
    let mut text = String::new();
    for (exploration, explored) in results {
        spec_screen(&mut text, exploration, explored);
    }
    let sum = |count: fn(&Explored) -> u64| {
        results
            .iter()
            .map(|(_, explored)| count(explored))
            .sum::<u64>()
    };
    let complete = results.iter().all(|(_, explored)| explored.is_complete());
    let _ = writeln!(
        text,
        "{} scenarios, {} pairs of a scenario and a set of clauses, decided by {} searches of {} states: {}{}",
        sum(|explored| explored.scenarios),
        sum(|explored| explored.pairs),
        sum(|explored| explored.searches),
        sum(|explored| explored.states),
        if complete { "complete" } else { "NOT COMPLETE" },
        time.map_or(String::new(), |time| format!(
            " in {:.1} s",
            time.as_secs_f64()
        )),
    );
    escape::screen(&text)
}

fn spec_screen(text: &mut String, exploration: &Exploration, explored: &Explored) {
    let spec = exploration.spec;
    let _ = writeln!(
        text,
        "{}: {} of {} scenarios",
        spec.name, explored.scenarios, explored.of
    );
    for line in wrap(&format!("up to {}", bound_text(&exploration.bounds())), 2) {
        let _ = writeln!(text, "{line}");
    }
    for design in spec.designs {
        if exploration.design.is_some_and(|only| only != design.name) {
            continue;
        }
        let mut classes: Vec<_> = explored.classes_of(design.name).collect();
        if classes.is_empty() {
            let _ = writeln!(text, "\n  {}: passes in every one", design.name);
            continue;
        }
        classes
            .sort_by_key(|(key, class)| (key.property.clone(), std::cmp::Reverse(class.scenarios)));
        let _ = writeln!(text, "\n  {}", design.name);
        let mut last = "";
        for (key, class) in classes {
            if key.property != last {
                let _ = writeln!(text, "    {}", key.property);
                last = &key.property;
            }
            let mended = match &key.fixed_by {
                Some(clauses) => format!("mended by {}", clauses.join(" + ")),
                None if key.is_open => "open: see the spec".to_string(),
                None => "mended by no later clause".to_string(),
            };
            for line in wrap(&format!("{:>6} {mended}", class.scenarios), 6) {
                let _ = writeln!(text, "{line}");
            }
            smallest(text, class);
        }
    }
    for (cause, failure) in &explored.failures {
        let _ = writeln!(
            text,
            "\n  no result in {} scenarios:",
            failure.scenarios.scenarios
        );
        for line in wrap(&format!("{cause}. {}", failure.message), 4) {
            let _ = writeln!(text, "{line}");
        }
        smallest(text, &failure.scenarios);
    }
    text.push('\n');
}

fn smallest(text: &mut String, class: &Class) {
    if let Some(sample) = &class.smallest {
        let _ = writeln!(text, "             {}", sample.scenario);
    }
}

/// The table of a space for a document.
#[must_use]
pub fn explored_markdown(exploration: &Exploration, explored: &Explored) -> String {
    let spec = exploration.spec;
    let mut text = format!(
        "## {}\n\n{} scenarios, {} pairs of a scenario and a set of clauses, up to {}.\n\n",
        spec.name,
        explored.scenarios,
        explored.pairs,
        bound_text(&exploration.bounds())
    );
    text.push_str(
        "| design | violates | scenarios | mended by | the smallest |\n|---|---|---|---|---|\n",
    );
    for design in spec.designs {
        let classes: Vec<_> = explored.classes_of(design.name).collect();
        if classes.is_empty() {
            let _ = writeln!(text, "| {} | nothing | 0 | | |", design.name);
        }
        for (key, class) in classes {
            let mended = match &key.fixed_by {
                Some(clauses) => clauses.join(" + "),
                None if key.is_open => "open".to_string(),
                None => "no later clause".to_string(),
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {mended} | `{}` |",
                key.design,
                key.property,
                class.scenarios,
                class.smallest_scenario().unwrap_or_default()
            );
        }
    }
    for (cause, failure) in &explored.failures {
        let _ = writeln!(
            text,
            "\n**No result** in {} scenarios: {cause}; the smallest is `{}`, with {}.",
            failure.scenarios.scenarios,
            failure.scenarios.smallest_scenario().unwrap_or_default(),
            if failure.clauses.is_empty() {
                "no clause".to_string()
            } else {
                failure.clauses.join(", ")
            },
        );
    }
    text.push_str(&changes_markdown(exploration, explored));
    text.push_str(
        "\n| clause | needed in | violated without it | the smallest |\n|---|---|---|---|\n",
    );
    for clause in spec.clauses {
        let need = explored.needs.get(clause.name).cloned().unwrap_or_default();
        let properties: Vec<&str> = need.properties.keys().map(String::as_str).collect();
        let smallest = need.scenarios.smallest_scenario();
        let _ = writeln!(
            text,
            "| {} | {} of {} | {} | {} |",
            clause.in_a_row(),
            need.scenarios.scenarios,
            explored.of,
            properties.join(", "),
            smallest.map_or(String::new(), |scenario| format!("`{scenario}`"))
        );
    }
    text.push('\n');
    text
}

/// In what each design differs from the one before it.
fn changes_markdown(exploration: &Exploration, explored: &Explored) -> String {
    let mut text = String::from(
        "\n| from | to | property | mended in | the smallest | broken in | the smallest |\n|---|---|---|---|---|---|---|\n",
    );
    for pair in exploration.spec.designs.windows(2) {
        let of_pair =
            |key: &&(String, String, String)| key.0 == pair[0].name && key.1 == pair[1].name;
        for key in explored.changes.keys().filter(of_pair) {
            let change = &explored.changes[key];
            let code = |class: &Class| {
                class
                    .smallest_scenario()
                    .map_or(String::new(), |name| format!("`{name}`"))
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                key.0,
                key.1,
                key.2,
                change.mended.scenarios,
                code(&change.mended),
                change.broken.scenarios,
                code(&change.broken)
            );
        }
    }
    text
}

//! Which violations would be masked if two operations were one step: on a screen, in Markdown, as JSON.

use super::splits::{splits_json, splits_screen};
use crate::ablation::{Atomicity, Masked};
use crate::engine::Operation;
use crate::escape;
use crate::render::text::wrap;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version of the JSON document's shape.
pub const ATOMICITY_SCHEMA: &str = "pagelock-atomicity/1";

/// How a name of a function is shown.
pub(super) type Name = fn(&str) -> String;

/// The operation in words.
fn words(operation: &Operation, name: Name) -> String {
    let mut text = name(operation.function);
    if let Some(caller) = operation.caller {
        let _ = write!(text, " in {}", name(caller));
    }
    text
}

/// The first of two operations in words, and whether the thread holds a lock there.
fn first_words(operation: &Operation, name: Name) -> String {
    let held = if operation.locked {
        ""
    } else {
        " (no lock held)"
    };
    words(operation, name) + held
}

/// What is masked: for each design and property, the number of scenarios.
fn masked_words(masked: &BTreeSet<Masked>) -> Vec<String> {
    let mut counted: Vec<(String, BTreeMap<&str, usize>)> = Vec::new();
    for one in masked {
        let name = match one.without {
            None => one.design.to_string(),
            Some(clause) => format!("{} without {clause}", one.design),
        };
        if counted.last().is_none_or(|(last, _)| *last != name) {
            counted.push((name.clone(), BTreeMap::new()));
        }
        if let Some((_, properties)) = counted.last_mut() {
            *properties.entry(one.property.as_str()).or_default() += 1;
        }
    }
    let mut words = Vec::new();
    for (name, properties) in counted {
        let mut listed = Vec::new();
        for (property, scenarios) in properties {
            listed.push(match scenarios {
                1 => property.to_string(),
                _ => format!("{property} ({scenarios} scenarios)"),
            });
        }
        words.push(format!("{name}: {}", listed.join(", ")));
    }
    words
}

fn count(atomicity: &Atomicity) -> String {
    let masking = atomicity.masking().count();
    format!(
        "{} pairs in {} models, of which {} violate something; as one step, {masking} of the pairs mask a \
         violation, and {} mask none.",
        atomicity.pairs.len(),
        atomicity.models,
        atomicity.violated,
        atomicity.pairs.len() - masking
    )
}

/// The operations that follow, in words.
fn then(seconds: &[Operation], name: Name) -> String {
    let seconds: BTreeSet<String> = seconds.iter().map(|second| words(second, name)).collect();
    seconds.into_iter().collect::<Vec<_>>().join("; ")
}

/// The pairs for a terminal of a hundred columns.
#[must_use]
pub fn atomicity_screen(all: &[Atomicity]) -> String {
    let mut text = String::new();
    for atomicity in all {
        let _ = writeln!(text, "{}\n", atomicity.spec.name);
        for line in wrap(&count(atomicity), 2) {
            let _ = writeln!(text, "{line}");
        }
        for ((first, second), masked) in atomicity.masking() {
            let pair = format!(
                "{}; then {}",
                first_words(first, escape::printable),
                words(second, escape::printable)
            );
            text.push('\n');
            for line in wrap(&pair, 2) {
                let _ = writeln!(text, "{line}");
            }
            for line in masked_words(masked).iter().flat_map(|words| wrap(words, 6)) {
                let _ = writeln!(text, "{line}");
            }
        }
        text.push_str("\n  These mask none:\n");
        for (first, seconds) in atomicity.others() {
            let line = format!(
                "{}; then {}",
                first_words(&first, escape::printable),
                then(&seconds, escape::printable)
            );
            for line in wrap(&line, 4) {
                let _ = writeln!(text, "{line}");
            }
        }
        let _ = writeln!(text, "\n{}", splits_screen(&atomicity.splits));
    }
    escape::screen(&text)
}

/// The same in Markdown.
#[must_use]
pub fn atomicity_markdown(atomicity: &Atomicity) -> String {
    let mut text = format!("{}\n\n", count(atomicity));
    if atomicity.masking().count() > 0 {
        text.push_str("| first | then | masks, as one step |\n|---|---|---|\n");
    }
    for ((first, second), masked) in atomicity.masking() {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            first_words(first, escape::code),
            words(second, escape::code),
            escape::markdown(&masked_words(masked).join("; "))
        );
    }
    text.push_str(
        "\n<details><summary>Pairs that mask none</summary>\n\n| first | then |\n|---|---|\n",
    );
    for (first, seconds) in atomicity.others() {
        let _ = writeln!(
            text,
            "| {} | {} |",
            first_words(&first, escape::code),
            then(&seconds, escape::code)
        );
    }
    text.push_str("\n</details>\n");
    text
}

/// The same as a JSON document.
#[must_use]
pub fn atomicity_json(all: &[Atomicity]) -> String {
    let operation = |operation: &Operation| {
        json!({
            "function": operation.function,
            "caller": operation.caller,
            "holds_a_lock": operation.locked,
        })
    };
    let masked = |masked: &Masked| {
        json!({
            "design": masked.design,
            "without": masked.without,
            "scenario": masked.scenario,
            "property": masked.property,
        })
    };
    let mut specs: Vec<Value> = Vec::new();
    for atomicity in all {
        let mut pairs: Vec<Value> = Vec::new();
        for ((first, second), masks) in &atomicity.pairs {
            pairs.push(json!({
                "first": operation(first),
                "second": operation(second),
                "masks": masks.iter().map(masked).collect::<Vec<Value>>(),
            }));
        }
        specs.push(json!({
            "spec": atomicity.spec.name,
            "models": atomicity.models,
            "violated": atomicity.violated,
            "pairs": pairs,
            "multi_word_models": atomicity.splits.models,
            "multi_word_steps": splits_json(&atomicity.splits),
        }));
    }
    let document = json!({ "schema": ATOMICITY_SCHEMA, "specs": specs });
    escape::json(&format!("{document:#}\n"))
}

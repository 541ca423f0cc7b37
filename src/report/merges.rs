//! Which violations would not be seen if two operations were one step: on a screen, in Markdown, JSON.

use crate::ablation::{Hidden, Merges};
use crate::engine::Operation;
use crate::escape;
use crate::render::text::wrap;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version of the JSON document's shape.
pub const MERGES_SCHEMA: &str = "pagelock-merges/1";

/// How a name of a function is shown.
type Name = fn(&str) -> String;

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

/// What is hidden: for each design, and property, the number of scenarios.
fn hidden_words(hidden: &BTreeSet<Hidden>) -> Vec<String> {
    let mut counted: Vec<(String, BTreeMap<&str, usize>)> = Vec::new();
    for one in hidden {
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
    let each = counted.into_iter().map(|(name, properties)| {
        let properties = properties
            .iter()
            .map(|(property, scenarios)| match scenarios {
                1 => (*property).to_string(),
                _ => format!("{property} ({scenarios} scenarios)"),
            });
        format!("{name}: {}", properties.collect::<Vec<_>>().join(", "))
    });
    each.collect()
}

fn count(merges: &Merges) -> String {
    format!(
        "{} pairs in {} models, of which {} violate something; {} of the pairs hide a violation if they are one \
         step, {} hide none.",
        merges.pairs.len(),
        merges.models,
        merges.violated,
        merges.hiding().count(),
        merges.pairs.len() - merges.hiding().count()
    )
}

/// What follows, in words.
fn then(seconds: &[Operation], name: Name) -> String {
    let seconds: BTreeSet<String> = seconds.iter().map(|second| words(second, name)).collect();
    seconds.into_iter().collect::<Vec<_>>().join("; ")
}

/// The pairs for a terminal of a hundred columns.
///
/// ```
/// use pagelock::ablation;
/// use pagelock::report::merges_screen;
/// use pagelock::protocols::{page_mkwrite::SPEC};
/// use pagelock::spec::{Spec};
///
/// static READ_ONLY: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let screen = merges_screen(&[ablation::merged(&READ_ONLY, &|_, _| ())]);
/// assert!(screen.contains("__set_page_dirty_nobuffers in page_mkwrite; then do_wp_page in do_wp_page\n"));
/// assert!(screen.contains("\n      old: metadata, store\n"));
/// ```
#[must_use]
pub fn merges_screen(all: &[Merges]) -> String {
    let mut text = String::new();
    for merges in all {
        let _ = writeln!(text, "{}\n", merges.spec.name);
        for line in wrap(&count(merges), 2) {
            let _ = writeln!(text, "{line}");
        }
        for ((first, second), hidden) in merges.hiding() {
            let pair = format!(
                "{}; then {}",
                first_words(first, escape::printable),
                words(second, escape::printable)
            );
            text.push('\n');
            for line in wrap(&pair, 2) {
                let _ = writeln!(text, "{line}");
            }
            for line in hidden_words(hidden).iter().flat_map(|words| wrap(words, 6)) {
                let _ = writeln!(text, "{line}");
            }
        }
        text.push_str("\n  These hide none:\n");
        for (first, seconds) in merges.others() {
            let line = format!(
                "{}; then {}",
                first_words(&first, escape::printable),
                then(&seconds, escape::printable)
            );
            for line in wrap(&line, 4) {
                let _ = writeln!(text, "{line}");
            }
        }
        text.push('\n');
    }
    escape::screen(&text)
}

/// The same in Markdown.
///
/// A pair by hand, that hides two violations in one scenario each:
/// ```
/// use pagelock::ablation::{Hidden, Merges};
/// use pagelock::engine::Operation;
/// use pagelock::report::merges_markdown;
/// use pagelock::protocols;
/// use std::collections::{BTreeMap, BTreeSet};
///
/// let at = |function| Operation { function, caller: None, locked: true };
/// let hidden = |property: &str| Hidden {
///     order: 0,
///     design: "old",
///     without: None,
///     property: property.to_string(),
///     scenario: "read-only",
/// };
/// let hides = BTreeSet::from(["metadata", "store"].map(hidden));
/// let merges = Merges {
///     spec: protocols::find("page-mkwrite").unwrap(),
///     pairs: BTreeMap::from([((at("page_mkwrite"), at("do_wp_page")), hides)]),
///     models: 1,
///     violated: 1,
///     failed: Vec::new(),
/// };
/// assert!(merges_markdown(&merges).contains("| `page_mkwrite` | `do_wp_page` | old: metadata, store |"));
/// ```
#[must_use]
pub fn merges_markdown(merges: &Merges) -> String {
    let mut text = format!("{}\n\n", count(merges));
    if merges.hiding().count() > 0 {
        text.push_str("| first | then | hides, as one step |\n|---|---|---|\n");
    }
    for ((first, second), hidden) in merges.hiding() {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            first_words(first, escape::code),
            words(second, escape::code),
            escape::markdown(&hidden_words(hidden).join("; "))
        );
    }
    text.push_str(
        "\n<details><summary>Pairs that hide none</summary>\n\n| first | then |\n|---|---|\n",
    );
    for (first, seconds) in merges.others() {
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
///
/// ```
/// use pagelock::ablation;
/// use pagelock::report::{MERGES_SCHEMA, merges_json};
/// use pagelock::protocols::{page_mkwrite::SPEC};
/// use pagelock::spec::{Spec};
///
/// static READ_ONLY: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let merges = ablation::merged(&READ_ONLY, &|_, _| ());
/// let json: serde_json::Value = serde_json::from_str(&merges_json(&[merges.clone()])).unwrap();
/// assert_eq!(json["schema"], MERGES_SCHEMA);
/// let pairs = json["specs"][0]["pairs"].as_array().unwrap();
/// let hiding = pairs.iter().filter(|pair| pair["hides"] != serde_json::json!([])).count();
/// assert_eq!((pairs.len(), hiding), (merges.pairs.len(), merges.hiding().count()));
/// ```
#[must_use]
pub fn merges_json(all: &[Merges]) -> String {
    let operation = |operation: &Operation| {
        json!({
            "function": operation.function,
            "caller": operation.caller,
            "holds_a_lock": operation.locked,
        })
    };
    let hidden = |hidden: &Hidden| {
        json!({
            "design": hidden.design,
            "without": hidden.without,
            "scenario": hidden.scenario,
            "property": hidden.property,
        })
    };
    let specs = all.iter().map(|merges| {
        let pairs = merges.pairs.iter().map(|((first, second), hides)| {
            json!({
                "first": operation(first),
                "second": operation(second),
                "hides": hides.iter().map(hidden).collect::<Vec<Value>>(),
            })
        });
        json!({
            "spec": merges.spec.name,
            "models": merges.models,
            "violated": merges.violated,
            "pairs": pairs.collect::<Vec<Value>>(),
        })
    });
    let specs: Vec<Value> = specs.collect();
    let document = json!({ "schema": MERGES_SCHEMA, "specs": specs });
    escape::json(&format!("{document:#}\n"))
}

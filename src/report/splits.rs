//! Steps of more than one word, with the reasons why they are one step: on a screen, in Markdown, as JSON.

use super::atomicity::Name;
use crate::ablation::{Split, Splits};
use crate::engine::MultiWordStep;
use crate::escape;
use crate::render::text::wrap;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What is shown where the spec has no reason.
const NO_REASON: &str = "no reason is given";

fn words(step: &MultiWordStep, name: Name) -> String {
    let mut text = name(step.function);
    if let Some(caller) = step.caller {
        let _ = write!(text, " in {}", name(caller));
    }
    text
}

fn listed<'t>(words: impl IntoIterator<Item = &'t str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn strings(words: &BTreeSet<String>) -> String {
    listed(words.iter().map(String::as_str))
}

/// What it writes and reads, in words.
fn touched(step: &MultiWordStep) -> String {
    let mut parts = Vec::new();
    for (does, words) in [("writes", &step.writes), ("reads", &step.reads)] {
        if !words.is_empty() {
            parts.push(format!("{does} {}", strings(words)));
        }
    }
    parts.join("; ")
}

/// Why it is one step.
fn reason(split: &Split) -> String {
    match split.reason {
        None => NO_REASON.to_string(),
        Some(one) => one.reason.to_string(),
    }
}

fn count(splits: &Splits) -> String {
    format!(
        "{} steps in {} models touch more than one word. In {} of them at most one word is not protected; in {} more \
         than one is not.",
        splits.steps.len(),
        splits.models,
        splits.protected().count(),
        splits.open().count()
    )
}

/// The locks that protect the words of a step.
fn locks(step: &MultiWordStep) -> String {
    if step.holds.is_empty() {
        return "no other thread".to_string();
    }
    listed(step.holds.iter().copied())
}

/// The section of the screen.
pub(super) fn splits_screen(splits: &Splits) -> String {
    let mut text = String::new();
    let mut add = |line: &str, indent: usize| {
        for line in wrap(line, indent) {
            let _ = writeln!(text, "{line}");
        }
    };
    let head = |step: &MultiWordStep| {
        let (words, object) = (
            words(step, escape::printable),
            escape::printable(&step.object),
        );
        format!("{words}, on {object}")
    };
    add(&count(splits), 2);
    for split in splits.open() {
        let step = &split.step;
        let held = match &listed(step.holds.iter().copied())[..] {
            "" => String::new(),
            held => format!(" (holds {held})"),
        };
        add("", 0);
        add(&(head(step) + &held), 2);
        add(&touched(step), 6);
        add(&format!("not protected: {}", strings(&step.open)), 6);
        add(&format!("why one step: {}", reason(split)), 6);
    }
    add("", 0);
    add("Of these at most one word is not protected:", 2);
    for split in splits.protected() {
        add(&format!("{}: {}", head(&split.step), locks(&split.step)), 4);
    }
    text
}

/// The same in Markdown.
#[must_use]
pub(super) fn splits_markdown(splits: &Splits) -> String {
    let mut text = format!("{}\n\n", count(splits));
    if splits.open().count() > 0 {
        text.push_str(
            "| step | object | holds | words | not protected | why it is one step |\n|---|---|---|---|---|---|\n",
        );
    }
    for split in splits.open() {
        let step = &split.step;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            words(step, escape::code),
            escape::markdown(&step.object),
            escape::markdown(&listed(step.holds.iter().copied())),
            escape::markdown(&touched(step)),
            escape::markdown(&strings(&step.open)),
            escape::markdown(&reason(split))
        );
    }
    text.push_str(
        "\n<details><summary>Steps of which at most one word is not protected</summary>\n\n\
         | step | object | words | holds |\n|---|---|---|---|\n",
    );
    for split in splits.protected() {
        let step = &split.step;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            words(step, escape::code),
            escape::markdown(&step.object),
            escape::markdown(&touched(step)),
            escape::markdown(&listed(step.holds.iter().copied()))
        );
    }
    text.push_str("\n</details>\n");
    text
}

/// The same as JSON.
pub(super) fn splits_json(splits: &Splits) -> Vec<Value> {
    let step = |split: &Split| {
        json!({
            "function": split.step.function,
            "caller": split.step.caller,
            "object": split.step.object,
            "writes": split.step.writes,
            "reads": split.step.reads,
            "not_protected": split.step.open,
            "protected": split.step.is_protected(),
            "holds": split.step.holds,
            "models": split.models,
            "reason": split.reason.map(|one| one.reason),
        })
    };
    splits.steps.iter().map(step).collect()
}

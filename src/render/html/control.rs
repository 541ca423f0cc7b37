//! The step control, and every step in words.

use super::side::Side;
use super::words::{ending, step};
use crate::trace::Trace;
use maud::{Markup, html};

/// The last step of the longer execution.
fn last(sides: &[Side<'_>]) -> usize {
    sides.iter().map(Side::last).max().unwrap_or_default()
}

/// The slider and its buttons, hidden without a script.
pub(super) fn bar(trace: &Trace, sides: &[Side<'_>]) -> Markup {
    let (start, end) = (sides[0].last(), last(sides));
    let divergence = trace
        .reference
        .as_ref()
        .map(|reference| reference.divergence.operation);
    html! {
        div id="bar" class="bar" hidden {
            div class="buttons" {
                button type="button" data-go="first" { "First" }
                button type="button" data-go="back" { "Back" }
                button type="button" data-go="next" { "Next" }
                button type="button" data-go="last" { "Last" }
                @if let Some(divergence) = divergence {
                    button type="button" data-go=(divergence) { "Diverges" }
                }
                button type="button" data-go=(start) { "Fails" }
            }
            label for="step" { "Step" }
            input type="range" id="step" min="0" max=(end) value=(start) list="ticks" autocomplete="off";
            datalist id="ticks" {
                @if let Some(divergence) = divergence { option value=(divergence) label="diverges" {} }
                option value=(start) label="fails" {}
            }
            output id="at" for="step" { (start) " of " (end) }
        }
        p id="narration" role="status" aria-live="polite" hidden {}
    }
}

/// The keys that step, hidden without a script.
pub(super) fn keys() -> Markup {
    html! {
        p id="keys" class="quiet" hidden {
            "Keys: " kbd { "←" } " and " kbd { "→" } " step, " kbd { "Home" } " and " kbd { "End" }
            " go to the ends. "
            label { input type="checkbox" id="by-letter" checked autocomplete="off"; " " kbd { "j" } " and " kbd { "k" } " step too" }
        }
    }
}

/// Every step of both in words, which the script also announces.
pub(super) fn narrative(trace: &Trace, sides: &[Side<'_>]) -> Markup {
    html! {
        details class="narrative" {
            summary { "Every step in words" }
            ul {
                @for number in 0..=last(sides) {
                    li data-step-text=(number) {
                        strong { "Step " (number) "." } " "
                        @if let Some(reference) = trace.reference.as_ref().filter(|reference| reference.divergence.operation == number) {
                            "Here the two diverge: " (reference.divergence.sentence(&reference.design)) ". "
                        }
                        @for side in sides { span class="block" { (side.design) ": " (sentence(trace, side, number)) } " " }
                    }
                }
            }
        }
    }
}

fn sentence(trace: &Trace, side: &Side<'_>, number: usize) -> String {
    let mut all = Vec::new();
    match number {
        0 => all.push("nothing has happened yet.".to_string()),
        _ if number <= side.last() => all.push(step(&side.execution, number)),
        _ if side.reference.is_some() => all.push("has ended.".to_string()),
        _ => all.push("has failed.".to_string()),
    }
    if side.reference.is_none() && number == side.last() {
        all.push(ending(trace));
    }
    if side.reference.is_some() && number == side.last() {
        all.push("That is the end; nothing is violated.".to_string());
    }
    all.join(" ")
}

//! What one steps with, and every step in words.

use super::Side;
use super::words::{ending, step};
use crate::trace::Trace;
use maud::{Markup, html};

/// The last step of the longer execution.
fn last(sides: &[Side<'_>]) -> usize {
    sides.iter().map(Side::last).max().unwrap_or_default()
}

/// The slider and its buttons. Without a script they would do nothing, so they are not shown.
pub(super) fn bar(trace: &Trace, sides: &[Side<'_>]) -> Markup {
    let (start, end) = (sides[0].last(), last(sides));
    let parting = trace.twin.as_ref().map(|twin| twin.parting.operation);
    html! {
        div id="bar" class="bar" hidden {
            div class="buttons" {
                button type="button" data-go="first" { "First" }
                button type="button" data-go="back" { "Back" }
                button type="button" data-go="next" { "Next" }
                button type="button" data-go="last" { "Last" }
                @if let Some(parting) = parting {
                    button type="button" data-go=(parting) { "Parts" }
                }
                button type="button" data-go=(start) { "Fails" }
            }
            label for="step" { "Step" }
            input type="range" id="step" min="0" max=(end) value=(start) list="marks" autocomplete="off";
            datalist id="marks" {
                @if let Some(parting) = parting { option value=(parting) label="parts" {} }
                option value=(start) label="fails" {}
            }
            output id="at" for="step" { (start) " of " (end) }
        }
        p id="said" role="status" aria-live="polite" hidden {}
        p id="keys" class="quiet" hidden {
            "Keys: " kbd { "←" } " and " kbd { "→" } " step, " kbd { "Home" } " and " kbd { "End" }
            " go to the ends. "
            label { input type="checkbox" id="by-letter" checked autocomplete="off"; " " kbd { "j" } " and " kbd { "k" } " step too" }
        }
    }
}

/// Every step of both in words: what the script reads out, and what everybody can read.
pub(super) fn story(trace: &Trace, sides: &[Side<'_>]) -> Markup {
    html! {
        details class="story" {
            summary { "Every step in words" }
            ul {
                @for number in 0..=last(sides) {
                    li data-story=(number) {
                        strong { "Step " (number) "." } " "
                        @if let Some(twin) = trace.twin.as_ref().filter(|twin| twin.parting.operation == number) {
                            "Here the two part: " (twin.parting.sentence(&twin.design)) ". "
                        }
                        @for side in sides { span class="block" { (side.design) ": " (told(trace, side, number)) } " " }
                    }
                }
            }
        }
    }
}

fn told(trace: &Trace, side: &Side<'_>, number: usize) -> String {
    let mut all = Vec::new();
    match number {
        0 => all.push("nothing has happened yet.".to_string()),
        _ if number <= side.last() => all.push(step(&side.execution, number)),
        _ if side.twin.is_some() => all.push("has ended.".to_string()),
        _ => all.push("has failed.".to_string()),
    }
    if side.twin.is_none() && number == side.last() {
        all.push(ending(trace));
    }
    if side.twin.is_some() && number == side.last() {
        all.push("That is the end; nothing is violated.".to_string());
    }
    all.join(" ")
}

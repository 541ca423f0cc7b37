//! The events of an execution in columns, one for each thread.

use super::links::{breakable, function};
use super::side::Side;
use super::words::action;
use crate::trace::{Event, EventKind, Trace};
use maud::{Markup, html};

pub(super) fn table(trace: &Trace, side: &Side<'_>) -> Markup {
    let execution = &side.execution;
    let steps = execution.steps();
    let caption = format!("{}-columns", side.key);
    html! {
        div class="box columns" role="region" tabindex="0" aria-labelledby=(caption) {
            table {
                caption id=(caption) { "Events of " (side.design) }
                thead { tr {
                    th scope="col" { "step" }
                    @for thread in execution.threads { th scope="col" { (thread) } }
                    th scope="col" { "what happens" }
                } }
                tbody {
                    @for (place, event) in execution.events.iter().enumerate() {
                        @let first = place == 0 || steps[place - 1] != steps[place];
                        (row(trace, side, event, steps[place], first))
                    }
                }
            }
        }
    }
}

fn row(trace: &Trace, side: &Side<'_>, event: &Event, step: usize, first: bool) -> Markup {
    let diverges = first
        && (trace.reference.as_ref())
            .is_some_and(|reference| reference.divergence.operation == step);
    let fails = first && side.reference.is_none() && step == side.last();
    let id = (first && side.reference.is_none()).then(|| format!("step-{step}"));
    let kind = match event.kind {
        EventKind::Wait => "wait",
        EventKind::Drop | EventKind::Release => "end",
        _ if event.change.is_some() => "change",
        EventKind::Acquire => "take",
        EventKind::Step | EventKind::Update => "look",
    };
    html! {
        tr id=[id] class=(kind) data-step=(step) data-first[first] {
            th scope="row" {
                @if first { (step) } @else { span class="sr" { (step) } }
                @if diverges { " " span class="tag" { "diverges" } }
                @if fails { " " span class="tag fails" { "fails" } }
            }
            @for thread in side.execution.threads {
                td data-thread=(thread) { @if *thread == event.thread {
                    (function(&event.function, &event.file, &event.commit))
                } }
            }
            td class="action" { (breakable(&action(event))) }
        }
    }
}

//! The function that every thread is in, what it holds and what it waits for.

use super::links::{breakable, function};
use super::side::{Side, timed};
use super::states::{ThreadState, Waiting, spans};
use crate::trace::Event;
use maud::{Markup, html};

pub(super) fn table(side: &Side<'_>) -> Markup {
    let caption = format!("{}-threads", side.key);
    let threads = side.execution.threads.iter().enumerate();
    html! {
        div class="box" role="region" tabindex="0" aria-labelledby=(caption) {
            table class="threads" {
                caption id=(caption) { "Threads of " (side.design) }
                thead { tr {
                    th scope="col" { "thread" }
                    th scope="col" { "holds" }
                    th scope="col" { "waits for" }
                    th scope="col" { "is in" }
                } }
                tbody {
                    @for (place, name) in threads {
                        @let of = |moment: &super::states::Moment<'_>| moment.threads[place].holds().to_vec();
                        tr {
                            th scope="row" { (name) }
                            td { @for held in spans(side.moments.iter().map(of)) {
                                (timed(side, &held, &holds(&held.value, held.from)))
                            } }
                            td { @for wait in spans(side.moments.iter().map(|m| &m.threads[place].waits)) {
                                (timed(side, &wait, &waits(wait.value.as_ref(), wait.from)))
                            } }
                            td { @for doing in spans(side.moments.iter().map(|m| &m.threads[place])) {
                                (timed(side, &doing, &location(doing.value)))
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn holds(locks: &[String], from: usize) -> Markup {
    html! {
        @if locks.is_empty() { "nothing" } @else { (locks.join(", ")) }
        @if from > 0 { span class="tag new" { "changed" } }
    }
}

fn waits(wait: Option<&Waiting>, from: usize) -> Markup {
    html! {
        @match wait {
            None => { "nothing" }
            Some(wait) => {
                (wait.what)
                @if !wait.holders.is_empty() { " of " (wait.holders.join(", ")) }
            }
        }
        @if from > 0 { span class="tag new" { "changed" } }
    }
}

/// The function with its callers, and where the encoding says so.
fn location(doing: &ThreadState<'_>) -> Markup {
    html! {
        @match doing.event {
            None => { "has not begun" }
            Some(event) => { (stack(event)) }
        }
    }
}

fn stack(event: &Event) -> Markup {
    html! {
        (function(&event.function, &event.file, &event.commit))
        span class="quiet block" {
            @if !event.callers.is_empty() {
                "called by "
                @for (place, caller) in event.callers.iter().rev().enumerate() {
                    @if place > 0 { ", " }
                    code { (breakable(caller)) }
                }
            }
            @if let Some(model) = &event.model {
                span class="block" { "encoded in " code { (breakable(&model.file)) ":" (model.line) } }
            }
        }
    }
}

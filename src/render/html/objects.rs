//! The state of every object.

use super::side::{Side, timed};
use super::states::{ObjectState, Span, spans};
use maud::{Markup, html};

pub(super) fn table(side: &Side<'_>) -> Markup {
    let caption = format!("{}-objects", side.key);
    html! {
        div class="box" role="region" tabindex="0" aria-labelledby=(caption) {
            table class="objects" {
                caption id=(caption) { "Objects of " (side.design) }
                thead { tr {
                    th scope="col" { "object" }
                    th scope="col" { "state" }
                    th scope="col" { "since" }
                } }
                tbody {
                    @for (place, object) in side.execution.objects.iter().enumerate() {
                        @let states = spans(side.moments.iter().map(|moment| &moment.objects[place]));
                        tr {
                            th scope="row" {
                                (object.name)
                                @if !object.class.is_empty() && object.class != object.name {
                                    " " span class="quiet" { (object.class) }
                                }
                            }
                            td { @for state in &states { (timed(side, state, &value(state, &object.name))) } }
                            td { @for (i, state) in states.iter().enumerate() {
                                (timed(side, state, &since(state, i.checked_sub(1).map(|i| &states[i]))))
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn value(state: &Span<&ObjectState>, made_as: &str) -> Markup {
    html! {
        (state.value.words())
        // A transaction that a commit has locked is the commit's.
        @if state.value.name != made_as && !state.value.holders.is_empty() {
            " as " (state.value.name)
        }
    }
}

/// When the object reached its state, and which it had before.
fn since(state: &Span<&ObjectState>, before: Option<&Span<&ObjectState>>) -> Markup {
    html! {
        @if let Some(before) = before {
            "step " (state.from) ", before: " (before.value.words())
            span class="tag new" { "changed" }
        } @else {
            "the beginning"
        }
    }
}

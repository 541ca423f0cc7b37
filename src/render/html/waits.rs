//! The wait-for graph.

use super::picture::picture;
use super::side::Side;
use super::states::{Moment, Span, Waiting, spans};
use super::words::ending;
use crate::trace::Trace;
use maud::{Markup, html};

/// A thread waits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) thread: String,
    pub(super) what: String,
    /// A thread, or, where no holder is known, what is waited for.
    pub(super) to: String,
}

pub(super) fn graph(trace: &Trace, side: &Side<'_>) -> Markup {
    let moments: Vec<Vec<Edge>> = (side.moments.iter().enumerate())
        .map(|(step, moment)| {
            let cycle = side.reference.is_none() && step == side.last();
            edges(side.execution.threads, moment, cycle.then_some(trace))
        })
        .collect();
    let mut all: Vec<Edge> = moments.iter().flatten().cloned().collect();
    all.sort();
    all.dedup();
    let caption = format!("{}-waits", side.key);
    html! {
        figure class="waits" aria-labelledby=(caption) {
            figcaption id=(caption) class="sr" { "Wait-for graph of " (side.design) }
            @if all.is_empty() {
                p class="quiet" { "No thread ever waits." }
            } @else {
                (picture(trace, side, &all, &moments))
                @for span in spans(moments.iter()) { (words(trace, side, &span)) }
            }
        }
    }
}

/// The edges at one time. At the end of a deadlock they are those of its cycle.
fn edges(threads: &[String], moment: &Moment<'_>, at_the_end: Option<&Trace>) -> Vec<Edge> {
    let recorded = at_the_end.and_then(|trace| trace.cycle.as_ref());
    let recorded = recorded.map_or(&[][..], |cycle| &cycle.edges);
    let mut all: Vec<Edge> = (recorded.iter())
        .map(|edge| Edge {
            thread: edge.thread.clone(),
            what: edge.waits_for.clone(),
            to: edge.held_by.clone(),
        })
        .collect();
    for (thread, doing) in threads.iter().zip(&moment.threads) {
        let known = recorded.iter().any(|edge| edge.thread == *thread);
        let Some(Waiting { what, holders }) = doing.waits.as_ref().filter(|_| !known) else {
            continue;
        };
        let edge = |to: &String| Edge {
            thread: thread.clone(),
            what: what.clone(),
            to: to.clone(),
        };
        match &holders[..] {
            [] => all.push(edge(what)),
            holders => all.extend(holders.iter().map(edge)),
        }
    }
    all
}

/// The same in words, and that the cycle is closed.
fn words(trace: &Trace, side: &Side<'_>, span: &Span<&Vec<Edge>>) -> Markup {
    let closes = side.reference.is_none() && trace.cycle.is_some() && span.to == side.last();
    html! {
        p class="quiet" data-from=(span.from) data-to=(span.to) hidden[span.to < side.last()] {
            @if closes { strong { (ending(trace)) } }
            @else if span.value.is_empty() { "No thread waits." }
            @else {
                @for edge in span.value { (sentence(edge)) " " }
            }
        }
    }
}

/// An edge in words.
pub(super) fn sentence(edge: &Edge) -> String {
    let Edge { thread, what, to } = edge;
    if to == what {
        format!("{thread} waits for {what}.")
    } else {
        format!("{thread} waits for {what}, held by {to}.")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::sample::deadlock;
    use super::*;

    #[test]
    fn the_graph_grows_into_the_cycle() {
        let trace = deadlock();
        let side = &Side::both(&trace)[0];
        let whats = |step: usize| -> Vec<String> {
            let end = (step == side.last()).then_some(&trace);
            let edges = edges(side.execution.threads, &side.moments[step], end);
            edges.into_iter().map(|edge| edge.what).collect()
        };
        assert_eq!(whats(1), [""; 0]);
        assert_eq!(whats(2), ["one"]);
        assert_eq!(whats(3), ["two", "one"]);
        let picture = graph(&trace, side).into_string();
        assert_eq!(picture.matches("class=\"edge cycle\"").count(), 2);
        assert!(picture.contains("The cycle is closed: a → b → a."));
    }
}

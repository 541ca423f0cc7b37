//! A deadlock in DEPT's three letters: the start of what others wait for, the wait, and the event that does
//! not come.

use crate::trace::{Cycle, Event, EventKind, Trace};
use std::fmt::Write as _;

/// One context for each thread of the cycle.
pub(super) fn render(trace: &Trace, cycle: &Cycle) -> String {
    let mut text = String::new();
    let rule = "=".repeat(51);
    let _ = writeln!(text, "{rule}\nCircular dependency, by model checking");
    let _ = writeln!(
        text,
        "{}/{} in {}\n{}",
        trace.spec,
        trace.design_name(),
        trace.scenario,
        "-".repeat(51)
    );
    let _ = writeln!(text, "summary");
    for (place, edge) in cycle.edges.iter().enumerate() {
        let before = cycle
            .edges
            .iter()
            .find(|other| other.held_by == edge.thread);
        let _ = writeln!(text, "\ncontext {}: {}", letter(place), edge.thread);
        if let Some(before) = before {
            let start = started(trace, &edge.thread, &before.waits_for);
            let _ = writeln!(text, "    [S] {start}");
        }
        let _ = writeln!(text, "    [W] {}({})", edge.waits_in, edge.waits_for);
        if let Some(before) = before {
            let event = match before.ended_by.as_str() {
                "" => "the event",
                function => function,
            };
            let _ = writeln!(text, "    [E] {event}({}), not reached", before.waits_for);
        }
    }
    let end = if cycle.closed { "" } else { ", which is gone" };
    let _ = writeln!(text, "\n{}{end}", cycle.chain());
    let _ = writeln!(text, "\n[S]: start of the event context");
    let _ = writeln!(text, "[W]: the wait blocked");
    let _ = writeln!(text, "[E]: the event not reachable\n{rule}");
    text
}

/// How a thread acquired what another one waits for.
fn started(trace: &Trace, thread: &str, what: &str) -> String {
    let takes = |event: &&Event| {
        event.thread == thread
            && event.kind == EventKind::Acquire
            && event.object.as_deref() == Some(what)
    };
    match trace.events.iter().rev().find(takes) {
        Some(event) => format!("{}({what})", event.function),
        None => format!("owes {what}"),
    }
}

fn letter(place: usize) -> char {
    let letters = ('A'..='Z').nth(place);
    letters.unwrap_or('?')
}

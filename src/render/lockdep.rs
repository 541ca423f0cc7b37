//! A deadlock in the shape of lockdep's report.

use super::format::Layout;
use super::screen::unsafe_scenario;
use crate::trace::{Cycle, Event, EventKind, Trace, WaitEdge};
use std::fmt::Write as _;

/// The rule around the title.
const RULE: usize = 54;

/// A cycle in the shape of lockdep's report: the last thread to wait and what it holds, the chain that leads back to it,
/// each link with the functions that took it, and the locks that each thread holds.
pub(super) fn render(trace: &Trace, cycle: &Cycle, layout: Layout) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", "=".repeat(RULE));
    let _ = writeln!(text, "WARNING: circular wait, by model checking");
    let _ = writeln!(
        text,
        "{}/{} in {} [model {}]",
        trace.spec,
        trace.design_name(),
        trace.scenario,
        trace.statistics.fingerprint
    );
    let _ = writeln!(text, "{}", "-".repeat(RULE));
    // The last one to wait closes the cycle.
    let closing = closing(trace, cycle);
    let edges: Vec<&WaitEdge> = (0..cycle.edges.len())
        .map(|place| &cycle.edges[(closing + place) % cycle.edges.len()])
        .collect();
    let last = edges[0];
    let _ = writeln!(text, "{} waits for:", last.thread);
    let _ = writeln!(text, " ({}), at: {}", last.waits_for, last.waits_in);
    if let Some(before) = cycle.edges.iter().find(|edge| edge.held_by == last.thread) {
        let _ = writeln!(text, "\nwhile it holds:");
        let _ = writeln!(text, "{}", taken(trace, before));
    }
    let _ = writeln!(
        text,
        "\nThe chain that leads back, the newest link first:\n"
    );
    for (place, edge) in edges.iter().enumerate() {
        let number = edges.len() - 1 - place;
        let _ = writeln!(text, "-> #{number} ({}):", edge.waits_for);
        for line in stack(trace, edge) {
            let _ = writeln!(text, "       {line}");
        }
    }
    let mut names: Vec<&str> = edges.iter().map(|edge| edge.waits_for.as_str()).collect();
    names.reverse();
    let _ = writeln!(text, "\nChain exists of:\n  {}\n", names.join(" --> "));
    for line in unsafe_scenario(cycle, layout.width) {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for thread in &trace.threads {
        held(&mut text, trace, thread);
    }
    text
}

/// The place of the edge whose wait began last.
fn closing(trace: &Trace, cycle: &Cycle) -> usize {
    let began = |edge: &WaitEdge| {
        let own = |event: &Event| event.kind == EventKind::Wait && event.thread == edge.thread;
        trace.events.iter().rposition(own)
    };
    let places = 0..cycle.edges.len();
    places
        .max_by_key(|place| began(&cycle.edges[*place]))
        .unwrap_or_default()
}

/// How the holder acquired what an edge waits for.
fn taken(trace: &Trace, edge: &WaitEdge) -> String {
    match acquired(trace, edge) {
        Some(event) => format!(" ({}), at: {}", edge.waits_for, event.function),
        None => format!(" ({}), to bring about", edge.waits_for),
    }
}

fn acquired<'t>(trace: &'t Trace, edge: &WaitEdge) -> Option<&'t Event> {
    let takes = |event: &&Event| {
        event.thread == edge.held_by
            && event.kind == EventKind::Acquire
            && event.object.as_deref() == Some(&edge.waits_for)
    };
    trace.events.iter().rev().find(takes)
}

/// The functions by which the holder took it, and those that wait for it, innermost first.
fn stack(trace: &Trace, edge: &WaitEdge) -> Vec<String> {
    let chain = |event: &Event| {
        let mut functions = vec![event.function.as_str()];
        functions.extend(event.callers.iter().rev().map(String::as_str));
        functions.join(" <- ")
    };
    let waits = |event: &&Event| event.kind == EventKind::Wait && event.thread == edge.thread;
    let mut lines = Vec::new();
    match acquired(trace, edge) {
        Some(event) => lines.push(format!("{} took it: {}", edge.held_by, chain(event))),
        None => lines.push(format!("{} has to bring it about", edge.held_by)),
    }
    if let Some(event) = trace.events.iter().rev().find(waits) {
        lines.push(format!("{} waits:   {}", edge.thread, chain(event)));
    }
    if !edge.ended_by.is_empty() {
        lines.push(format!("would end by {}", edge.ended_by));
    }
    lines
}

fn held(text: &mut String, trace: &Trace, thread: &str) {
    let own = |event: &&Event| event.thread == thread;
    let Some(last) = trace.events.iter().rev().find(own) else {
        return;
    };
    let locks = match last.holds.len() {
        0 => return,
        1 => "1 lock".to_string(),
        many => format!("{many} locks"),
    };
    let _ = writeln!(text, "\n{locks} held by {thread}:");
    for (place, lock) in last.holds.iter().enumerate() {
        let takes = |event: &&Event| {
            event.thread == thread
                && event.kind == EventKind::Acquire
                && event.object.as_ref() == Some(lock)
        };
        let by = trace.events.iter().rev().find(takes);
        let at = by.map_or(String::new(), |event| format!(", at: {}", event.function));
        let _ = writeln!(text, " #{place}: ({lock}){at}");
    }
}

//! The counterexample step by step.

use super::format::Layout;
use super::rows::{self, Row};
use super::text::{clip, wrap_in};
use crate::trace::{Event, EventKind, Trace};
use std::fmt::Write as _;

/// The head of the counterexample, then a text for each operation with all that belongs to it, and the
/// failure last.
pub(super) fn render(trace: &Trace, layout: Layout) -> Vec<String> {
    let head = format!(
        "{}/{} in {}\n{}\n",
        trace.spec,
        trace.design_name(),
        trace.scenario,
        wrap_in(layout.width, &trace.sentence, 2).join("\n")
    );
    let rows = rows::of(trace, true).rows;
    let mut texts = vec![head];
    texts.extend(operations(&rows, trace.schedule.len(), layout.width));
    let end = match &trace.cycle {
        Some(cycle) => format!("deadlock: {}", cycle.chain()),
        None => format!(
            "violated: {}\n          {}",
            trace.property_summary, trace.message
        ),
    };
    texts.push(end + "\n");
    texts
}

/// The operations of an execution that violates nothing.
pub(super) fn execution(events: &[Event], layout: Layout) -> String {
    let number = |event: &Event| event.operation.unwrap_or_default();
    let of = events.iter().map(number).max().unwrap_or_default();
    operations(&rows::all(events), of, layout.width).concat()
}

/// A text for each operation, of so many.
fn operations(rows: &[Row<'_>], of: usize, width: usize) -> Vec<String> {
    let mut texts = Vec::new();
    // What belongs to no operation happens before the first, or after the one before it.
    let is_operation = |row: &Row<'_>| row.event.operation.is_some();
    let starts: Vec<usize> = (0..rows.len())
        .filter(|place| is_operation(&rows[*place]))
        .collect();
    for (number, start) in starts.iter().enumerate() {
        let first = if number == 0 { 0 } else { *start };
        let end = starts.get(number + 1).copied().unwrap_or(rows.len());
        texts.push(step(&rows[first..end], of, width));
    }
    texts
}

/// An operation with its waits, updates and releases: what it mirrors, what changes, what is held.
fn step(rows: &[Row<'_>], of: usize, width: usize) -> String {
    let mut lines = Vec::new();
    for row in rows {
        let event = row.event;
        let number = match event.operation {
            Some(number) => format!("{number} of {of}"),
            None => String::new(),
        };
        lines.push(format!(
            "{number:>9}  {}: {}  {}",
            event.thread, event.function, row.changed
        ));
        if event.operation.is_some() {
            lines.push(format!("{:>9}  {}", "", origin(event)));
        }
        if event.kind != EventKind::Wait && !event.holds.is_empty() {
            lines.push(format!("{:>9}  holds {}", "", event.holds.join(", ")));
        }
    }
    let clipped: Vec<String> = lines.iter().map(|line| clip(line, width)).collect();
    clipped.join("\n") + "\n"
}

/// Where an event comes from: the kernel's source, who called it, the encoding.
fn origin(event: &Event) -> String {
    let mut text = format!("{} of {}", event.file, event.commit);
    if !event.callers.is_empty() {
        let callers: Vec<&str> = event.callers.iter().rev().map(String::as_str).collect();
        let _ = write!(text, ", called from {}", callers.join(" <- "));
    }
    if let Some(model) = &event.model {
        let _ = write!(text, "; {}:{}", model.file, model.line);
    }
    text
}

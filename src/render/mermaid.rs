//! The counterexample as a sequence diagram of Mermaid, which Markdown viewers draw.

use super::rows::{self, Row};
use crate::escape::mermaid as escaped;
use crate::trace::{EventKind, Trace};
use std::fmt::Write as _;

/// The most threads that a reader can follow.
const MOST_THREADS: usize = 8;
/// The most steps of a diagram.
const MOST_STEPS: usize = 40;

/// A `sequenceDiagram`: a participant for each thread, a note for each step, an arrow for each wait.
pub(super) fn render(trace: &Trace, full: bool) -> String {
    let rows::Rows { mut rows, apart } = rows::of(trace, full);
    let threads = shown(trace, &rows);
    rows.retain(|row| threads.contains(&row.event.thread.as_str()));
    let earlier = rows.len().saturating_sub(MOST_STEPS);
    let gone = trace.threads.len() - threads.len();

    let mut text = String::from("sequenceDiagram\n");
    for (place, thread) in threads.iter().enumerate() {
        let _ = writeln!(text, "  participant t{place} as {}", escaped(thread));
    }
    let over = match threads.len() {
        0 | 1 => "t0".to_string(),
        count => format!("t0,t{}", count - 1),
    };
    let mut note = |what: &str| {
        let _ = writeln!(text, "  Note over {over}: {}", escaped(what));
    };
    note(&format!(
        "{}/{} in {}",
        trace.spec,
        trace.design_name(),
        trace.scenario
    ));
    let left_out = [
        (earlier, "earlier steps are left out"),
        (apart, "steps do not lead to the failure"),
        (gone, "threads are left out"),
    ];
    for (number, what) in left_out.into_iter().filter(|(number, _)| *number > 0) {
        note(&format!("{number} {what}"));
    }
    for row in &rows[earlier..] {
        let _ = writeln!(text, "  {}", step(row, &threads));
    }
    let mut end = |what: &str| {
        let _ = writeln!(text, "  Note over {over}: {}", escaped(what));
    };
    match &trace.cycle {
        Some(cycle) => end(&format!("deadlock: {}", cycle.chain())),
        None => end(&format!("violated: {}", trace.property_summary)),
    }
    text
}

/// The threads that are shown, in their order: those of the cycle and those that do something, the last
/// ones where there are too many.
fn shown<'t>(trace: &'t Trace, rows: &[Row<'_>]) -> Vec<&'t str> {
    let mut last: Vec<(usize, &str)> = (trace.threads.iter())
        .filter_map(|thread| {
            let does = rows.iter().rposition(|row| row.event.thread == *thread)?;
            Some((does, thread.as_str()))
        })
        .collect();
    if last.is_empty() {
        // Nothing changes before the failure: any thread may be shown.
        last.extend(trace.threads.iter().map(|thread| (0, thread.as_str())));
    }
    last.sort_by_key(|(does, _)| std::cmp::Reverse(*does));
    last.truncate(MOST_THREADS);
    let order = trace.threads.iter().map(String::as_str);
    order
        .filter(|thread| last.iter().any(|(_, other)| other == thread))
        .collect()
}

fn step(row: &Row<'_>, threads: &[&str]) -> String {
    let place = |thread: &str| threads.iter().position(|other| *other == thread);
    // Every thread that has a row is a participant.
    let own = place(&row.event.thread).unwrap_or_default();
    let function = escaped(&row.event.function);
    let what = escaped(&row.changed);
    let holder = row.waits.and_then(|(_, holder)| place(holder?));
    match (row.event.kind, holder) {
        (EventKind::Wait, Some(holder)) => format!("t{own}-xt{holder}: {function}: {what}"),
        (EventKind::Wait, None) => format!("Note over t{own}: {function}<br/>{what}"),
        _ => {
            let number = row.event.operation.map(|number| format!("{number}. "));
            let number = number.unwrap_or_default();
            format!("Note over t{own}: {number}{function}<br/>{what}")
        }
    }
}

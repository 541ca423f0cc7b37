//! The counterexample on one screen: at most 40 lines of ASCII, unless all of it is asked for.

use super::columns;
use super::format::Layout;
use super::text::{clip, facts, titled, wrap_in};
use crate::trace::{ClauseRef, Cycle, Missing, Reference, Trace, counted};
use std::fmt::Write as _;

/// The lines of the screen.
const MAX_LINES: usize = 40;

/// Renders a trace for a terminal or a mail.
pub(super) fn render(trace: &Trace, layout: Layout) -> String {
    let head = head(trace, layout.width);
    let all = columns::render(trace, layout, usize::MAX);
    let mut tail = tail(trace, layout.width, true);
    if !layout.full && head.len() + all.len() + tail.len() > MAX_LINES {
        // lockdep's columns repeat the cycle above them.
        tail = self::tail(trace, layout.width, false);
    }
    // What is left of the forty lines goes to the events.
    let left = MAX_LINES.saturating_sub(head.len() + tail.len());
    let events = if layout.full {
        all
    } else {
        columns::render(trace, layout, left)
    };
    let mut text = String::new();
    for line in head.into_iter().chain(events).chain(tail) {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Verdict and expectation, the design, and one plain sentence.
fn head(trace: &Trace, width: usize) -> Vec<String> {
    let verdict = if trace.as_expected {
        "FAIL as expected"
    } else {
        "FAIL, not as expected"
    };
    let name = format!(
        "{}/{} in {}",
        trace.spec,
        trace.design_name(),
        trace.scenario
    );
    let facts = facts(trace);
    let reference = trace.reference.as_ref().map_or_else(
        || "no design passes here".to_string(),
        |reference| {
            format!(
                "reference {}: {}",
                reference.design,
                reference.verdict.to_uppercase()
            )
        },
    );
    let mut lines = vec![clip(&format!("{verdict}  {name}  {facts}"), width)];
    lines.extend(wrap_in(
        width,
        &format!("{}; {reference}", trace.design_summary),
        4,
    ));
    lines.push(String::new());
    if !trace.sentence.is_empty() {
        lines.extend(wrap_in(width, &trace.sentence, 2));
        lines.push(String::new());
    }
    lines
}

/// The cycle or the violated property, the search statistics and the replay.
fn tail(trace: &Trace, width: usize, lockdep: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    if let Some(cycle) = &trace.cycle {
        lines.extend(deadlock(cycle, width, lockdep));
    } else {
        lines.extend(wrap_in(
            width,
            &format!("violated: {}", trace.property_summary),
            2,
        ));
        lines.extend(wrap_in(width, &format!("seen: {}", trace.message), 2));
    }
    lines.push(String::new());
    lines.extend(evidence(trace, width));
    lines
}

/// DEPT's three letters for each thread, then lockdep's columns.
fn deadlock(cycle: &Cycle, columns: usize, lockdep: bool) -> Vec<String> {
    let edges = &cycle.edges;
    let held_by = |thread: &str| {
        // What a thread holds is what the one before it in the cycle waits for.
        edges.iter().find(|edge| edge.held_by == thread)
    };
    let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let name = wide(&mut edges.iter().map(|edge| edge.thread.len()));
    let object = wide(&mut edges.iter().map(|edge| edge.waits_for.len()));
    let mut lines = Vec::new();
    for (i, edge) in edges.iter().enumerate() {
        let title = if i == 0 { "cycle" } else { "" };
        let (holds, ends) = held_by(&edge.thread).map_or(("", ""), |before| {
            (before.waits_for.as_str(), before.ended_by.as_str())
        });
        let mut line = format!(
            "  {title:8} {:name$}  [S] {holds:object$}  [W] {:object$}",
            edge.thread, edge.waits_for
        );
        if !ends.is_empty() {
            let _ = write!(line, "  [E] {ends}");
        }
        lines.push(clip(&line, columns));
    }
    let chain = if cycle.closed {
        cycle.chain()
    } else {
        format!("{}, which is gone", cycle.chain())
    };
    lines.push(format!("           {chain}"));
    if lockdep && cycle.closed && edges.len() > 1 {
        lines.push(String::new());
        lines.extend(unsafe_scenario(cycle, columns));
    }
    lines
}

/// lockdep's "Possible unsafe locking scenario", one column for each thread of the cycle.
pub(super) fn unsafe_scenario(cycle: &Cycle, width: usize) -> Vec<String> {
    let edges = &cycle.edges;
    let column = (width - 8) / edges.len();
    let row = |place: usize, text: &str| {
        let text = clip(text, column - 1);
        format!("        {}{text}", " ".repeat(column * place))
    };
    let names: Vec<String> = (edges.iter())
        .map(|edge| format!("{:<width$}", clip(&edge.thread, column - 1), width = column))
        .collect();
    let mut lines = vec![
        "  Possible unsafe locking scenario:".to_string(),
        format!("        {}", names.concat()),
    ];
    for (place, edge) in edges.iter().enumerate() {
        if let Some(before) = edges.iter().find(|other| other.held_by == edge.thread) {
            lines.push(row(place, &format!("lock({});", before.waits_for)));
        }
    }
    for (place, edge) in edges.iter().enumerate() {
        lines.push(row(place, &format!("lock({});", edge.waits_for)));
    }
    lines.push("        *** DEADLOCK ***".to_string());
    lines
}

/// The lines under the picture: where the reference design diverges, what the search has covered, and the replay.
fn evidence(trace: &Trace, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut note = |title: &str, text: &str| lines.extend(titled(width, title, text));
    if let Some(reference) = &trace.reference {
        note("diverges", &divergence(reference));
    }
    note("search", &searches(trace));
    if !trace.reached.is_empty() {
        note("reached", &trace.reached.join(", "));
    }
    // One word, however long, so that it can be pasted.
    lines.push(format!("  replay   {}", trace.replay()));
    lines
}

fn divergence(reference: &Reference) -> String {
    let divergence = &reference.divergence;
    let mut text = format!(
        "step {}: {}",
        divergence.operation,
        divergence.sentence(&reference.design)
    );
    let clauses: Vec<String> = (divergence.clauses.iter()).map(ClauseRef::title).collect();
    if !clauses.is_empty() {
        let _ = write!(text, " ({})", clauses.join(", "));
    }
    for Missing { held, wanted } in &divergence.impossible {
        let _ = write!(
            text,
            "; no thread of {} acquires {wanted} while it holds {held}",
            reference.design
        );
    }
    text
}

fn searches(trace: &Trace) -> String {
    let run = &trace.statistics;
    let mut text = format!("{}, {}, {}: ", run.engine, run.strategy, run.extent());
    let what = match &run.states {
        Some(states) => {
            let _ = write!(text, "{} states, ", states.states);
            "schedules"
        }
        None => "executions",
    };
    let (failing, all) = (counted(trace.failing), counted(run.out_of()));
    let _ = write!(text, "{failing} of {all} {what} fail");
    if let Some(reference) = &trace.reference {
        let (design, failing) = (&reference.design, counted(reference.statistics.failing));
        let all = counted(reference.statistics.out_of());
        let _ = write!(text, "; {design} {failing} of {all}");
    }
    if let Some(sampled) = &trace.sampled {
        let _ = write!(
            text,
            "; shuttle {}: {} of {} fail, the first is {}",
            sampled.statistics.strategy,
            sampled.failing,
            sampled.statistics.executions,
            sampled.first
        );
    }
    text
}

//! The graph as text of at most 100 columns.

use crate::escape;
use crate::lock_order::{Edge, Graph};
use std::fmt::Write as _;

const COLUMNS: usize = 100;

/// Begins the line of a replay word, which is never cut: it is there to be pasted.
const REPLAY: &str = "         replay  ";

/// The cycles first, then the classes, then every order of two classes with its witness.
#[must_use]
pub fn text(graph: &Graph) -> String {
    let mut text = format!(
        "lock order of {}: {} classes, {} orders, {} cycles; {} scenarios\n",
        graph.name(),
        graph.classes.len(),
        graph.class_edges.len(),
        graph.cycles.len(),
        graph.scenarios.len()
    );
    for cycle in &graph.cycles {
        let _ = write!(
            text,
            "\ncycle  {}\n       {}\n",
            cycle.line(),
            super::words::deadlocks(cycle)
        );
        for edge in cycle
            .edges
            .iter()
            .filter_map(|place| graph.edges.get(*place))
        {
            let _ = write!(text, "{}", step(graph, edge));
        }
    }
    if graph.cycles.is_empty() {
        text.push_str("\nno cycle\n");
    }
    for note in super::words::notes(graph) {
        let _ = writeln!(text, "\n{note}");
    }
    text.push_str("\nclasses, what is held while others are acquired first\n");
    for class in &graph.classes {
        let kind = if class.event { "event" } else { "lock" };
        let _ = writeln!(text, "  {:>2}  {:<5}  {}", class.rank, kind, class.name);
    }
    text.push_str("\norders, with the function that acquires the second; ! lies on a cycle\n");
    let order = |edge: &crate::lock_order::ClassEdge| format!("{} -> {}", edge.held, edge.wanted);
    let width = graph.class_edges.iter().map(|edge| order(edge).len()).max();
    let width = width.unwrap_or_default();
    for edge in &graph.class_edges {
        let flag = if edge.in_cycle { '!' } else { ' ' };
        let waits = if edge.waits { "waits" } else { "" };
        let within = edge.within.map(|within| format!(" ({})", within.words()));
        let _ = writeln!(
            text,
            "{flag} {:<width$}  {waits:<5}  {}: {}{}",
            order(edge),
            edge.witness.thread,
            edge.witness.call(),
            within.unwrap_or_default(),
        );
    }
    escape::screen(&text.lines().map(fit).collect::<String>())
}

/// One order of a cycle, and the schedule that leads to it.
fn step(graph: &Graph, edge: &Edge) -> String {
    let witness = &edge.witness;
    format!(
        "       {} -> {}  {}: {}\n{REPLAY}{}\n",
        edge.held.name,
        edge.wanted.name,
        witness.thread,
        witness.call(),
        graph.replay(witness)
    )
}

/// The line, cut where it is too long.
fn fit(line: &str) -> String {
    let line = line.trim_end();
    if line.chars().count() <= COLUMNS || line.starts_with(REPLAY) {
        return format!("{line}\n");
    }
    let cut: String = line.chars().take(COLUMNS - 1).collect();
    format!("{cut}~\n")
}

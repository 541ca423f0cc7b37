//! What the pictures of a lock-order graph say in words.

use crate::lock_order::{ClassEdge, Cycle, Graph};

/// The label of an order: the function by which the witness acquires the second.
pub(super) fn label(edge: &ClassEdge) -> String {
    match edge.within {
        Some(within) => format!("{} ({})", edge.witness.function, within.words()),
        None => edge.witness.function.clone(),
    }
}

/// Whether executions deadlock over a cycle, in words.
pub(in crate::report) fn deadlocks(cycle: &Cycle) -> String {
    if !cycle.deadlocks.is_empty() {
        return format!(
            "executions deadlock over it in {}",
            cycle.deadlocks.join(", ")
        );
    }
    if cycle.together.is_empty() {
        return "no execution deadlocks over it: no one scenario shows all of its orders"
            .to_string();
    }
    let together = cycle.together.join(", ");
    format!("no execution deadlocks over it, though {together} shows all of its orders")
}

/// The cycles of classes that are no cycles of locks, and the deadlocks that are no cycle, in words.
pub(super) fn notes(graph: &Graph) -> Vec<String> {
    let mut notes = Vec::new();
    for cycle in &graph.class_cycles {
        let classes = cycle.classes.join(", ");
        notes.push(if cycle.by_index {
            format!("{classes}: a cycle of classes by ascending index only, so no cycle of locks")
        } else {
            format!("{classes}: a cycle of classes, but no cycle of locks in these scenarios")
        });
    }
    if !graph.without_cycle.is_empty() {
        let scenarios = graph.without_cycle.join(", ");
        notes.push(format!(
            "deadlocks without a cycle, in a wait that no thread is left to end: {scenarios}"
        ));
    }
    notes
}

//! Pictures of a lock-order graph. Each renderer reads a [`Graph`] and nothing else.
//!
//! Each writes the same graph in another language:
//! ```
//! use pagelock::report::graph;
//! use pagelock::{lock_order, protocols};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let orders = lock_order::graph(spec, spec.design("old").unwrap()).unwrap();
//! for write in [graph::dot, graph::json, graph::mermaid, graph::svg, graph::text] {
//!     assert!(write(&orders).contains("page lock"));
//! }
//! ```

mod dot;
mod json;
mod markdown;
mod mermaid;
mod svg;
#[cfg(all(test, not(loom)))]
mod tests;
mod text;

pub use dot::dot;
pub use json::json;
pub use markdown::side_by_side;
pub use mermaid::mermaid;
pub use svg::svg;
pub use text::text;

use crate::lock_order::{ClassEdge, Cycle, Graph};

/// The label of an order: the function by which the witness acquires the second.
fn label(edge: &ClassEdge) -> String {
    match edge.within {
        Some(within) => format!("{} ({})", edge.witness.function, within.words()),
        None => edge.witness.function.clone(),
    }
}

/// Whether executions deadlock over a cycle, in words.
pub(super) fn deadlocks(cycle: &Cycle) -> String {
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
fn notes(graph: &Graph) -> Vec<String> {
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

//! The graph in the language of Graphviz.

use crate::escape::dot as quoted;
use crate::lock_order::Graph;
use std::fmt::Write as _;

/// A `digraph`: locks are boxes, events ellipses; orders on a cycle are red and dashed.
///
/// ```
/// use pagelock::engine::{Function, Order, Resource};
/// use pagelock::lock_order::{Graph, Part};
/// use pagelock::report::graph::dot;
///
/// let resource = |name: &str, event| Resource { name: name.into(), class: name.into(), event };
/// let order = Order {
///     held: resource("page lock", false),
///     wanted: resource("commit", true),
///     waits: true,
///     thread: "flusher".to_string(),
///     function: Function::new("start_this_handle", "fs/jbd2/transaction.c"),
///     caller: None,
///     schedule: vec![],
/// };
/// let part = Part { scenario: "one", fingerprint: "", orders: &[order], deadlocks: &[], deadlocked: false };
/// let text = dot(&Graph::from_parts("ext4", "old", &[part]));
/// assert!(text.starts_with("digraph \"ext4/old\" {\n"));
/// assert!(text.contains("  \"commit\" [shape=ellipse];\n"));
/// assert!(text.contains("  \"page lock\" -> \"commit\" [label=\"start_this_handle\"];\n"));
/// ```
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let mut text = format!(
        "digraph {} {{\n  node [shape=box];\n",
        quoted(&graph.name())
    );
    for class in &graph.classes {
        let shape = if class.event { " [shape=ellipse]" } else { "" };
        let _ = writeln!(text, "  {}{shape};", quoted(&class.name));
    }
    for edge in &graph.class_edges {
        let style = if edge.in_cycle {
            ", color=red, style=dashed"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "  {} -> {} [label={}{style}];",
            quoted(&edge.held),
            quoted(&edge.wanted),
            quoted(&super::label(edge))
        );
    }
    text.push_str("}\n");
    text
}

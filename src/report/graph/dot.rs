//! The graph in the language of Graphviz.

use crate::escape::dot as quoted;
use crate::lock_order::Graph;
use std::fmt::Write as _;

/// A `digraph`: locks are boxes, events ellipses; orders on a cycle are red and dashed.
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
            quoted(&super::words::label(edge))
        );
    }
    text.push_str("}\n");
    text
}

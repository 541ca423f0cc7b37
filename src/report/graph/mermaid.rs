//! The graph in the language of Mermaid, which Markdown viewers draw.

use crate::escape;
use crate::lock_order::Graph;
use std::fmt::Write as _;

/// A `flowchart`: locks are boxes, events rounded; orders on a cycle are thick, red and dashed.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    let place = |name: &str| graph.classes.iter().position(|class| class.name == name);
    for (place, class) in graph.classes.iter().enumerate() {
        let (open, close) = if class.event { ("(", ")") } else { ("[", "]") };
        let _ = writeln!(text, "  n{place}{open}{}{close}", quoted(&class.name));
    }
    let mut red = Vec::new();
    for (number, edge) in graph.class_edges.iter().enumerate() {
        // Every end of an order is a class.
        let (Some(held), Some(wanted)) = (place(&edge.held), place(&edge.wanted)) else {
            continue;
        };
        let label = quoted(&super::words::label(edge));
        let _ = writeln!(text, "  n{held} -->|{label}| n{wanted}");
        if edge.in_cycle {
            red.push(number.to_string());
        }
    }
    if !red.is_empty() {
        let style = "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4";
        let _ = writeln!(text, "  linkStyle {} {style}", red.join(","));
    }
    text
}

/// A string of the language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escape::mermaid(text))
}

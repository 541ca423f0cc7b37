//! The graph as one JSON document.

use crate::escape;
use crate::lock_order::Graph;

/// The whole graph, single locks included, with a `schema` that names its shape.
///
/// # Panics
/// Never: a graph has no maps and no numbers that JSON cannot hold.
#[must_use]
pub fn json(graph: &Graph) -> String {
    let text = serde_json::to_string_pretty(graph).expect("a graph can be written as JSON");
    escape::json(&text) + "\n"
}

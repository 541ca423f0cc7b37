//! The graph as one JSON document.

use crate::escape;
use crate::lock_order::Graph;

/// The whole graph, single locks included, with a `schema` to tell its shape by.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::report::graph::json;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("same-pte").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, old.name, &[&run]);
/// let value: serde_json::Value = serde_json::from_str(&json(&graph)).unwrap();
/// assert_eq!((&value["schema"], &value["design"]), (&"pagelock-graph/1".into(), &"old".into()));
/// assert_eq!(value["edges"].as_array().unwrap().len(), graph.edges.len());
/// ```
///
/// # Panics
/// Never: a graph has no maps and no numbers that JSON cannot hold.
#[must_use]
pub fn json(graph: &Graph) -> String {
    let text = serde_json::to_string_pretty(graph).expect("a graph can be written as JSON");
    escape::json(&text) + "\n"
}

//! The lock orders in the documents: the cycles of a spec, its chapter, and the pictures.

use super::graph::{deadlocks, side_by_side, svg};
use crate::escape::markdown;
use crate::lock_order::{Graph, graph};
use crate::protocols;
use crate::spec::{CheckError, Spec};
use std::fmt::Write as _;

/// The lock-order graph of every design, as the command `graph` computes it.
///
/// # Errors
/// [`CheckError`] if a search has no result.
pub(super) fn lock_orders() -> Result<Vec<Graph>, CheckError> {
    let mut graphs = Vec::new();
    for (spec, design) in protocols::ALL.designs() {
        graphs.push(graph(spec, design)?);
    }
    Ok(graphs)
}

/// The graphs of a spec that are drawn: those of the old design and of the patched one.
pub(super) fn drawn<'g>(spec: &Spec, graphs: &'g [Graph]) -> Vec<&'g Graph> {
    let designs = spec.old_and_patched();
    let is_drawn = |graph: &&Graph| {
        let mut designs = designs.iter().flatten();
        graph.spec == spec.name && designs.any(|design| design.name == graph.design)
    };
    graphs.iter().filter(is_drawn).collect()
}

/// The file of a graph's picture, in the folder `docs`.
fn picture(graph: &Graph) -> String {
    format!("graphs/{}-{}.svg", graph.spec, graph.design)
}

/// The cycles of each graph, in a list.
pub(super) fn cycles(graphs: &[&Graph]) -> String {
    let mut text = String::new();
    for graph in graphs {
        let design = markdown(&graph.design);
        let orders = graph.class_edges.len();
        if graph.cycles.is_empty() {
            let _ = writeln!(text, "- {design}: {orders} orders, no cycle.");
            continue;
        }
        let _ = writeln!(
            text,
            "- {design}: {orders} orders, {}:",
            counted(graph.cycles.len())
        );
        for cycle in &graph.cycles {
            let deadlocks = markdown(&deadlocks(cycle));
            let _ = writeln!(text, "  - {}: {deadlocks}.", markdown(&cycle.line()));
        }
    }
    text
}

fn counted(cycles: usize) -> String {
    match cycles {
        1 => "1 cycle".to_string(),
        many => format!("{many} cycles"),
    }
}

/// The chapter of a spec: the pictures, and every order.
pub(super) fn section(graphs: &[&Graph]) -> String {
    side_by_side(graphs, |graph| format!("../{}", picture(graph)))
}

/// The pictures that the documents show, each with its path from the root of the crate: the lock orders of each
/// spec's old and patched design.
pub(super) fn pictures(graphs: &[Graph]) -> Vec<(String, String)> {
    let mut pictures = Vec::new();
    for spec in protocols::ALL {
        for graph in drawn(spec, graphs) {
            pictures.push((format!("docs/{}", picture(graph)), svg(graph)));
        }
    }
    pictures
}

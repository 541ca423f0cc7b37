//! Two designs' graphs side by side, as Markdown.

use crate::escape::{code, markdown, xml};
use crate::lock_order::{ClassEdge, Graph};
use std::fmt::Write as _;

/// The graphs of a spec's designs: the pictures, the cycles, and a table of every order. The pictures
/// are where `picture` says.
#[must_use]
pub fn side_by_side(graphs: &[&Graph], picture: impl Fn(&Graph) -> String) -> String {
    let names: Vec<String> = graphs.iter().map(|graph| markdown(&graph.design)).collect();
    let mut pictures = Vec::new();
    for graph in graphs {
        pictures.push(format!(
            "<img src=\"{}\" alt=\"Lock order of {}\">",
            xml(&picture(graph)),
            xml(&graph.name())
        ));
    }
    let mut text = row(&names) + &rule(graphs.len()) + &row(&pictures);
    for graph in graphs {
        let _ = writeln!(text, "\n**{}**\n", markdown(&graph.design));
        for cycle in &graph.cycles {
            let deadlocks = markdown(&super::words::deadlocks(cycle));
            let _ = writeln!(text, "- cycle {}: {deadlocks}.", markdown(&cycle.line()));
        }
        if graph.cycles.is_empty() {
            text.push_str("- no cycle.\n");
        }
        for note in super::words::notes(graph) {
            let _ = writeln!(text, "- {}.", markdown(&note));
        }
    }
    text.push('\n');
    let ends = ["held".to_string(), "acquired".to_string()];
    text.push_str(&row(&[&ends[..], &names].concat()));
    text.push_str(&rule(graphs.len() + 2));
    for (held, wanted) in pairs(graphs) {
        let mut cells = vec![markdown(&held), markdown(&wanted)];
        for graph in graphs {
            let edge = graph.class_edge(&held, &wanted);
            cells.push(edge.map_or_else(|| "-".to_string(), cell));
        }
        text.push_str(&row(&cells));
    }
    text
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn rule(columns: usize) -> String {
    format!("|{}\n", "---|".repeat(columns))
}

/// The pairs of classes that any of the graphs orders, in the order of the first that does.
fn pairs(graphs: &[&Graph]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for edge in graphs.iter().flat_map(|graph| &graph.class_edges) {
        let pair = (edge.held.clone(), edge.wanted.clone());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs
}

fn cell(edge: &ClassEdge) -> String {
    let mut cell = code(&edge.witness.call());
    if let Some(within) = edge.within {
        let _ = write!(cell, ", {}", within.words());
    }
    if edge.in_cycle {
        cell.push_str(", **cycle**");
    }
    cell
}

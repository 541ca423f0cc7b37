//! Two designs' graphs side by side, and the documented orders, as Markdown.

use crate::escape::{code, markdown, xml};
use crate::lock_order::{ClassEdge, Compared, Edge, Graph, Pages};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The graphs of a spec's designs: the pictures, the cycles, and a table of every order. The pictures
/// are where `picture` says.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::report::graph::side_by_side;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let scenario = spec.scenario("write").unwrap();
/// let graphs = ["old", "patched"].map(|design| {
///     let run = spec::check(spec, spec.design(design).unwrap(), scenario, &Strategy::States).unwrap();
///     Graph::of(spec.name, design, &[&run])
/// });
/// let text = side_by_side(&graphs, |graph| format!("{}.svg", graph.design));
/// assert!(text.contains("<img src=\"patched.svg\" alt=\"Lock order of ext4-journal-start/patched\">"));
/// // What the patch took away has no entry in its column.
/// let row = "| page lock | transaction | `ext4_journal_start > start_this_handle`, **cycle** | - |";
/// assert!(text.contains(row), "{text}");
/// ```
#[must_use]
pub fn side_by_side(graphs: &[Graph], picture: impl Fn(&Graph) -> String) -> String {
    let mut text = String::new();
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cells = |cell: &dyn Fn(&Graph) -> String| row(graphs.iter().map(cell).collect());
    text.push_str(&cells(&|graph| markdown(&graph.design)));
    text.push_str(&cells(&|_| "---".to_string()));
    text.push_str(&cells(&|graph| {
        let name = graph.name();
        format!(
            "<img src=\"{}\" alt=\"Lock order of {}\">",
            xml(&picture(graph)),
            xml(&name)
        )
    }));
    for graph in graphs {
        let _ = writeln!(text, "\n**{}**\n", markdown(&graph.design));
        for cycle in &graph.cycles {
            let _ = writeln!(
                text,
                "- cycle {}: {}.",
                markdown(&cycle.line()),
                markdown(&super::fate(cycle))
            );
        }
        if graph.cycles.is_empty() {
            text.push_str("- no cycle.\n");
        }
        for note in super::rounds(graph)
            .into_iter()
            .chain(super::without_cycle(graph))
        {
            let _ = writeln!(text, "- {}.", markdown(&note));
        }
    }
    text.push('\n');
    let names: Vec<String> = graphs.iter().map(|graph| markdown(&graph.design)).collect();
    text.push_str(&row([
        vec!["held".to_string(), "come for".to_string()],
        names,
    ]
    .concat()));
    text.push_str(&row(vec!["---".to_string(); graphs.len() + 2]));
    for (held, wanted) in pairs(graphs) {
        let shown = graphs.iter().map(|graph| {
            graph
                .class_edge(&held, &wanted)
                .map_or_else(|| "-".to_string(), cell)
        });
        let shown: Vec<String> = shown.collect();
        text.push_str(&row(
            [vec![markdown(&held), markdown(&wanted)], shown].concat()
        ));
    }
    text
}

/// The pairs of classes that any of the graphs orders, in the order of the first that does.
fn pairs(graphs: &[Graph]) -> Vec<(String, String)> {
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

/// The documented orders of which the models have both parts; and what else the documents name.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::{Graph, compare};
/// use pagelock::report::graph::compared;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let graphs = [Graph::of(spec.name, old.name, &[&run])];
/// let table = compared(&compare(&graphs));
/// let rule = table.lines().find(|row| row.starts_with("| ext4 61628a3f3a37")).unwrap();
/// assert!(rule.contains("| transaction start | PG_locked |"));
/// assert!(rule.ends_with("ext4-journal-start old (`ext4_journal_start > start_this_handle`) |"), "{rule}");
/// ```
#[must_use]
pub fn compared(all: &[Compared<'_>]) -> String {
    let mut text = String::from(
        "| document | first | then | exercised by | contradicted by |\n|---|---|---|---|---|\n",
    );
    for one in all.iter().filter(|one| one.is_modelled()) {
        let pages = match one.order.pages {
            Pages::Any => "",
            Pages::Same => " of the same page",
            Pages::Ascending => " of a higher page",
        };
        let exercised = match designs(&one.exercised) {
            none if none.is_empty() => "never nested in a model".to_string(),
            some => some,
        };
        let contradicted = match designs(&one.contradicted) {
            none if none.is_empty() => "-".to_string(),
            some => some,
        };
        let _ = writeln!(
            text,
            "| {} | {} | {}{pages} | {exercised} | {contradicted} |",
            one.document.source, one.order.first.kernel, one.order.second.kernel
        );
    }
    let mut absent = BTreeSet::new();
    let (mut pairs, mut left) = (0, 0);
    for one in all {
        pairs += 1;
        left += usize::from(!one.is_modelled());
        for name in [one.order.first, one.order.second] {
            if !name.is_modelled() {
                absent.insert(name.kernel);
            }
        }
    }
    let absent: Vec<&str> = absent.into_iter().collect();
    let _ = writeln!(
        text,
        "\nOf {pairs} documented orders, stated or implied, {left} are left out: they name {}, which no \
         model has.",
        absent.join(", ")
    );
    text
}

/// `spec: design, design; spec: all`, with the function of an example.
fn designs(found: &[(&Graph, &Edge)]) -> String {
    let mut specs: Vec<(&str, Vec<&str>, &Edge)> = Vec::new();
    for (graph, edge) in found {
        match specs.last_mut().filter(|(spec, ..)| *spec == graph.spec) {
            Some((_, designs, _)) => designs.push(&graph.design),
            None => specs.push((&graph.spec, vec![&graph.design], edge)),
        }
    }
    let line = specs.iter().map(|(spec, designs, edge)| {
        let designs = markdown(&designs.join(", "));
        format!(
            "{} {designs} ({})",
            markdown(spec),
            code(&edge.witness.call())
        )
    });
    line.collect::<Vec<_>>().join("; ")
}

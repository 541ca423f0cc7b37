//! The lock orders in the documents: a section for each spec, the pictures that it shows, and the orders
//! that the kernel documents.

use super::graph::{compared, side_by_side, svg};
use crate::lock_order::{Graph, compare};
use crate::protocols;
use crate::spec::{Design, Run, Spec};

/// The designs of a spec that are drawn: the old one and the patched one.
fn drawn(spec: &'static Spec) -> &'static [Design] {
    &spec.designs[..2]
}

fn graphs(spec: &Spec, designs: &[Design], runs: &[&Run]) -> Vec<Graph> {
    let graph = |design: &Design| Graph::of(spec.name, design.name, runs);
    designs.iter().map(graph).collect()
}

/// Where a graph's picture stands, from the root of the crate.
fn path_of(graph: &Graph) -> String {
    format!("docs/graphs/{}-{}.svg", graph.spec, graph.design)
}

/// The sections, by name.
pub(super) fn sections(runs: &[Run]) -> Vec<(String, String)> {
    let runs: Vec<&Run> = runs.iter().collect();
    let section = |spec: &'static Spec| {
        let graphs = graphs(spec, drawn(spec), &runs);
        (
            format!("{} graph", spec.name),
            side_by_side(&graphs, path_of),
        )
    };
    let mut sections: Vec<(String, String)> = protocols::ALL.iter().map(section).collect();
    let all: Vec<Graph> = (protocols::ALL.iter())
        .flat_map(|spec| graphs(spec, spec.designs, &runs))
        .collect();
    sections.push(("orders".to_string(), compared(&compare(&all))));
    sections
}

/// The pictures that the documents show, each with its path from the root of the crate: the lock order
/// of each spec's old and patched design, from the results of [`all_jobs`](crate::runner::all_jobs).
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::report::pictures;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let pictures = pictures(&[run]);
/// let (_, picture) = pictures.iter().find(|(path, _)| path == "docs/graphs/ext4-journal-start-old.svg").unwrap();
/// assert!(picture.starts_with("<svg ") && picture.contains("page lock"));
/// ```
#[must_use]
pub fn pictures(runs: &[Run]) -> Vec<(String, String)> {
    let runs: Vec<&Run> = runs.iter().collect();
    let all = protocols::ALL
        .iter()
        .flat_map(|spec| graphs(spec, drawn(spec), &runs));
    all.map(|graph| (path_of(&graph), svg(&graph))).collect()
}

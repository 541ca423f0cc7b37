//! The cycles of every design's lock-order graph, pinned.

use pagelock::lock_order::{Cycle, DOCUMENTS, Graph, graph};
use pagelock::protocols;
use pagelock::spec;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Every design whose graph has cycles, with the cycles; `!` after those that executions end in.
const CYCLES: &[(&str, &[&str])] = &[
    (
        "ext4-journal-start/old",
        &[
            "commit of TN -> commit of TN !",
            "commit of TN -> page lock -> commit of TN !",
            "handle -> page lock -> transaction -> handle !",
            "commit of TN -> transaction -> handle -> page lock -> commit of TN",
        ],
    ),
    (
        "ext4-journal-start/patched",
        &["commit of TN -> commit of TN !"],
    ),
    (
        "nfs-coalesce/patched",
        &[
            "request N -> request N !",
            "page lock -> request N -> page lock",
            "page lock -> writeback of page N -> page lock",
            "page lock -> writeback of page N -> request N -> page lock",
        ],
    ),
    (
        "nfs-coalesce/fixed",
        &[
            "page lock -> request N -> page lock",
            "page lock -> writeback of page N -> page lock",
        ],
    ),
];

fn graphs() -> &'static [Graph] {
    static GRAPHS: OnceLock<Vec<Graph>> = OnceLock::new();
    GRAPHS.get_or_init(|| {
        let designs = |spec: &'static spec::Spec| spec.designs.iter().map(move |d| (spec, d));
        let all = protocols::ALL.iter().flat_map(designs);
        all.map(|(spec, design)| graph(spec, design).expect("a result"))
            .collect()
    })
}

#[test]
fn cycles_are_those_pinned() {
    let line = |cycle: &Cycle| {
        let end = if cycle.deadlocks.is_empty() { "" } else { " !" };
        format!("{}{end}", cycle.line())
    };
    let with_cycles = graphs().iter().filter(|graph| !graph.cycles.is_empty());
    let found: Vec<(String, Vec<String>)> = with_cycles
        .map(|graph| (graph.name(), graph.cycles.iter().map(line).collect()))
        .collect();
    let pinned: Vec<(String, Vec<String>)> = CYCLES
        .iter()
        .map(|(name, cycles)| {
            let cycles = cycles.iter().map(ToString::to_string).collect();
            (name.to_string(), cycles)
        })
        .collect();
    assert_eq!(found, pinned);
}

#[test]
fn page_locks_are_nested_by_ascending_index() {
    let mut nested = 0;
    for edge in graphs().iter().flat_map(|graph| &graph.edges) {
        if edge.held.class == "page lock" && edge.wanted.class == "page lock" {
            assert!(edge.held.name < edge.wanted.name, "{edge:?}");
            nested += 1;
        }
    }
    assert!(nested > 0);
}

#[test]
fn every_class_of_a_documented_name_is_in_some_graph() {
    let known: BTreeSet<&str> = (graphs().iter())
        .flat_map(|graph| &graph.classes)
        .map(|class| class.name.as_str())
        .collect();
    for order in DOCUMENTS
        .iter()
        .flat_map(pagelock::lock_order::Document::orders)
    {
        for name in [order.first, order.second] {
            for class in name.held.iter().chain(name.wanted) {
                assert!(known.contains(class), "no graph has `{class}`");
            }
        }
    }
}

//! The cycles of every design's lock-order graph, pinned.

use pagelock::lock_order::{Cycle, Graph, graph};
use pagelock::protocols;
use pagelock::report::graph::svg;
use pagelock::spec::{Design, Expected, Spec};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// Every design whose graph has cycles, with the cycles; `!` after those that executions deadlock over.
const CYCLES: &[(&str, &[&str])] = &[
    (
        "ext4-journal-start/old",
        &[
            "commit of TN -> commit of TN !",
            "page lock -> page lock !",
            "commit of TN -> page lock -> commit of TN !",
            "handle -> page lock -> transaction -> handle !",
            "commit of TN -> transaction -> handle -> page lock -> commit of TN",
        ],
    ),
    (
        "ext4-journal-start/patched",
        &["commit of TN -> commit of TN !", "page lock -> page lock !"],
    ),
    (
        "nfs-coalesce/patched",
        &[
            "request N -> request N !",
            "writeback of page N -> writeback of page N !",
            "page lock -> request N -> page lock",
            "page lock -> writeback of page N -> page lock",
            "page lock -> request N -> writeback of page N -> page lock",
            "page lock -> writeback of page N -> request N -> page lock",
            "page lock -> request N -> page lock -> request N -> page lock",
        ],
    ),
    (
        "nfs-coalesce/fixed",
        &[
            "writeback of page N -> writeback of page N",
            "page lock -> request N -> page lock",
            "page lock -> writeback of page N -> page lock",
            "request N -> writeback of page N -> request N",
            "page lock -> request N -> writeback of page N -> page lock",
            "page lock -> request N -> page lock -> request N -> page lock",
        ],
    ),
];

fn designs() -> Vec<(&'static Spec, &'static Design)> {
    protocols::ALL.designs().collect()
}

/// The graph of every design, in the order of [`designs`].
fn graphs() -> &'static [Graph] {
    static GRAPHS: OnceLock<Vec<Graph>> = OnceLock::new();
    GRAPHS.get_or_init(|| {
        let graph = |(spec, design)| graph(spec, design).expect("a result");
        designs().into_iter().map(graph).collect()
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

/// But for the loop that wraps with an extent's pages locked (J-A2), which 2acf2c261b82 ended.
#[test]
fn page_locks_are_nested_by_ascending_index() {
    let (mut nested, mut wrapped) = (0, Vec::new());
    for graph in graphs() {
        for edge in &graph.edges {
            if edge.held.class == "page lock" && edge.wanted.class == "page lock" {
                nested += 1;
                if edge.held.name >= edge.wanted.name {
                    wrapped.push(graph.name());
                }
            }
        }
    }
    assert!(nested > 0);
    let before = ["ext4-journal-start/old", "ext4-journal-start/patched"];
    assert_eq!(wrapped, before);
}

#[test]
fn no_graph_is_empty() {
    for graph in graphs() {
        assert!(
            !graph.class_edges.is_empty(),
            "{} has no order",
            graph.name()
        );
        assert!(!graph.scenarios.is_empty(), "{}", graph.name());
    }
}

/// Where executions are expected to deadlock over a cycle, the graph has a cycle that they deadlock over in that
/// scenario; where they are expected to deadlock without one, it says so.
#[test]
fn a_design_that_is_expected_to_deadlock_has_the_cycle() {
    let mut with_cycle = 0;
    for ((spec, design), graph) in designs().into_iter().zip(graphs()) {
        for expectation in spec.expectations_of(design.name) {
            let Expected::Violated { properties, cycles } = expectation.outcome else {
                continue;
            };
            let is_searched = graph
                .scenarios
                .iter()
                .any(|name| name == expectation.scenario);
            if !is_searched || !properties.contains(&"no-deadlock") {
                continue;
            }
            let is_of = |names: &[String]| names.iter().any(|name| name == expectation.scenario);
            let place = format!("{} in {}", graph.name(), expectation.scenario);
            // A chain of waits that ends at a thread that has left is no cycle.
            let mut expected = cycles.iter();
            if expected.any(|cycle| closes(cycle)) {
                let cycle = graph.cycles.iter().find(|cycle| is_of(&cycle.deadlocks));
                assert!(cycle.is_some(), "{place}");
                with_cycle += 1;
            } else {
                assert!(is_of(&graph.without_cycle), "{place}");
            }
        }
    }
    assert!(with_cycle > 0);
}

/// The documents show what the command prints: every cycle of the old and the patched design, and the picture.
#[test]
fn the_documents_have_the_graphs_of_the_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: String| std::fs::read_to_string(root.join(path)).expect("it is there");
    for ((spec, design), graph) in designs().into_iter().zip(graphs()) {
        let mut drawn = spec.old_and_patched().into_iter().flatten();
        if !drawn.any(|drawn| drawn.name == design.name) {
            continue;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_pagelock"))
            .args(["graph", &graph.name(), "--format", "svg"])
            .output()
            .expect("the program starts");
        let picture = read(format!("docs/graphs/{}-{}.svg", spec.name, design.name));
        assert!(
            picture == svg(graph),
            "{}: the picture is stale",
            graph.name()
        );
        assert!(
            picture.as_bytes() == output.stdout,
            "{}: the command differs",
            graph.name()
        );
        let tables = read(format!("docs/generated/{}.md", spec.name));
        for cycle in &graph.cycles {
            assert!(
                tables.contains(&cycle.line()),
                "{}: {}",
                graph.name(),
                cycle.line()
            );
        }
        for edge in &graph.class_edges {
            let order = format!("| {} | {} |", edge.held, edge.wanted);
            assert!(tables.contains(&order), "{}: {order}", graph.name());
        }
    }
}

/// Every class that docs/documented-orders.txt names is one of the models.
#[test]
fn every_class_of_a_documented_name_is_in_some_graph() {
    let known: Vec<&str> = (graphs().iter())
        .flat_map(|graph| &graph.classes)
        .map(|class| class.name.as_str())
        .collect();
    let text = include_str!("../docs/documented-orders.txt");
    let mut named = 0;
    for line in text.lines().filter(|line| line.starts_with("name ")) {
        let (_, classes) = line.split_once(':').expect("a colon");
        for class in classes.split([',', '/']).map(str::trim) {
            assert!(
                class.is_empty() || known.contains(&class),
                "no graph has `{class}`"
            );
            named += usize::from(!class.is_empty());
        }
    }
    assert!(named > 0);
}

/// Whether a cycle in words comes back to the thread that it begins with.
fn closes(cycle: &str) -> bool {
    // A thread may be followed by what it waits for.
    let threads = cycle.split(" -> ");
    let threads: Vec<_> = threads.map(|thread| thread.split(" (").next()).collect();
    threads.first() == threads.last()
}

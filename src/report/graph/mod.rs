//! Pictures of a lock-order graph. Each renderer is a leaf: it reads a [`Graph`] and nothing else.
//!
//! Each writes the same graph in another language:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::lock_order::Graph;
//! use pagelock::report::graph;
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
//! let orders = Graph::of(spec.name, old.name, &[&run]);
//! for write in [graph::dot, graph::json, graph::mermaid, graph::svg, graph::text] {
//!     assert!(write(&orders).contains("page lock"));
//! }
//! ```

mod dot;
mod json;
mod markdown;
mod mermaid;
mod svg;
#[cfg(all(test, not(loom)))]
mod tests;
mod text;

pub use dot::dot;
pub use json::json;
pub use markdown::{compared, side_by_side};
pub use mermaid::mermaid;
pub use svg::svg;
pub use text::text;

use crate::lock_order::{ClassEdge, Cycle, Graph};

/// What is said of an order beside its arrow: the function by which the witness comes for the second.
fn label(edge: &ClassEdge) -> String {
    match edge.within {
        Some(within) => format!("{} ({})", edge.witness.function, within.words()),
        None => edge.witness.function.clone(),
    }
}

/// Whether executions end in a cycle, in words.
fn fate(cycle: &Cycle) -> String {
    if !cycle.deadlocks.is_empty() {
        return format!("executions deadlock so in {}", cycle.deadlocks.join(", "));
    }
    if cycle.together.is_empty() {
        return "no execution deadlocks so: no one scenario shows all of its orders".to_string();
    }
    let together = cycle.together.join(", ");
    format!("no execution deadlocks so, though {together} shows all of its orders")
}

/// The classes that come round although their locks do not, in words.
fn rounds(graph: &Graph) -> Vec<String> {
    let round = |round: &crate::lock_order::Round| {
        let classes = round.classes.join(", ");
        if round.by_index {
            format!("{classes}: comes round by ascending index only, so in no cycle of locks")
        } else {
            format!("{classes}: comes round, but in no cycle of locks in these scenarios")
        }
    };
    graph.rounds.iter().map(round).collect()
}

/// What is to be said of deadlocks that are no cycle.
fn without_cycle(graph: &Graph) -> Option<String> {
    let scenarios = graph.without_cycle.join(", ");
    (!scenarios.is_empty()).then(|| {
        format!("deadlocks that are no cycle, of a wait that nobody is left to end: {scenarios}")
    })
}

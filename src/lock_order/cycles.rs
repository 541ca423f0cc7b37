//! The cycles of a lock-order graph.

use super::digraph::Digraph;
use super::graph::{Edge, Part};
use crate::engine::Resource;
use serde::Serialize;

/// Locks and events that come round: each is held where the next is come for, and the last where the
/// first is.
///
/// Each edge of a cycle has an execution that shows it:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, old.name, &[&run]);
/// let [cycle] = &graph.cycles[..] else { panic!("one cycle") };
/// assert_eq!(cycle.line(), "handle -> page lock -> transaction -> handle");
/// assert_eq!(cycle.deadlocks, ["write"]);
/// let threads: Vec<&str> = cycle.edges.iter().map(|edge| &*graph.edges[*edge].witness.thread).collect();
/// assert_eq!(threads, ["writer", "flusher", "kjournald2"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cycle {
    /// The classes, from the one whose name sorts first. Several locks of one class that are taken one
    /// in another are one step of it.
    pub classes: Vec<String>,
    /// An instance of it: the places of its orders among the graph's edges, in the same order.
    /// It is the shortest that an execution deadlocks in, or the shortest.
    pub edges: Vec<usize>,
    /// The scenarios in which some execution ends in a deadlock over these classes, in this order.
    pub deadlocks: Vec<String>,
    /// The scenarios that each show every order of one such cycle by themselves.
    pub together: Vec<String>,
}

impl Cycle {
    /// The classes on one line: `handle -> page lock -> handle`.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = self.classes.clone();
        line.extend(self.classes.first().cloned());
        line.join(" -> ")
    }
}

/// Marks the edges that lie on a cycle, and returns the cycles.
pub(super) fn find(edges: &mut [Edge], parts: &[Part<'_>]) -> Vec<Cycle> {
    let mut nodes: Vec<Resource> = (edges.iter())
        .flat_map(|edge| [edge.held.clone(), edge.wanted.clone()])
        .collect();
    nodes.sort();
    nodes.dedup();
    // Every end of an edge is a node.
    let number = |node: &Resource| nodes.binary_search(node).unwrap_or_default();
    let numbers: Vec<(usize, usize)> = (edges.iter())
        .map(|edge| (number(&edge.held), number(&edge.wanted)))
        .collect();
    let digraph = Digraph::new(nodes.len(), &numbers);
    let mut found = Found {
        cycles: Vec::new(),
        nodes: &nodes,
        numbers: &numbers,
    };
    for part in parts {
        for deadlock in part.deadlocks {
            let way: Vec<usize> = deadlock.iter().map(number).collect();
            found.take(edges, &way, Some(part.scenario));
        }
    }
    for (place, edge) in numbers.iter().enumerate() {
        edges[place].in_cycle = digraph.on_one_cycle(edge.0, edge.1);
        if edges[place].in_cycle
            && let Some(way) = digraph.cycle_through(*edge)
        {
            found.take(edges, &way, None);
        }
    }
    let mut cycles = found.cycles;
    cycles.sort_by_key(|cycle| {
        let only_drawn = cycle.deadlocks.is_empty();
        (only_drawn, cycle.classes.len(), cycle.classes.clone())
    });
    cycles
}

/// The cycles found so far, one for each sequence of classes.
struct Found<'g> {
    cycles: Vec<Cycle>,
    nodes: &'g [Resource],
    /// The ends of each edge, as places among the nodes.
    numbers: &'g [(usize, usize)],
}

impl Found<'_> {
    /// Adds a cycle, and the scenario in which an execution ends in it.
    fn take(&mut self, edges: &[Edge], way: &[usize], deadlock: Option<&str>) {
        let turned = |by: usize| {
            let mut way = way.to_vec();
            way.rotate_left(by);
            (self.classes(&way), way)
        };
        let Some((classes, way)) = (0..way.len()).map(turned).min() else {
            return;
        };
        let Some(places) = self.places(&way) else {
            return;
        };
        let everywhere = |scenario: &&String| {
            (places.iter()).all(|place| edges[*place].scenarios.contains(scenario))
        };
        let scenarios = places
            .iter()
            .take(1)
            .flat_map(|first| &edges[*first].scenarios);
        let together: Vec<String> = scenarios.filter(everywhere).cloned().collect();
        let known = self
            .cycles
            .iter_mut()
            .find(|cycle| cycle.classes == classes);
        let Some(cycle) = known else {
            self.cycles.push(Cycle {
                classes,
                edges: places,
                deadlocks: deadlock.map(str::to_string).into_iter().collect(),
                together,
            });
            return;
        };
        let better = deadlock.is_some() || cycle.deadlocks.is_empty();
        if better && places.len() < cycle.edges.len() {
            cycle.edges = places;
        }
        let news = |scenario: &String, known: &[String]| !known.contains(scenario);
        for scenario in together {
            if news(&scenario, &cycle.together) {
                cycle.together.push(scenario);
            }
        }
        if let Some(scenario) = deadlock.map(str::to_string)
            && news(&scenario, &cycle.deadlocks)
        {
            cycle.deadlocks.push(scenario);
        }
    }

    /// The classes along a way that comes round.
    fn classes(&self, way: &[usize]) -> Vec<String> {
        let mut classes: Vec<String> = way
            .iter()
            .map(|node| self.nodes[*node].class.clone())
            .collect();
        classes.dedup();
        if classes.len() > 1 && classes.first() == classes.last() {
            classes.pop();
        }
        classes
    }

    /// The edges along a way that comes round.
    fn places(&self, way: &[usize]) -> Option<Vec<usize>> {
        let ends = way.iter().zip(way.iter().cycle().skip(1));
        ends.map(|(from, to)| self.numbers.iter().position(|edge| *edge == (*from, *to)))
            .collect()
    }
}

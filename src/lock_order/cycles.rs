//! The cycles of a lock-order graph.

use super::digraph::Digraph;
use super::edge::{Edge, ScenarioOrders};
use crate::engine::Resource;
use serde::Serialize;

/// A cycle of locks and events: each is held while the next is acquired, and the last while the first is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cycle {
    /// The classes, from the one whose name sorts first. Several locks of one class that are acquired one
    /// after another are one step of it.
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

/// Flags the edges that lie on a cycle, and returns the cycles.
pub(super) fn find(edges: &mut [Edge], scenarios: &[ScenarioOrders<'_>]) -> Vec<Cycle> {
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
    let mut collector = CycleCollector {
        cycles: Vec::new(),
        nodes: &nodes,
        numbers: &numbers,
    };
    for scenario in scenarios {
        for deadlock in scenario.deadlocks {
            let way: Vec<usize> = deadlock.iter().map(number).collect();
            collector.add(edges, &way, Some(scenario.scenario));
        }
    }
    for (place, edge) in numbers.iter().enumerate() {
        edges[place].in_cycle = digraph.on_one_cycle(edge.0, edge.1);
        if edges[place].in_cycle
            && let Some(way) = digraph.cycle_through(*edge)
        {
            collector.add(edges, &way, None);
        }
    }
    let mut cycles = collector.cycles;
    cycles.sort_by_key(|cycle| {
        let never_happens = cycle.deadlocks.is_empty();
        (never_happens, cycle.classes.len(), cycle.classes.clone())
    });
    cycles
}

/// The cycles found so far, one for each sequence of classes.
struct CycleCollector<'g> {
    cycles: Vec<Cycle>,
    nodes: &'g [Resource],
    /// The ends of each edge, as places among the nodes.
    numbers: &'g [(usize, usize)],
}

impl CycleCollector<'_> {
    /// Adds a cycle, and the scenario in which an execution deadlocks over it.
    fn add(&mut self, edges: &[Edge], way: &[usize], deadlock: Option<&str>) {
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
        let mut together = edges[places[0]].scenarios.clone();
        together.retain(|scenario| {
            (places.iter()).all(|place| edges[*place].scenarios.contains(scenario))
        });
        let known = (self.cycles.iter_mut()).find(|cycle| cycle.classes == classes);
        let Some(cycle) = known else {
            self.cycles.push(Cycle {
                classes,
                edges: places,
                deadlocks: deadlock.map(str::to_string).into_iter().collect(),
                together,
            });
            return;
        };
        let is_better = deadlock.is_some() || cycle.deadlocks.is_empty();
        if is_better && places.len() < cycle.edges.len() {
            cycle.edges = places;
        }
        for scenario in together {
            if !cycle.together.contains(&scenario) {
                cycle.together.push(scenario);
            }
        }
        if let Some(scenario) = deadlock.map(str::to_string)
            && !cycle.deadlocks.contains(&scenario)
        {
            cycle.deadlocks.push(scenario);
        }
    }

    /// The classes along a cycle of nodes.
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

    /// The edges along a cycle of nodes.
    fn places(&self, way: &[usize]) -> Option<Vec<usize>> {
        let ends = way.iter().zip(way.iter().cycle().skip(1));
        ends.map(|(from, to)| self.numbers.iter().position(|edge| *edge == (*from, *to)))
            .collect()
    }
}

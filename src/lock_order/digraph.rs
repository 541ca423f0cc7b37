//! Reachability, components and shortest cycles of a directed graph with a few dozen nodes.

use std::collections::VecDeque;

/// A directed graph whose nodes are the numbers from 0.
#[derive(Debug)]
pub(super) struct Digraph {
    next: Vec<Vec<usize>>,
    /// Whether a way of at least one edge leads from a node to another.
    reaches: Vec<Vec<bool>>,
}

impl Digraph {
    pub(super) fn new(nodes: usize, edges: &[(usize, usize)]) -> Self {
        let mut next = vec![Vec::new(); nodes];
        let mut reaches = vec![vec![false; nodes]; nodes];
        for &(from, to) in edges {
            next[from].push(to);
            reaches[from][to] = true;
        }
        for via in 0..nodes {
            for from in 0..nodes {
                if reaches[from][via] {
                    let on = reaches[via].clone();
                    for (known, further) in reaches[from].iter_mut().zip(on) {
                        *known |= further;
                    }
                }
            }
        }
        Self { next, reaches }
    }

    /// Whether both lie on one cycle; of a node and itself, whether it lies on any.
    pub(super) fn on_one_cycle(&self, one: usize, other: usize) -> bool {
        self.reaches[one][other] && self.reaches[other][one]
    }

    /// Whether any node lies on a cycle.
    pub(super) fn has_cycle(&self) -> bool {
        (0..self.next.len()).any(|node| self.reaches[node][node])
    }

    /// The sets of nodes that lie on cycles with one another, each in the order of the numbers.
    pub(super) fn components(&self) -> Vec<Vec<usize>> {
        let mut components: Vec<Vec<usize>> = Vec::new();
        for node in (0..self.next.len()).filter(|node| self.reaches[*node][*node]) {
            match components
                .iter_mut()
                .find(|component| self.on_one_cycle(component[0], node))
            {
                Some(component) => component.push(node),
                None => components.push(vec![node]),
            }
        }
        components
    }

    /// A shortest cycle through an edge, from the edge's first node on; of several, the one through the
    /// nodes that come first.
    pub(super) fn cycle_through(&self, (from, to): (usize, usize)) -> Option<Vec<usize>> {
        let mut before = vec![None; self.next.len()];
        let mut queue = VecDeque::from([to]);
        while let Some(at) = queue.pop_front() {
            if at == from {
                let mut way = vec![from];
                let mut at = from;
                while at != to {
                    at = before[at]?;
                    way.push(at);
                }
                // Backwards it is the way from the edge's end to its beginning.
                way[1..].reverse();
                return Some(way);
            }
            for &node in &self.next[at] {
                if node != to && before[node].is_none() {
                    before[node] = Some(at);
                    queue.push_back(node);
                }
            }
        }
        None
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_no_cycle() {
        let chain = Digraph::new(3, &[(0, 1), (1, 2), (0, 2)]);
        assert!(!chain.has_cycle());
        assert!(chain.components().is_empty());
        assert_eq!(chain.cycle_through((0, 1)), None);
    }

    #[test]
    fn components_are_separate() {
        let edges = [
            (0, 1),
            (1, 0),
            (1, 2),
            (2, 3),
            (3, 4),
            (4, 2),
            (5, 5),
            (4, 6),
        ];
        let graph = Digraph::new(7, &edges);
        assert_eq!(graph.components(), [vec![0, 1], vec![2, 3, 4], vec![5]]);
        assert!(graph.on_one_cycle(2, 4));
        assert!(!graph.on_one_cycle(1, 2));
        assert!(!graph.on_one_cycle(6, 6));
    }

    #[test]
    fn the_shortest_cycle_through_an_edge_begins_with_it() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 0), (2, 0), (1, 1)];
        let graph = Digraph::new(4, &edges);
        assert_eq!(graph.cycle_through((0, 1)), Some(vec![0, 1, 2]));
        assert_eq!(graph.cycle_through((2, 3)), Some(vec![2, 3, 0, 1]));
        assert_eq!(graph.cycle_through((1, 1)), Some(vec![1]));
    }
}

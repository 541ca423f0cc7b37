//! The ranks of a graph's nodes: a node stands after those that lead to it.

use super::digraph::Digraph;

/// The most nodes of a component for which every order is tried.
const FEW: usize = 7;

/// The rank of each node: the length of the longest path to it, once as few edges as possible of each component
/// are left out.
pub(super) fn of(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let digraph = Digraph::new(nodes, edges);
    let mut place: Vec<usize> = (0..nodes).collect();
    for component in digraph.components() {
        for (rank, node) in best(&component, edges).into_iter().enumerate() {
            place[node] = rank;
        }
    }
    let forward = |&&(from, to): &&(usize, usize)| {
        from != to && (!digraph.on_one_cycle(from, to) || place[from] < place[to])
    };
    let forward: Vec<(usize, usize)> = edges.iter().filter(forward).copied().collect();
    let mut ranks = vec![0; nodes];
    // Without cycles, no path has more edges than there are nodes.
    for _ in 0..nodes {
        for &(from, to) in &forward {
            ranks[to] = ranks[to].max(ranks[from] + 1);
        }
    }
    ranks
}

/// The order of a set of nodes with the fewest edges that lead back; of several, the first in the order
/// of the numbers.
fn best(component: &[usize], edges: &[(usize, usize)]) -> Vec<usize> {
    if component.len() > FEW {
        return component.to_vec();
    }
    let back = |order: &Vec<usize>| {
        let place = |node: usize| order.iter().position(|other| *other == node);
        let leads_back = |&&(from, to): &&(usize, usize)| match (place(from), place(to)) {
            (Some(from), Some(to)) => from > to,
            _ => false,
        };
        edges.iter().filter(leads_back).count()
    };
    let all = orders(component);
    all.into_iter().min_by_key(back).unwrap_or_default()
}

/// Every order of the nodes, in the order of the numbers.
fn orders(nodes: &[usize]) -> Vec<Vec<usize>> {
    if nodes.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (place, first) in nodes.iter().enumerate() {
        let rest: Vec<usize> = [&nodes[..place], &nodes[place + 1..]].concat();
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.insert(0, *first);
            order
        }));
    }
    all
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_node_comes_after_all_that_lead_to_it() {
        assert_eq!(of(4, &[(0, 1), (1, 2), (0, 2), (3, 2)]), [0, 1, 2, 0]);
    }

    #[test]
    fn of_a_cycle_as_few_edges_as_possible_lead_back() {
        // 2 -> 0 is the one to leave out: the others are two ways from 0 to 2.
        assert_eq!(of(3, &[(0, 1), (1, 2), (0, 2), (2, 0)]), [0, 1, 2]);
        assert_eq!(of(2, &[(0, 0), (1, 0)]), [1, 0]);
    }

    #[test]
    fn every_order_is_tried_once() {
        let mut all = orders(&[0, 1, 2, 3]);
        assert_eq!(all.len(), 24);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 24);
    }
}

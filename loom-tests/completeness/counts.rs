//! Numbers of schedules, and least ones, over the states of a program.

use std::collections::BTreeSet;

/// A state: the threads that can go on with the objects of their operations, and where each leads.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) enabled: Vec<usize>,
    pub(super) objects: Vec<usize>,
    /// The thread, the next state, and the bits of the properties that are violated on the way.
    pub(super) edges: Vec<(usize, usize, u16)>,
}

/// The states that follow from the first one. No thread comes back to where it was, so there is no cycle.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// What is violated before the first operation.
    pub(super) initial: u16,
}

/// What is counted of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// The schedules that violate it.
    pub(super) failing: u64,
    /// The fewest preemptions of a violation.
    pub(super) preemptions: usize,
    /// Of these, the fewest operations.
    pub(super) operations: usize,
    /// The fewest operations of any violation.
    pub(super) shortest: usize,
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) schedules: u64,
    pub(super) failing: u64,
    pub(super) longest: usize,
    /// By the bit of the property.
    pub(super) properties: Vec<Option<Counted>>,
}

const BITS: usize = u16::BITS as usize;

/// Preemptions, and operations.
type Cost = (usize, usize);

impl Graph {
    /// The states, each behind all that follow it.
    fn backwards(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.nodes.len()];
        let mut stack = vec![(0, 0)];
        seen[0] = true;
        while let Some((node, edge)) = stack.pop() {
            let Some((_, to, _)) = self.nodes[node].edges.get(edge) else {
                order.push(node);
                continue;
            };
            stack.push((node, edge + 1));
            if !std::mem::replace(&mut seen[*to], true) {
                stack.push((*to, 0));
            }
        }
        order
    }

    pub(super) fn count(&self) -> Counts {
        let order = self.backwards();
        let (schedules, clean) = self.clean(&order, u16::MAX);
        let all_fail = |bits: u16| self.initial & bits != 0;
        let failing = |clean, bits| schedules - if all_fail(bits) { 0 } else { clean };
        let property = |place: usize| {
            let bit = 1 << place;
            let (_, clean) = self.clean(&order, bit);
            let preemptive = self.least(&order, bit, true)?;
            let shortest = self.least(&order, bit, false)?;
            Some(Counted {
                failing: failing(clean, bit),
                preemptions: preemptive.0,
                operations: preemptive.1,
                shortest: shortest.1,
            })
        };
        Counts {
            schedules,
            failing: failing(clean, u16::MAX),
            longest: self.longest(&order),
            properties: (0..BITS).map(property).collect(),
        }
    }

    /// The number of schedules, and of those that violate none of these properties behind the first state.
    fn clean(&self, order: &[usize], bits: u16) -> (u64, u64) {
        let mut counts = vec![(0_u64, 0_u64); self.nodes.len()];
        for node in order {
            let edges = &self.nodes[*node].edges;
            let mut sum = if edges.is_empty() { (1, 1) } else { (0, 0) };
            for (_, to, violated) in edges {
                let (all, clean) = counts[*to];
                sum.0 += all;
                sum.1 += if violated & bits == 0 { clean } else { 0 };
            }
            counts[*node] = sum;
        }
        counts[0]
    }

    fn longest(&self, order: &[usize]) -> usize {
        let mut longest = vec![0; self.nodes.len()];
        for node in order {
            let edges = self.nodes[*node].edges.iter();
            longest[*node] = edges.map(|(_, to, _)| longest[*to] + 1).max().unwrap_or(0);
        }
        longest[0]
    }

    /// The least cost of a violation: with preemptions, or without counting them.
    fn least(&self, order: &[usize], bit: u16, preemptions: bool) -> Option<Cost> {
        if self.initial & bit != 0 {
            return Some((0, 0));
        }
        // For each state, by the thread that came last: no thread is the last place.
        let none = 4;
        let mut least: Vec<[Option<Cost>; 5]> = vec![[None; 5]; self.nodes.len()];
        for node in order {
            let Node { enabled, edges, .. } = &self.nodes[*node];
            for last in 0..=none {
                let cost = |(thread, to, violated): &(usize, usize, u16)| {
                    let preempts = preemptions && last != *thread && enabled.contains(&last);
                    let rest = match violated & bit {
                        0 => least[*to][*thread]?,
                        _ => (0, 0),
                    };
                    Some((rest.0 + usize::from(preempts), rest.1 + 1))
                };
                least[*node][last] = edges.iter().filter_map(cost).min();
            }
        }
        least[0][none]
    }

    /// How many schedules differ in the order in which threads come to some object, if there are so few in all.
    pub(super) fn traces(&self, most: u64) -> Option<u64> {
        let (schedules, _) = self.clean(&self.backwards(), 0);
        if schedules > most {
            return None;
        }
        let mut traces = BTreeSet::new();
        self.trace(0, &mut Vec::new(), &mut traces);
        Some(traces.len() as u64)
    }

    fn trace(
        &self,
        node: usize,
        path: &mut Vec<(usize, usize)>,
        traces: &mut BTreeSet<Vec<(usize, usize)>>,
    ) {
        let Node {
            enabled,
            objects,
            edges,
        } = &self.nodes[node];
        if edges.is_empty() {
            let mut trace = path.clone();
            // By objects; of one object, in the order of the schedule.
            trace.sort_by_key(|(object, _)| *object);
            traces.insert(trace);
        }
        for (thread, to, _) in edges {
            let place = enabled.iter().position(|enabled| enabled == thread);
            path.push((objects[place.expect("it can go on")], *thread));
            self.trace(*to, path, traces);
            path.pop();
        }
    }
}

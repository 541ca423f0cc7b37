//! Cycles of waits. A wait for several threads needs each of them, so every elementary cycle is a deadlock.

use super::machine::{Edge, Machine, State};
use std::collections::BTreeSet;

/// Every elementary cycle of the present waits.
pub(super) fn cycles(machine: &Machine, state: &State) -> BTreeSet<BTreeSet<Edge>> {
    let mut found = BTreeSet::new();
    for start in 0..state.threads() {
        walk(machine, state, start, &mut Vec::new(), &mut found);
    }
    found
}

/// Follows every path without a repetition from the first edge's thread.
fn walk(
    machine: &Machine,
    state: &State,
    at: usize,
    path: &mut Vec<Edge>,
    found: &mut BTreeSet<BTreeSet<Edge>>,
) {
    for edge in machine.waits_for(state, at) {
        let start = path.first().map_or(at, |(thread, ..)| *thread);
        path.push(edge);
        if edge.2 == start {
            found.insert(path.iter().copied().collect());
        } else if path.iter().all(|(thread, ..)| *thread != edge.2) {
            walk(machine, state, edge.2, path, found);
        }
        path.pop();
    }
}

/// Whether some thread waits, be it through others, for one that has left.
pub(super) fn is_stranded(machine: &Machine, state: &State) -> bool {
    let waits = (0..state.threads()).flat_map(|thread| machine.waits_for(state, thread));
    // The thread before the one that has left is such a thread.
    waits.into_iter().any(|(.., by)| state.has_left(by))
}

//! Every interleaving of a protocol, by depth-first search over its states.
//!
//! It knows nothing of the engine and leaves nothing out: every instruction of every thread is a
//! transition of its own, even a release, which the engine takes to be no visible operation.

use super::language::{Action, Ending, Place, Protocol};
use std::collections::{BTreeSet, HashSet};

/// One edge of a cycle of waits: who waits, for what, and who could end it.
pub(super) type Edge = (usize, Object, usize);

/// What a thread waits at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Object {
    Lock(usize),
    Cell(usize),
}

/// All that a protocol can do.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    /// Where executions end in which every thread gets to the end of its program.
    pub(super) outcomes: BTreeSet<Ending>,
    /// Where executions end in which some thread waits for ever.
    pub(super) deadlocks: BTreeSet<Ending>,
    /// Where executions end in which no thread waits, but some thread has left.
    pub(super) departures: BTreeSet<Ending>,
    /// Every place that a thread gets to, in executions of any kind.
    pub(super) places: BTreeSet<Place>,
    /// Every cycle of threads that wait for one another.
    pub(super) cycles: BTreeSet<BTreeSet<Edge>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    places: Vec<Place>,
    owners: Vec<Option<usize>>,
    locks: Vec<i64>,
    cells: Vec<i64>,
}

/// Explores a protocol.
pub(super) fn explore(protocol: &Protocol) -> Behaviour {
    let start = |thread| Place {
        thread,
        line: 0,
        local: 0,
    };
    let first = State {
        places: (0..protocol.threads.len()).map(start).collect(),
        owners: vec![None; protocol.locks.len()],
        locks: protocol.locks.clone(),
        cells: protocol.cells.clone(),
    };
    let mut behaviour = Behaviour::default();
    let mut seen = HashSet::from([first.clone()]);
    let mut open = vec![first];
    while let Some(state) = open.pop() {
        behaviour.places.extend(&state.places);
        behaviour.cycles.extend(cycles(protocol, &state));
        let next: Vec<State> = (0..protocol.threads.len())
            .filter_map(|thread| advance(protocol, &state, thread))
            .collect();
        if next.is_empty() {
            end(protocol, state, &mut behaviour);
        }
        for state in next {
            if seen.insert(state.clone()) {
                open.push(state);
            }
        }
    }
    behaviour
}

/// The state after the thread's next instruction, if it can go on.
fn advance(protocol: &Protocol, state: &State, thread: usize) -> Option<State> {
    let Place { line, local, .. } = state.places[thread];
    let instruction = protocol.threads[thread].get(line)?;
    let mut after = state.clone();
    after.places[thread].line += 1;
    if instruction.only_if.is_some_and(|only| only != local) {
        return Some(after);
    }
    let own_local = &mut after.places[thread].local;
    match instruction.action {
        Action::Acquire(lock) => {
            if state.owners[lock].is_some() {
                return None;
            }
            after.owners[lock] = Some(thread);
        }
        Action::Release(lock) => {
            assert_eq!(
                state.owners[lock],
                Some(thread),
                "release of a lock not held"
            );
            after.owners[lock] = None;
        }
        Action::Touch(lock, effect) => {
            assert_eq!(state.owners[lock], Some(thread), "use of a lock not held");
            *own_local = effect.apply(&mut after.locks[lock], local);
        }
        Action::Step(cell, effect) => {
            *own_local = effect.apply(&mut after.cells[cell], local);
        }
        Action::Await {
            cell,
            until,
            effect,
            ..
        } => {
            if !until.holds(state.cells[cell], local) {
                return None;
            }
            *own_local = effect.apply(&mut after.cells[cell], local);
        }
        Action::Leave => return None,
    }
    Some(after)
}

/// Files a state in which no thread can go on.
fn end(protocol: &Protocol, state: State, behaviour: &mut Behaviour) {
    let remaining = |place: &Place| protocol.threads[place.thread].get(place.line);
    let remaining: Vec<_> = state.places.iter().filter_map(remaining).collect();
    let leaves = |action: &Action| matches!(action, Action::Leave);
    let ends = if remaining.is_empty() {
        &mut behaviour.outcomes
    } else if remaining.iter().all(|line| leaves(&line.action)) {
        &mut behaviour.departures
    } else {
        &mut behaviour.deadlocks
    };
    ends.insert(Ending {
        places: state.places,
        locks: state.locks,
        cells: state.cells,
    });
}

/// The wait of a thread that only one other thread can end.
fn edge(protocol: &Protocol, state: &State, thread: usize) -> Option<Edge> {
    let Place { line, local, .. } = state.places[thread];
    let instruction = protocol.threads[thread].get(line)?;
    if instruction.only_if.is_some_and(|only| only != local) {
        return None;
    }
    match instruction.action {
        Action::Acquire(lock) => Some((thread, Object::Lock(lock), state.owners[lock]?)),
        Action::Await {
            cell, until, by, ..
        } if !until.holds(state.cells[cell], local) => Some((thread, Object::Cell(cell), by?)),
        _ => None,
    }
}

/// The cycles of the present waits.
fn cycles(protocol: &Protocol, state: &State) -> BTreeSet<BTreeSet<Edge>> {
    let mut cycles = BTreeSet::new();
    for start in 0..protocol.threads.len() {
        let mut cycle = BTreeSet::new();
        let mut at = start;
        // Each thread has one edge at most, so a walk is in a circle once an edge comes again.
        while let Some(edge) = edge(protocol, state, at) {
            if !cycle.insert(edge) {
                break;
            }
            at = edge.2;
            if at == start {
                cycles.insert(cycle);
                break;
            }
        }
    }
    cycles
}

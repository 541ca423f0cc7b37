//! The comparison on programs with a story.

mod ends;
mod locks;
mod owners;
mod page_lock;
mod scopes;
mod semaphores;
mod steps;
mod waits;
mod work;

use super::brute_force::Behaviour;
use super::compare;
use super::language::Program;
use std::collections::BTreeSet;

/// What the program does, after the engine has said the same.
fn behaviour(program: &Program) -> Behaviour {
    compare(program).unwrap_or_else(|differences| panic!("{differences}"))
}

/// The final numbers of the cells in executions without a deadlock.
fn cells(behaviour: &Behaviour) -> BTreeSet<Vec<i64>> {
    let cells = behaviour.outcomes.iter().map(|ending| ending.cells.clone());
    cells.collect()
}

/// The numbers of threads in the cycles of waits.
fn cycle_lengths(behaviour: &Behaviour) -> Vec<usize> {
    behaviour.cycles.iter().map(BTreeSet::len).collect()
}

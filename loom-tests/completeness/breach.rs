//! What a wait promises, and the operations that break it.

use super::language::{By, owner};
use super::lines::Operation;
use super::machine::{Machine, State};

/// A promise that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breach {
    /// Another thread than the named one ends a wait.
    Ends,
    /// Another thread than the owner ends a wait.
    EndsOwned,
    /// Another thread than the owner hands the object on while a thread waits for the owner.
    Redirects,
    /// A thread that does not wait for work takes it away.
    TakesWork,
    /// Another thread than the owner makes an end of no use: of a wait that is over already. Whether that is against
    /// the promise is not defined, so programs with it are left out.
    Unclear,
}

/// What a thread's operation breaks that leads from one state to another.
pub(super) fn breaches(
    machine: &Machine,
    before: &State,
    thread: usize,
    after: &State,
) -> Vec<Breach> {
    let waits = (0..before.threads()).filter(|waits| *waits != thread);
    let broken = |waits: usize| {
        let operation = machine.operation(before, waits)?;
        let (Operation::Wait { cell, by, .. } | Operation::Interruptible { cell, by, .. }) =
            operation
        else {
            return None;
        };
        let was = machine.is_enabled(before, waits);
        let is = machine.is_enabled(after, waits);
        match by {
            By::Thread(by) if by != thread && !was && is => Some(Breach::Ends),
            By::Owner => {
                let (first, then) = (owner(before.cells[cell])?, owner(after.cells[cell]));
                match (first == thread, was) {
                    (false, true) if is && then == Some(first) => None,
                    (false, true) => Some(Breach::Unclear),
                    (false, false) if is => Some(Breach::EndsOwned),
                    (false, false) if then != Some(first) => Some(Breach::Redirects),
                    _ => None,
                }
            }
            By::Work if was && !is && !consumes(machine, before, thread, cell) => {
                Some(Breach::TakesWork)
            }
            _ => None,
        }
    };
    waits.filter_map(broken).collect()
}

/// Whether the operation of a thread is a wait for work at a cell.
fn consumes(machine: &Machine, state: &State, thread: usize, cell: usize) -> bool {
    let operation = machine.operation(state, thread);
    matches!(operation, Some(Operation::Wait { cell: at, by: By::Work, .. }) if at == cell)
}

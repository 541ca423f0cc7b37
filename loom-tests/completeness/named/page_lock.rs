//! A handle, a page lock and a commit: the core of what the crate is about.
//!
//! To start a handle is to take the gate and the thread's own slot, and to give up the gate; to
//! stop it is to give up the slot. A commit takes the gate and then every slot in turn. Cell 0
//! counts dirty pages, cell 1 is what the commit has seen of them.

use super::{behaviour, cycle_lengths};
use crate::completeness::language::{Condition::*, Effect::*, Program, Stmt, Stmt::*, wait};

const GATE: usize = 0;
const PAGE: usize = 1;
const SLOTS: usize = 2;

/// Starts a handle, and takes the page inside it.
fn writer(slot: usize) -> Vec<Stmt> {
    vec![
        Acquire(GATE),
        Acquire(SLOTS + slot),
        Release(GATE),
        Acquire(PAGE),
        Step(0, Add(1)),
        Release(PAGE),
        Release(SLOTS + slot),
    ]
}

/// Holds the page, and starts a handle inside.
fn old_flusher(slot: usize) -> Vec<Stmt> {
    vec![
        Acquire(PAGE),
        Acquire(GATE),
        Acquire(SLOTS + slot),
        Release(GATE),
        Step(0, Set(0)),
        Release(SLOTS + slot),
        Release(PAGE),
    ]
}

/// Starts the handle first.
fn patched_flusher(slot: usize) -> Vec<Stmt> {
    vec![
        Acquire(GATE),
        Acquire(SLOTS + slot),
        Release(GATE),
        Acquire(PAGE),
        Step(0, Set(0)),
        Release(PAGE),
        Release(SLOTS + slot),
    ]
}

fn commit(slots: usize) -> Vec<Stmt> {
    let mut lines = vec![Acquire(GATE)];
    for slot in SLOTS..SLOTS + slots {
        lines.extend(vec![Acquire(slot), Release(slot)]);
    }
    lines.extend(vec![Step(0, Read), Step(1, Store(100)), Release(GATE)]);
    lines
}

#[test]
fn writer_flusher_and_commit_deadlock_with_the_page_before_the_handle() {
    let threads = vec![writer(0), old_flusher(1), commit(2)];
    let found = behaviour(&Program::new(SLOTS + 2, 2, threads));
    assert_eq!(
        cycle_lengths(&found),
        [3],
        "one cycle, and it needs all three"
    );
    assert!(!found.outcomes.is_empty(), "most executions hide it");
}

#[test]
fn writer_flusher_and_commit_end_with_the_handle_before_the_page() {
    let threads = vec![writer(0), patched_flusher(1), commit(2)];
    let found = behaviour(&Program::new(SLOTS + 2, 2, threads));
    assert!(found.deadlocks.is_empty(), "there is one order now");
    let seen: Vec<i64> = found.outcomes.iter().map(|end| end.cells[1]).collect();
    assert!(
        seen.contains(&100) && seen.contains(&101),
        "the commit comes anywhere"
    );
}

#[test]
fn two_writers_flusher_and_commit_deadlock_in_more_than_one_way() {
    let threads = vec![writer(0), writer(1), old_flusher(2), commit(3)];
    let found = behaviour(&Program::new(SLOTS + 3, 2, threads));
    assert_eq!(
        cycle_lengths(&found),
        [3, 3],
        "either writer can be in the cycle"
    );
}

#[test]
fn two_writers_flusher_and_commit_end_with_the_handle_before_the_page() {
    let threads = vec![writer(0), writer(1), patched_flusher(2), commit(3)];
    let found = behaviour(&Program::new(SLOTS + 3, 2, threads));
    assert!(found.deadlocks.is_empty(), "there is one order now");
}

/// The same with a count of open handles in cell 2, from which a commit takes a hundred for as long
/// as no handle may start.
fn counted(page_first: bool) -> Program {
    let start = wait(2, AtLeast(0), Add(1));
    let stop = Step(2, Add(-1));
    let page = |dirty| vec![Acquire(PAGE), Step(0, dirty), Release(PAGE)];
    let handle = |within: Vec<Stmt>| {
        let mut lines = vec![start.clone()];
        lines.extend(within);
        lines.extend(vec![stop.clone()]);
        lines
    };
    let flusher = if page_first {
        let mut lines = vec![Acquire(PAGE)];
        lines.extend(handle(vec![Step(0, Set(0))]));
        lines.extend(vec![Release(PAGE)]);
        lines
    } else {
        handle(page(Set(0)))
    };
    let commit = vec![
        Step(2, Add(-100)),
        wait(2, Is(-100), Nothing),
        Step(0, Read),
        Step(2, Add(100)),
        Step(1, Store(100)),
    ];
    Program::new(2, 3, vec![handle(page(Add(1))), flusher, commit])
}

#[test]
fn a_count_of_handles_deadlocks_as_the_slots_do() {
    let found = behaviour(&counted(true));
    assert_eq!(
        found.deadlocks.len(),
        1,
        "the writer's handle, the flusher's page, the commit"
    );
    assert!(
        found.cycles.is_empty(),
        "a count does not say who could end the wait"
    );
    assert!(!found.outcomes.is_empty(), "most executions hide it");
}

#[test]
fn a_count_of_handles_does_not_deadlock_with_the_handle_first() {
    let found = behaviour(&counted(false));
    assert!(found.deadlocks.is_empty(), "there is one order now");
}

//! Waits for the thread that an object names.

use super::{behaviour, cycle_lengths};
use crate::completeness::language::{By, Condition::*, Effect::*, Program, Stmt, Stmt::*, owned};
use pagelock::engine::NO_DEADLOCK;

/// Waits until the owner of cell 0 is done with it.
fn for_the_owner() -> Stmt {
    Await {
        cell: 0,
        until: DataIs(1),
        effect: Nothing,
        by: By::Owner,
    }
}

/// Cell 0, which thread `owner` has at first.
fn owned_by(owner: i64, locks: usize, threads: Vec<Vec<Stmt>>) -> Program {
    let program = Program::plain(locks, 2, threads);
    Program {
        cells: vec![owned(0, Some(owner)), 0],
        ..program
    }
}

fn hands(by: usize, to: i64) -> Stmt {
    Step(0, Hand { by, to })
}

/// Thread 1 makes thread 0 the owner, which waits for the owner: it is thread 1's step that closes the cycle.
#[test]
fn a_cycle_that_a_hand_over_closes() {
    let threads = vec![
        vec![for_the_owner()],
        vec![hands(1, owned(0, Some(0))), Step(1, Set(1))],
    ];
    let found = behaviour(&owned_by(1, 0, threads));
    assert_eq!(cycle_lengths(&found), [1]);
    let deadlock = found.violated[NO_DEADLOCK];
    assert_eq!((deadlock.preemptions, deadlock.operations), (0, 1));
    assert_eq!(
        (deadlock.failing, found.schedules),
        (1, 1),
        "and thread 1 goes on"
    );
}

/// The new owner waits for a lock of the one that waits for it.
#[test]
fn a_cycle_of_two_that_a_third_thread_closes() {
    let threads = vec![
        vec![Acquire(0), for_the_owner(), Release(0)],
        vec![Acquire(0), Release(0)],
        vec![hands(2, owned(0, Some(1))), Step(1, Set(1))],
    ];
    let found = behaviour(&owned_by(2, 1, threads));
    assert_eq!(cycle_lengths(&found), [2]);
    let deadlock = found.violated[NO_DEADLOCK];
    assert_eq!(
        (deadlock.preemptions, deadlock.operations),
        (0, 2),
        "and not three"
    );
}

/// The first owner leaves: a chain that ends there never opens, wherever it was closed.
#[test]
fn an_object_that_is_handed_to_a_thread_that_has_left() {
    let threads = vec![
        vec![for_the_owner()],
        vec![
            hands(1, owned(0, Some(2))),
            Step(1, Set(1)),
            Step(1, Set(2)),
        ],
        vec![Step(1, Add(1)), Leave],
    ];
    let found = behaviour(&owned_by(1, 0, threads));
    assert!(
        found.cycles.is_empty(),
        "a chain that ends at a departed thread is no cycle"
    );
    assert_eq!(
        found.violated[NO_DEADLOCK].operations, 2,
        "one step of each"
    );
}

#[test]
fn an_owner_that_hands_on_and_comes_to_its_end() {
    let threads = vec![
        vec![for_the_owner(), Step(1, Set(1))],
        vec![hands(1, owned(0, Some(2)))],
        vec![hands(2, owned(1, None))],
    ];
    let found = behaviour(&owned_by(1, 0, threads));
    // Thread 2 is in time only if it comes behind thread 1.
    assert_eq!((found.outcomes.len(), found.deadlocks.len()), (1, 1));
    assert!(found.cycles.is_empty());
}

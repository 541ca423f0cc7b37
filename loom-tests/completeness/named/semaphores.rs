//! Reader-writer semaphores, with a queue and without one.

use super::{behaviour, cycle_lengths};
use crate::completeness::language::{
    Action, Action::*, By, Condition::*, Effect::*, Fairness, Fairness::*, Of, Program, Stmt,
    Stmt::*,
};
use pagelock::engine::NO_DEADLOCK;

fn down(action: Action) -> Stmt {
    Semaphore(0, action)
}

fn up() -> Stmt {
    Semaphore(0, Up)
}

fn with(fairness: Fairness, locks: usize, cells: usize, threads: Vec<Vec<Stmt>>) -> Program {
    Program {
        semaphores: vec![fairness],
        ..Program::plain(locks, cells, threads)
    }
}

/// Adds to cell 0 what `action` gets in beside.
fn inside(action: Action) -> Vec<Stmt> {
    vec![down(action), Step(0, Add(1)), Step(0, Add(-1)), up()]
}

/// Checks that no other thread is inside.
fn alone(action: Action) -> Vec<Stmt> {
    let (property, of, holds) = (0, Of::Cell(0), Is(1));
    let check = Check {
        property,
        of,
        holds,
    };
    vec![down(action), Step(0, Add(1)), check, Step(0, Add(-1)), up()]
}

#[test]
fn a_writer_is_alone_and_readers_are_not() {
    for fairness in [Fair, Unfair] {
        let found = behaviour(&with(
            fairness,
            0,
            1,
            vec![alone(DownWrite), inside(DownRead)],
        ));
        assert_eq!(
            (found.failing, found.deadlocks.len()),
            (0, 0),
            "{fairness:?}"
        );
        let found = behaviour(&with(
            fairness,
            0,
            1,
            vec![alone(DownWrite), inside(DownWrite)],
        ));
        assert_eq!(
            (found.failing, found.deadlocks.len()),
            (0, 0),
            "{fairness:?}"
        );
        let found = behaviour(&with(
            fairness,
            0,
            1,
            vec![alone(DownRead), inside(DownRead)],
        ));
        assert!(found.failing > 0, "{fairness:?}: both are inside");
    }
}

/// A second read of the same thread waits behind the writer, and the writer for the first.
#[test]
fn a_recursive_read_deadlocks_behind_a_writer_in_the_queue() {
    let twice = || vec![down(DownRead), down(DownRead), up(), up()];
    let writes = || vec![down(DownWrite), Step(0, Set(1)), up()];
    let found = behaviour(&with(Fair, 0, 1, vec![twice(), writes()]));
    assert_eq!(cycle_lengths(&found), [2]);
    let deadlock = found.violated[NO_DEADLOCK];
    assert_eq!((deadlock.preemptions, deadlock.operations), (1, 3));
    assert!(!found.outcomes.is_empty(), "most executions hide it");
    let found = behaviour(&with(Fair, 0, 1, vec![twice()]));
    assert!(found.cycles.is_empty(), "no thread writes");
    let found = behaviour(&with(Unfair, 0, 1, vec![twice(), writes()]));
    assert!(found.deadlocks.is_empty(), "the writer is in no queue");
}

/// A writer that waits for two readers needs both of them: each may close a cycle.
#[test]
fn a_writer_waits_for_every_reader() {
    let reads = |lock| vec![down(DownRead), Acquire(lock), Release(lock), up()];
    let writes = vec![Acquire(0), Acquire(1), down(DownWrite), up()];
    // Without a queue the other reader gets in all the same, or was through before.
    for (fairness, ends) in [(Fair, 5), (Unfair, 3)] {
        let found = behaviour(&with(
            fairness,
            2,
            0,
            vec![reads(0), reads(1), writes.clone()],
        ));
        assert_eq!(
            cycle_lengths(&found),
            [2, 2],
            "{fairness:?}: one with each reader"
        );
        assert_eq!(found.deadlocks.len(), ends, "{fairness:?}");
    }
}

/// The reader comes to the queue before the writer and goes before it, or behind.
#[test]
fn a_queue_keeps_its_order() {
    let second = |action| vec![down(action), Step(1, Read), Step(2, Store(0)), up()];
    let third = vec![down(DownWrite), Step(1, Set(1)), up()];
    let first = vec![down(DownWrite), Step(0, Set(1)), up()];
    let found = behaviour(&with(Fair, 0, 3, vec![first, second(DownRead), third]));
    let seen: Vec<i64> = found.outcomes.iter().map(|end| end.cells[2]).collect();
    assert_eq!((seen, found.failing), (vec![0, 1], 0));
}

#[test]
fn a_reader_waits_behind_a_writer_in_the_queue() {
    // The first reader holds the semaphore until the second one is through.
    let first = vec![
        down(DownRead),
        Await {
            cell: 0,
            until: Is(1),
            effect: Nothing,
            by: By::Thread(1),
        },
        up(),
    ];
    let second = vec![down(DownRead), Step(0, Set(1)), up()];
    let writes = vec![down(DownWrite), up()];
    let found = behaviour(&with(
        Fair,
        0,
        1,
        vec![first.clone(), second.clone(), writes.clone()],
    ));
    assert_eq!(cycle_lengths(&found), [3], "reader, writer, reader");
    let found = behaviour(&with(Unfair, 0, 1, vec![first, second, writes]));
    assert!(found.deadlocks.is_empty(), "the second reader gets in");
}

#[test]
fn a_trial_does_not_wait() {
    let tries = vec![
        down(TryRead),
        If(Is(1), vec![Reach(0), up()], vec![Reach(1)]),
    ];
    let writes = vec![down(DownWrite), Step(0, Set(1)), up()];
    for fairness in [Fair, Unfair] {
        let found = behaviour(&with(fairness, 0, 1, vec![tries.clone(), writes.clone()]));
        let points: Vec<_> = found
            .points
            .iter()
            .filter(|point| point.starts_with("point"))
            .collect();
        assert_eq!(
            points,
            ["point 0 of thread 0 with 1", "point 1 of thread 0 with 0"]
        );
        assert!(found.deadlocks.is_empty(), "{fairness:?}");
    }
    // Beside a reader it succeeds, unless a writer waits before it.
    let reads = vec![down(DownRead), Step(0, Set(1)), up()];
    let found = behaviour(&with(Fair, 0, 1, vec![tries, reads]));
    assert!(!found.points.contains("point 1 of thread 0 with 0"));
}

/// A writer that goes on as a reader lets the readers at the front of the queue in, and no writer.
#[test]
fn a_downgrade_lets_readers_in() {
    let downgrades = vec![
        down(DownWrite),
        down(Downgrade),
        Await {
            cell: 0,
            until: Is(1),
            effect: Nothing,
            by: By::Thread(1),
        },
        up(),
    ];
    let with_another = |action| vec![down(action), Step(0, Set(1)), up()];
    for fairness in [Fair, Unfair] {
        let threads = vec![downgrades.clone(), with_another(DownRead)];
        let found = behaviour(&with(fairness, 0, 1, threads));
        assert!(found.deadlocks.is_empty(), "{fairness:?}: both read");
        let threads = vec![downgrades.clone(), with_another(DownWrite)];
        let found = behaviour(&with(fairness, 0, 1, threads));
        assert_eq!(
            cycle_lengths(&found),
            [2],
            "{fairness:?}: a reader keeps a writer out"
        );
    }
}

#[test]
fn a_semaphore_goes_with_a_thread_that_leaves() {
    let leaves = vec![down(DownRead), Leave];
    let writes = vec![down(DownWrite), Step(0, Set(1)), up()];
    let found = behaviour(&with(Fair, 0, 1, vec![leaves.clone(), writes]));
    assert!(
        found.cycles.is_empty(),
        "a chain that ends at a departed thread is no cycle"
    );
    assert_eq!((found.deadlocks.len(), found.departures.len()), (1, 1));
    let found = behaviour(&with(Fair, 0, 1, vec![leaves, inside(DownRead)]));
    assert!(found.deadlocks.is_empty(), "a reader gets in beside it");
}

//! The checks at the end, and points on the way there.

use super::behaviour;
use crate::completeness::language::{Condition::*, Effect::*, Final, Of, Program, Stmt::*};

#[test]
fn each_check_at_the_end_is_run() {
    let program = Program::plain(0, 2, vec![vec![Step(0, Set(1)), Step(1, Set(1))]]);
    let last = |cell, holds| Final {
        of: Of::Cell(cell),
        holds,
    };
    let names = |finals| {
        let found = behaviour(&Program {
            finals,
            ..program.clone()
        });
        found.violated.keys().copied().collect::<Vec<_>>()
    };
    assert_eq!(
        names(vec![last(0, Is(0)), last(1, Is(1))]),
        ["final 0"],
        "and not the last alone"
    );
    assert_eq!(names(vec![last(0, Is(1)), last(1, Is(0))]), ["final 1"]);
    assert_eq!(
        names(vec![last(0, Is(0)), last(1, Is(0))]),
        ["final 0", "final 1"]
    );
}

/// A thread acquires the lock that another is at, and leaves.
#[test]
fn a_wait_for_a_thread_that_leaves_is_marked() {
    let marked = |holder| Covering {
        point: 1,
        lock: 0,
        holder,
        body: vec![Acquire(0), Release(0)],
    };
    for holder in [None, Some(1)] {
        let threads = vec![vec![marked(holder)], vec![Acquire(0), Leave]];
        let found = behaviour(&Program::plain(1, 0, threads));
        assert_eq!(found.waits, ["wait 1".to_string()].into());
    }
    let threads = vec![vec![marked(Some(0))], vec![Acquire(0), Leave]];
    let found = behaviour(&Program::plain(1, 0, threads));
    assert!(
        found.waits.is_empty(),
        "another thread than the named one holds it"
    );
}

#[test]
fn a_failed_assertion_releases_what_its_thread_holds() {
    let fails = vec![
        Acquire(0),
        Scope {
            keeps: true,
            body: vec![Acquire(1), Bug],
        },
    ];
    let other = vec![Acquire(1), Acquire(0), Step(0, Set(1))];
    let found = behaviour(&Program::plain(2, 1, vec![fails, other]));
    assert_eq!(found.outcomes.len(), 1, "the other has both locks then");
    assert_eq!(found.cycles.len(), 1, "unless each has one");
}

//! Scopes, in which a thread forgets.

use super::behaviour;
use crate::completeness::language::{Condition::*, Effect::*, Of, Program, Stmt, Stmt::*, wait};
use pagelock::engine::NO_DEADLOCK;

fn scope(keeps: bool, body: Vec<Stmt>) -> Stmt {
    Scope { keeps, body }
}

/// Behind the inner scope, and still in the outer one, the thread knows as much as behind the outer one.
#[test]
fn behind_an_inner_scope_is_not_behind_the_outer_one() {
    let inner = scope(false, vec![Step(0, Nothing)]);
    let outer = scope(false, vec![inner, Step(0, Set(1))]);
    let found = behaviour(&Program::plain(0, 2, vec![vec![outer, Step(1, Set(1))]]));
    assert_eq!((found.schedules, found.outcomes.len()), (1, 1));
}

/// The same step in the outer scope and behind it; what follows there depends on how often it was taken.
#[test]
fn a_deadlock_behind_nested_scopes_is_found() {
    let nested = scope(
        false,
        vec![scope(false, vec![Step(0, Nothing)]), Step(1, Add(1))],
    );
    let is_not_one = BitsAreNot { mask: -1, bits: 1 };
    let thread = vec![nested, Step(1, Add(1)), wait(1, is_not_one, Nothing)];
    let found = behaviour(&Program::plain(0, 2, vec![thread, vec![Step(1, Set(0))]]));
    let deadlock = found.violated[NO_DEADLOCK];
    assert_eq!(
        (found.schedules, deadlock.failing),
        (5, 1),
        "where the other comes between"
    );
    assert_eq!((deadlock.preemptions, deadlock.operations), (1, 4));
}

/// A scope in which nothing is done is a place of its own all the same.
#[test]
fn an_empty_scope_in_a_scope() {
    let nested = |body: Vec<Stmt>| scope(true, [vec![scope(true, Vec::new())], body].concat());
    let locks = vec![nested(vec![Acquire(0)]), Acquire(0)];
    let found = behaviour(&Program::plain(1, 0, vec![locks]));
    assert_eq!((found.schedules, found.outcomes.len()), (1, 1));
    let check = |property| Check {
        property,
        of: Of::Local,
        holds: AtLeast(1),
    };
    let found = behaviour(&Program::plain(
        0,
        0,
        vec![vec![nested(vec![check(0)]), check(1)]],
    ));
    assert_eq!(
        found.violated.len(),
        2,
        "before any operation, in the scope and behind it"
    );
    let found = behaviour(&Program::plain(0, 0, vec![vec![nested(Vec::new()), Bug]]));
    assert_eq!((found.schedules, found.failing), (1, 1));
}

/// What a thread has read in the inner scope it has forgotten in neither too early nor too late.
#[test]
fn nested_scopes_count_the_schedules() {
    let inner = scope(
        true,
        vec![Step(1, Read), Acquire(0), wait(1, AtLeast(1), Add(-1))],
    );
    let outer = scope(true, vec![inner, Step(1, Read)]);
    let reads = vec![outer, Step(1, Read), Acquire(0)];
    let writes = vec![Acquire(1), wait(1, AtLeast(1), Add(1)), Step(1, Add(1))];
    let program = Program::plain(2, 3, vec![writes, reads]);
    let found = behaviour(&Program {
        cells: vec![0, 1, 0],
        ..program
    });
    assert_eq!((found.schedules, found.failing), (41, 7));
}

/// Two ways through a loop come to one state, as a scope forgets which one it was. The longest schedule goes the longer
/// way, and on from there.
#[test]
fn the_longest_schedule_is_the_longest_way_to_a_state() {
    let repeat = Loop {
        times: 2,
        until: Some(Is(0)),
        body: vec![Step(0, Read)],
    };
    let reads = vec![
        scope(false, vec![Step(0, Read), repeat]),
        wait(0, Is(0), Nothing),
        Step(1, Add(1)),
    ];
    let program = Program::plain(0, 2, vec![vec![Step(0, Set(0))], reads]);
    let found = behaviour(&Program {
        cells: vec![1, 0],
        ..program
    });
    assert_eq!(found.longest, 6);
}

#[test]
fn a_result_is_kept_and_the_rest_is_forgotten() {
    let reads = |keeps| {
        vec![
            scope(keeps, vec![Step(0, Read), Step(0, Read)]),
            Step(1, Store(0)),
        ]
    };
    let writes = || vec![Step(0, Set(5))];
    let kept = behaviour(&Program::plain(0, 2, vec![reads(true), writes()]));
    assert_eq!(kept.outcomes.len(), 2);
    let forgotten = behaviour(&Program::plain(0, 2, vec![reads(false), writes()]));
    assert_eq!(forgotten.outcomes.len(), 1);
}

//! Locks, taken in good orders and in bad ones.

use super::{behaviour, cells, cycle_lengths};
use crate::completeness::brute_force::Ending;
use crate::completeness::language::{Effect::*, Program, Stmt, Stmt::*};
use std::collections::BTreeSet;

/// Whether a thread waits forever.
fn waits(end: &Ending, thread: usize) -> bool {
    end.waits.iter().any(|(waiting, _)| *waiting == thread)
}

/// Takes one lock inside another.
fn nest(outer: usize, inner: usize) -> Vec<Stmt> {
    vec![
        Acquire(outer),
        Acquire(inner),
        Release(inner),
        Release(outer),
    ]
}

#[test]
fn opposite_lock_orders_deadlock() {
    let found = behaviour(&Program::new(2, 0, vec![nest(0, 1), nest(1, 0)]));
    assert_eq!(cycle_lengths(&found), [2], "one cycle of the two threads");
    assert_eq!(found.deadlocks.len(), 1, "each thread holds its first lock");
    assert_eq!(
        found.outcomes.len(),
        1,
        "one after the other, both get to the end"
    );
}

#[test]
fn equal_lock_orders_do_not_deadlock() {
    let found = behaviour(&Program::new(2, 0, vec![nest(0, 1), nest(0, 1)]));
    assert!(
        found.deadlocks.is_empty(),
        "the outer lock keeps them apart"
    );
}

#[test]
fn three_diners_who_reach_the_same_way_starve() {
    let found = behaviour(&Program::new(
        3,
        0,
        vec![nest(0, 1), nest(1, 2), nest(2, 0)],
    ));
    assert_eq!(
        cycle_lengths(&found),
        [3],
        "one cycle, and it needs all three"
    );
}

#[test]
fn three_diners_of_whom_one_is_left_handed_eat() {
    let found = behaviour(&Program::new(
        3,
        0,
        vec![nest(0, 1), nest(1, 2), nest(0, 2)],
    ));
    assert!(
        found.deadlocks.is_empty(),
        "a thread always has both forks within reach"
    );
}

#[test]
fn a_thread_that_acquires_what_it_holds_waits_for_itself() {
    let alone = vec![
        Step(0, Add(1)),
        Acquire(0),
        Step(0, Add(1)),
        Acquire(0),
        Release(0),
    ];
    let beside = vec![Step(0, Add(10)), Acquire(0), Release(0), Step(0, Add(10))];
    let found = behaviour(&Program::new(1, 1, vec![alone, beside]));
    assert!(found.outcomes.is_empty(), "the first thread never ends");
    assert_eq!(cycle_lengths(&found), [1], "a cycle of one");
    assert_eq!(
        found.deadlocks.len(),
        2,
        "the other thread has the lock before, or never"
    );
}

#[test]
fn locks_given_up_in_the_order_of_their_acquisition() {
    // Hand over hand, down a chain of three, so that the one behind cannot overtake.
    let walk = |point| {
        vec![
            Acquire(0),
            Step(0, Set(point)),
            Acquire(1),
            Release(0),
            Acquire(2),
            Release(1),
            Step(1, Set(point)),
            Release(2),
        ]
    };
    let found = behaviour(&Program::new(3, 2, vec![walk(1), walk(2)]));
    let expected = [vec![1, 1], vec![2, 2]];
    assert_eq!(
        cells(&found),
        expected.into(),
        "the last to enter is the last to leave"
    );
}

#[test]
fn two_deadlocks_apart_from_each_other() {
    let threads = vec![nest(0, 1), nest(1, 0), nest(2, 3), nest(3, 2)];
    let found = behaviour(&Program::new(4, 0, threads));
    assert_eq!(
        cycle_lengths(&found),
        [2, 2],
        "either pair can close its cycle"
    );
    assert_eq!(found.deadlocks.len(), 3, "the one pair, the other, or both");
}

/// Takes one lock inside another, and says in a cell that it has come so far.
fn nest_and_tell(outer: usize, inner: usize) -> Vec<Stmt> {
    vec![
        Acquire(outer),
        Step(0, Add(1)),
        Acquire(inner),
        Step(0, Add(1)),
        Release(inner),
        Release(outer),
    ]
}

#[test]
fn a_thread_beside_a_deadlock_runs_on() {
    // The third thread reads what the others have done, before their deadlock and after it, and
    // what it has read decides what it does.
    let third = vec![
        Step(0, Read),
        Step(1, Set(7)).only_if(2),
        Acquire(2),
        Touch(2, Store(5)),
        Release(2),
        Step(0, Add(10)),
        Step(0, Read),
    ];
    let threads = vec![nest_and_tell(0, 1), nest_and_tell(1, 0), third];
    let found = behaviour(&Program::new(3, 2, threads));
    assert_eq!(cycle_lengths(&found), [2], "the third thread takes no part");
    let seen: BTreeSet<&[i64]> = found.deadlocks.iter().map(|end| &end.cells[..]).collect();
    let expected: [&[i64]; 4] = [&[12, 0, 10], &[12, 0, 11], &[12, 0, 12], &[12, 7, 12]];
    assert_eq!(
        seen,
        expected.into(),
        "it may be early or late, and acts on what it sees"
    );
    let at_its_end = |end: &Ending| !waits(end, 2);
    assert!(
        found.deadlocks.iter().all(at_its_end),
        "nothing holds it up in any deadlock"
    );
    assert!(
        found.outcomes.len() > 1,
        "without the deadlock it sees other numbers too"
    );
}

#[test]
fn a_thread_behind_a_deadlock_queues_up() {
    let third = vec![Step(0, Add(10)), Acquire(0), Step(0, Read), Release(0)];
    let threads = vec![nest_and_tell(0, 1), nest_and_tell(1, 0), third];
    let found = behaviour(&Program::new(2, 1, threads));
    assert_eq!(
        cycle_lengths(&found),
        [2],
        "a queue behind a cycle is no second cycle"
    );
    let late = found.deadlocks.iter().filter(|end| waits(end, 2));
    assert!(late.count() > 0, "the third thread may come too late");
    let in_time = found.deadlocks.iter().filter(|end| !waits(end, 2));
    assert!(in_time.count() > 0, "the third thread may come in time");
}

#[test]
fn a_thread_that_leaves_takes_its_lock_along() {
    let leaves = vec![Acquire(0), Step(0, Add(1)), Leave];
    let comes = vec![Step(0, Add(10)), Acquire(0), Step(0, Add(10)), Release(0)];
    let found = behaviour(&Program::new(1, 1, vec![leaves, comes]));
    assert!(found.outcomes.is_empty(), "one thread never ends");
    assert_eq!(found.departures.len(), 1, "the other was there before");
    assert_eq!(found.deadlocks.len(), 1, "the other waits forever");
    assert!(
        found.cycles.is_empty(),
        "a chain that ends at a departed thread is no cycle"
    );
}

#[test]
fn a_lock_that_no_thread_gives_back_is_raced_for_all_the_same() {
    // The second thread comes in vain if it comes second, and does not block then: the engine must
    // count its attempt as one, or it never lets the second thread come first.
    let leaves = vec![Acquire(0), Leave];
    let comes = vec![Step(0, Add(1)), Acquire(0), Release(0)];
    let found = behaviour(&Program::new(1, 1, vec![leaves, comes]));
    assert_eq!(
        found.departures.len(),
        1,
        "the second thread was there before"
    );
    assert_eq!(found.deadlocks.len(), 1, "the second thread waits forever");
}

#[test]
fn two_threads_race_after_the_deadlock_of_others() {
    let update = || vec![Step(0, Read), Step(0, Store(1))];
    let own = vec![Acquire(0), Step(0, Add(10)), Acquire(0)];
    let found = behaviour(&Program::new(1, 1, vec![own, update(), update()]));
    let totals: BTreeSet<i64> = found.deadlocks.iter().map(|end| end.cells[0]).collect();
    let expected = [1, 2, 11, 12];
    assert_eq!(
        totals,
        expected.into(),
        "either update may lose the other, or the ten"
    );
    let threads = vec![nest(0, 1), nest(1, 0), update(), update()];
    let found = behaviour(&Program::new(2, 1, threads));
    let lost = |ends: &BTreeSet<Ending>| ends.iter().any(|end| end.cells[0] == 1);
    assert!(
        lost(&found.deadlocks),
        "an update is lost beside the deadlock"
    );
    assert!(lost(&found.outcomes), "an update is lost without one");
}

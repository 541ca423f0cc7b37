//! Waits for conditions, and for a thread to bring them about.

use super::{behaviour, cells, cycle_lengths};
use crate::completeness::brute_force::Ending;
use crate::completeness::language::{By, Condition::*, Effect::*, Program, Stmt::*, wait};
use std::collections::BTreeSet;

/// Cell 0 says whether there is work, cell 1 whether the worker sleeps.
fn sleeper(announces_first: bool) -> Program {
    let sleep = if announces_first {
        vec![
            Step(1, Set(1)),
            Step(0, Read),
            wait(1, Is(0), Nothing).only_if(0),
        ]
    } else {
        vec![
            Step(0, Read),
            Step(1, Set(1)).only_if(0),
            wait(1, Is(0), Nothing).only_if(0),
        ]
    };
    let wake = vec![Step(0, Set(1)), Step(1, Set(0))];
    Program::new(0, 2, vec![sleep, wake])
}

#[test]
fn a_wakeup_before_the_sleep_is_lost() {
    let found = behaviour(&sleeper(false));
    assert_eq!(
        found.deadlocks.len(),
        1,
        "work came between the look and the sleep"
    );
    assert!(
        found.cycles.is_empty(),
        "no thread is left that could be waited for"
    );
    assert!(!found.outcomes.is_empty(), "most executions hide it");
}

#[test]
fn a_sleep_that_is_announced_before_the_look_loses_no_wakeup() {
    let found = behaviour(&sleeper(true));
    assert!(
        found.deadlocks.is_empty(),
        "the waker sees the sleeper, or the sleeper the work"
    );
}

#[test]
fn a_queue_of_one_keeps_the_order_of_one_producer() {
    let produce = |item| wait(0, Is(0), Set(item));
    let producer = vec![produce(1), produce(2), produce(3)];
    let take = |cell| {
        vec![
            wait(0, AtLeast(1), Read),
            Step(cell, Store(0)),
            Step(0, Set(0)),
        ]
    };
    let consumer = [take(1), take(2), take(3)].concat();
    let found = behaviour(&Program::new(0, 4, vec![producer, consumer]));
    let expected = [vec![0, 1, 2, 3, 3]];
    assert_eq!(cells(&found), expected.into(), "first in, first out");
    assert!(found.deadlocks.is_empty(), "no thread waits forever");
}

#[test]
fn a_queue_of_one_between_two_producers_and_a_consumer() {
    let put = |item| wait(0, Is(0), Set(item));
    let consumer = vec![
        wait(0, AtLeast(1), Read),
        Step(1, Store(0)),
        Step(0, Set(0)),
    ];
    let threads = vec![vec![put(1), put(2)], vec![put(3)], consumer];
    let found = behaviour(&Program::new(0, 2, threads));
    assert!(
        found.outcomes.is_empty(),
        "three items, one taken, and room for one"
    );
    let first: BTreeSet<i64> = found.deadlocks.iter().map(|end| end.cells[1]).collect();
    assert_eq!(first, [1, 3].into(), "either producer may be first");
    let waiting = |end: &Ending| end.waits.iter().map(|(thread, _)| *thread).collect();
    let left_over: BTreeSet<Vec<usize>> = found.deadlocks.iter().map(waiting).collect();
    let expected = [vec![0], vec![1]];
    assert_eq!(
        left_over,
        expected.into(),
        "the last item of either may be left over"
    );
}

#[test]
fn one_token_wakes_two_waiters_and_one_waits_again() {
    let waiter = |point| vec![wait(0, AtLeast(1), Add(-1)), Step(1, Set(point))];
    let threads = vec![waiter(1), waiter(2), vec![Step(0, Add(1)), Step(0, Add(1))]];
    let found = behaviour(&Program::new(0, 2, threads));
    assert_eq!(
        cells(&found),
        [vec![0, 1], vec![0, 2]].into(),
        "either waiter may be the last"
    );
    assert!(found.deadlocks.is_empty(), "there are tokens for both");
}

#[test]
fn a_wait_that_no_thread_ends() {
    let waits = vec![
        Acquire(0),
        Step(0, Add(1)),
        wait(0, Is(9), Nothing),
        Release(0),
    ];
    let other = vec![Step(0, Add(10)), Acquire(0), Step(0, Add(10)), Release(0)];
    let found = behaviour(&Program::new(1, 1, vec![waits, other]));
    assert!(found.outcomes.is_empty(), "the condition never holds");
    assert!(
        found.cycles.is_empty(),
        "no thread in particular could end the wait"
    );
    assert_eq!(
        found.deadlocks.len(),
        2,
        "the other thread has the lock before, or never"
    );
}

#[test]
fn a_condition_that_holds_only_for_a_while() {
    let waits = vec![wait(0, Is(1), Nothing), Step(1, Add(1))];
    let pulse = vec![Step(0, Add(1)), Step(0, Add(1)), Step(1, Read)];
    let found = behaviour(&Program::new(0, 2, vec![waits, pulse]));
    assert_eq!(found.deadlocks.len(), 1, "the waiter may come too late");
    assert_eq!(
        cells(&found),
        [vec![2, 1, 0], vec![2, 1, 1]].into(),
        "or in time"
    );
}

#[test]
fn a_wait_for_the_thread_that_waits_for_the_lock() {
    let waits = Await {
        cell: 0,
        until: Is(1),
        effect: Nothing,
        by: By::Thread(1),
    };
    let holder = vec![Acquire(0), waits, Release(0), Step(1, Add(1))];
    let ender = vec![Acquire(0), Step(0, Set(1)), Release(0)];
    let third = vec![Step(1, Add(10)), Step(1, Read)];
    let found = behaviour(&Program::new(1, 2, vec![holder, ender, third]));
    assert_eq!(
        cycle_lengths(&found),
        [2],
        "a lock one way, a condition the other"
    );
    assert!(
        !found.outcomes.is_empty(),
        "no cycle if the condition holds already"
    );
}

//! Steps on shared objects, with nothing to keep them apart.

use super::{behaviour, cells};
use crate::completeness::language::{Condition::*, Effect::*, Program, Stmt, Stmt::*, wait};

#[test]
fn an_update_in_two_steps_is_lost() {
    let increment = || vec![Step(0, Read), Step(0, Store(1))];
    let found = behaviour(&Program::new(0, 1, vec![increment(), increment()]));
    let totals: Vec<i64> = found.outcomes.iter().map(|end| end.cells[0]).collect();
    assert!(
        totals.contains(&1),
        "both have read before either has stored"
    );
    assert!(totals.contains(&2), "one after the other");
}

/// Sleep sets alone lose a trace of this: that loom has to try the second thread before the first, it finds
/// out in an execution that is cut short.
#[test]
fn at_the_place_of_a_cut_every_thread_who_is_awake_is_tried() {
    let threads = vec![
        vec![Acquire(0), Step(0, Add(1)), Release(0)],
        vec![Step(1, Add(1)), Acquire(0), Release(0)],
        vec![Step(1, Add(1)), Step(0, Add(1))],
    ];
    let found = behaviour(&Program::new(1, 2, threads));
    assert_eq!(found.outcomes.len(), 1, "eight traces, and one end");
}

#[test]
fn an_update_in_two_steps_under_a_lock_is_not_lost() {
    let increment = || {
        vec![
            Acquire(0),
            Step(0, Read),
            Touch(0, Add(1)),
            Step(0, Store(1)),
            Release(0),
        ]
    };
    let found = behaviour(&Program::new(
        1,
        1,
        vec![increment(), increment(), increment()],
    ));
    for end in &found.outcomes {
        assert_eq!(end.cells[0], 3, "every update counts");
        assert_eq!(
            end.locks,
            [3],
            "every update of the protected number counts"
        );
    }
    assert_eq!(
        found.outcomes.len(),
        6,
        "in every order of the three threads"
    );
}

#[test]
fn an_update_across_two_holds_of_a_lock_is_lost() {
    let increment = || {
        vec![
            Acquire(0),
            Touch(0, Read),
            Release(0),
            Acquire(0),
            Touch(0, Store(1)),
            Release(0),
        ]
    };
    let found = behaviour(&Program::new(1, 0, vec![increment(), increment()]));
    let totals: Vec<i64> = found.outcomes.iter().map(|end| end.locks[0]).collect();
    assert!(totals.contains(&1), "the lock was free in between");
    assert!(totals.contains(&2), "one after the other");
}

#[test]
fn stores_are_not_buffered() {
    let side = |own, other| vec![Step(own, Set(1)), Step(other, Read)];
    let found = behaviour(&Program::new(0, 2, vec![side(0, 1), side(1, 0)]));
    let expected = [vec![1, 1, 0, 1], vec![1, 1, 1, 0], vec![1, 1, 1, 1]];
    assert_eq!(
        cells(&found),
        expected.into(),
        "at least one sees the other's store"
    );
}

#[test]
fn one_object_can_be_touched_in_turns() {
    // All ten succeed in one interleaving only, and it needs a switch before every step.
    let climb = |first: i64| {
        let rung = |from| Step(0, Swap { from, to: from + 1 });
        let (one, two, three) = (rung(first), rung(first + 2), rung(first + 4));
        vec![one, two, three, rung(first + 6), rung(first + 8)]
    };
    let found = behaviour(&Program::new(0, 1, vec![climb(0), climb(1)]));
    let full = vec![10, 5, 5];
    assert!(
        cells(&found).contains(&full),
        "the one interleaving is not missed"
    );
}

#[test]
fn two_objects_can_be_touched_in_turns() {
    // All ten succeed in one interleaving only, and it needs a switch before every second step.
    let climb = |first: usize, second: usize| {
        let rung = |step: i64| {
            let cell = if step % 2 == 0 { first } else { second };
            let (from, to) = (step, step + 1);
            Step(cell, Swap { from, to })
        };
        vec![rung(0), rung(1), rung(2), rung(3), rung(4)]
    };
    let found = behaviour(&Program::new(0, 2, vec![climb(0, 1), climb(1, 0)]));
    let full = vec![5, 5, 5, 5];
    assert!(
        cells(&found).contains(&full),
        "the one interleaving is not missed"
    );
}

/// Peterson's two flags and his turn are bits of cell 0, so that the wait for both is one step;
/// cell 1 counts who is inside, and the local number is what a thread counts there.
fn peterson(flag_first: bool) -> Program {
    let side = |own: i64, other: i64, turn_of_other: i64| -> Vec<Stmt> {
        let flag = Step(
            0,
            Bits {
                mask: own,
                bits: own,
            },
        );
        let turn = Step(
            0,
            Bits {
                mask: TURN,
                bits: turn_of_other,
            },
        );
        let my_turn = BitsAreNot {
            mask: other | TURN,
            bits: other | turn_of_other,
        };
        let (first, second) = if flag_first {
            (flag, turn)
        } else {
            (turn, flag)
        };
        vec![
            first,
            second,
            wait(0, my_turn, Nothing),
            Step(1, Add(1)),
            Step(1, Read),
            Step(1, Add(-1)),
            Step(0, Bits { mask: own, bits: 0 }),
        ]
    };
    Program::new(0, 2, vec![side(1, 2, TURN), side(2, 1, 0)])
}

/// The bit that is set while it is the second thread's turn.
const TURN: i64 = 4;

#[test]
fn peterson_keeps_two_threads_apart() {
    let found = behaviour(&peterson(true));
    assert!(found.deadlocks.is_empty(), "a thread can always enter");
    assert!(
        found.outcomes.iter().all(|end| end.cells[2..] == [1, 1]),
        "each is alone inside"
    );
}

#[test]
fn peterson_with_the_turn_before_the_flag_lets_both_in() {
    let found = behaviour(&peterson(false));
    assert!(
        found.outcomes.iter().any(|end| end.cells[2..].contains(&2)),
        "one sees the other"
    );
    assert!(
        found.outcomes.iter().any(|end| end.cells[2..] == [1, 1]),
        "most executions hide it"
    );
}

/// Objects from the 64th on have no bit of their own where the explicit-state engine notes what a step depends on.
#[test]
fn objects_behind_the_63rd_are_told_apart() {
    let reads = vec![Step(0, Read), Step(1, Store(1)), Step(2, Read)];
    let writes = vec![Step(2, Set(5)), Step(1, Read), Step(0, Store(1))];
    let program = Program::new(1, 3, vec![reads, writes]);
    let few = behaviour(&program);
    assert!(few.outcomes.len() > 3, "{:?}", few.outcomes);
    for padding in 58..=65 {
        let found = behaviour(&Program {
            padding,
            ..program.clone()
        });
        assert_eq!(found.outcomes, few.outcomes, "behind {padding} others");
    }
}

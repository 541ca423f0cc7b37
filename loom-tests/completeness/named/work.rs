//! Waits for work, which may last forever.

use super::behaviour;
use crate::completeness::language::{By, Condition::*, Effect::*, Of, Program, Stmt, Stmt::*};

/// Takes one piece of work from cell 0.
fn takes() -> Stmt {
    Await {
        cell: 0,
        until: AtLeast(1),
        effect: Add(-1),
        by: By::Work,
    }
}

fn with_work(pieces: i64, cells: usize, threads: Vec<Vec<Stmt>>) -> Program {
    let mut program = Program::plain(0, cells, threads);
    program.cells[0] = pieces;
    program
}

/// Of two that wait for one piece of work, either may get it, and the other one looks in vain.
#[test]
fn two_threads_wait_for_one_piece_of_work() {
    let works = |property| {
        let holds = Is(1);
        vec![
            takes(),
            Check {
                property,
                of: Of::Local,
                holds,
            },
        ]
    };
    let late = [vec![Step(1, Nothing)], works(1)].concat();
    let found = behaviour(&with_work(1, 2, vec![works(0), late]));
    let violated: Vec<_> = found
        .violated
        .iter()
        .map(|(name, counted)| (*name, counted.failing))
        .collect();
    assert_eq!(violated, [("property 0", 2), ("property 1", 1)]);
    assert_eq!(
        (found.schedules, found.deadlocks.len()),
        (3, 0),
        "to wait for work is no deadlock"
    );
}

#[test]
fn each_of_two_pieces_goes_to_either_worker() {
    let works = |cell| vec![takes(), Step(cell, Add(1)), takes(), Step(cell, Add(1))];
    let found = behaviour(&with_work(2, 3, vec![works(1), works(2)]));
    let cells: Vec<_> = found.outcomes.iter().map(|end| end.cells.clone()).collect();
    assert_eq!(cells, [vec![0, 0, 2], vec![0, 1, 1], vec![0, 2, 0]]);
}

#[test]
fn a_worker_that_makes_work_for_another() {
    let makes = vec![takes(), Step(1, Add(1)), Step(0, Add(1))];
    let found = behaviour(&with_work(
        1,
        2,
        vec![makes, vec![takes(), Step(1, Set(7))]],
    ));
    assert!(found.deadlocks.is_empty());
    let last: Vec<_> = found.outcomes.iter().map(|end| end.cells[1]).collect();
    assert_eq!(last, [7], "the other works behind it, or alone");
}

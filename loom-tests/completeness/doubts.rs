//! Would the comparison notice? Each of these gives it something that it must not let pass: the engine searches
//! another program than the one that is enumerated, or brute force is said to have counted something else.

use super::brute_force::{Behaviour, explore};
use super::language::{
    By, Condition::*, Effect::*, Final, Of, Program, Stmt, Stmt::*, owned, wait,
};
use super::{differences, searched};
use pagelock::engine::Strategy;

/// Two threads that add to a number in two steps each; the second adds `second`.
pub(super) fn two_updates(second: i64) -> Program {
    let update = |more| vec![Step(0, Read), Step(0, Store(more))];
    Program::new(0, 1, vec![update(1), update(second)])
}

/// Two threads that take two locks; the second takes `outer` first.
pub(super) fn two_locks(outer: usize) -> Program {
    let nest = |outer: usize| {
        let inner = 1 - outer;
        vec![
            Acquire(outer),
            Acquire(inner),
            Release(inner),
            Release(outer),
        ]
    };
    Program::new(2, 0, vec![nest(0), nest(outer)])
}

/// What the comparison says of a search of another program.
fn confused_by(strategy: &Strategy, enumerated: &Program, searched: &Program) -> String {
    let behaviour = explore(enumerated);
    told(enumerated, &behaviour, searched, strategy)
}

pub(super) fn told(
    program: &Program,
    behaviour: &Behaviour,
    other: &Program,
    strategy: &Strategy,
) -> String {
    let searched = searched::run(other, strategy).expect("the search has a result");
    differences(program, behaviour, &searched, strategy).join("\n")
}

/// The same by every exhaustive engine, each of which must say all of this.
fn confused(enumerated: &Program, searched: &Program, expected: &[&str]) {
    for strategy in [
        Strategy::AllSchedules,
        Strategy::LoomPlain,
        Strategy::LoomSleepSets,
        Strategy::ExplicitState,
    ] {
        let said = confused_by(&strategy, enumerated, searched);
        for expected in expected {
            assert!(said.contains(expected), "{strategy}: {expected}: {said}");
        }
        assert_eq!(confused_by(&strategy, searched, searched), "", "{strategy}");
    }
}

#[test]
fn a_program_with_one_other_number_is_told_apart() {
    let expected = [
        "misses the point \"the end",
        "invents the point \"the end",
        "misses the outcome",
    ];
    confused(&two_updates(1), &two_updates(2), &expected);
    let said = confused_by(&Strategy::ExplicitState, &two_updates(1), &two_updates(2));
    assert!(said.contains("misses the ending"), "by the endings: {said}");
}

#[test]
fn a_program_with_another_order_of_locks_is_told_apart() {
    let deadlock = "violation of \"no-deadlock\"";
    let misses = ["misses the cycle", &format!("misses the {deadlock}")];
    confused(&two_locks(1), &two_locks(0), &misses);
    let invents = ["invents the cycle", &format!("invents the {deadlock}")];
    confused(&two_locks(0), &two_locks(1), &invents);
}

#[test]
fn a_deadlock_that_ends_with_other_numbers_is_told_apart() {
    let stuck = |number| {
        Program::plain(
            1,
            1,
            vec![vec![Step(0, Set(number)), Acquire(0), Acquire(0)]],
        )
    };
    let said = confused_by(&Strategy::ExplicitState, &stuck(1), &stuck(2));
    assert!(said.contains("misses the ending"), "by the endings: {said}");
    let touched = |number| {
        let body = vec![Acquire(0), Touch(0, Set(number)), wait(0, Is(1), Nothing)];
        Program::plain(1, 1, vec![body])
    };
    let said = confused_by(&Strategy::ExplicitState, &touched(1), &touched(2));
    assert!(
        said.contains("misses the ending"),
        "by what a lock protects: {said}"
    );
}

#[test]
fn what_is_missing_of_each_kind_is_told() {
    let alone = |body: Vec<Stmt>| Program::plain(1, 1, vec![body]);
    let nothing = alone(vec![Step(0, Set(1))]);
    let failing = Of::Cell(0);
    let (property, of) = (0, failing);
    let check = alone(vec![
        Step(0, Set(1)),
        Check {
            property,
            of,
            holds: Is(0),
        },
    ]);
    confused(
        &check,
        &nothing,
        &["misses the violation of \"property 0\""],
    );
    confused(
        &nothing,
        &check,
        &["invents the violation of \"property 0\""],
    );
    let of = Of::Lock(0);
    let locked = |holds| {
        alone(vec![
            Acquire(0),
            Check {
                property,
                of,
                holds,
            },
        ])
    };
    confused(
        &locked(Is(1)),
        &locked(Is(0)),
        &["misses the violation of \"property 0\""],
    );
    let bug = alone(vec![Step(0, Set(1)), Bug]);
    confused(
        &bug,
        &nothing,
        &[
            "misses the violation of \"bug\"",
            "invents the point \"thread 0",
        ],
    );
    let reaches = alone(vec![Step(0, Set(1)), Reach(1)]);
    confused(
        &reaches,
        &nothing,
        &["misses the point \"point 1 of thread 0 with 0\""],
    );
    let last = Final {
        of: failing,
        holds: Is(0),
    };
    let finals = Program {
        finals: vec![last],
        ..nothing.clone()
    };
    confused(&finals, &nothing, &["misses the violation of \"final 0\""]);
    let leaves = alone(vec![Step(0, Set(1)), Leave]);
    confused(
        &nothing,
        &leaves,
        &["misses the outcome", "misses the point \"the end has"],
    );
    let padded = Program {
        padding: 64,
        ..nothing.clone()
    };
    confused(&padded, &nothing, &["misses the outcome"]);
}

#[test]
fn control_that_goes_another_way_is_told() {
    let alone = |body: Vec<Stmt>| Program::plain(0, 1, vec![body]);
    let add = || vec![Step(0, Add(1))];
    let repeat = |times, until| {
        alone(vec![Loop {
            times,
            until,
            body: add(),
        }])
    };
    confused(&repeat(2, None), &repeat(3, None), &["misses the outcome"]);
    confused(
        &repeat(2, Some(Is(1))),
        &repeat(2, Some(Is(0))),
        &["misses the outcome"],
    );
    let branch = |local| alone(vec![If(Is(local), add(), vec![])]);
    confused(&branch(0), &branch(1), &["misses the outcome"]);
    let scope = |keeps| {
        alone(vec![
            Step(0, Set(7)),
            Scope {
                keeps,
                body: vec![Step(0, Read)],
            },
        ])
    };
    let points = [
        "misses the point \"thread 0 returns with 7\"",
        "invents the point \"thread 0 returns with 0\"",
    ];
    confused(&scope(true), &scope(false), &points);
    let returns = |from_scope| {
        let inner = vec![Return];
        let body = if from_scope {
            vec![Scope {
                keeps: true,
                body: inner,
            }]
        } else {
            inner
        };
        alone([body, add()].concat())
    };
    confused(&returns(true), &returns(false), &["misses the outcome"]);
}

#[test]
fn waits_of_each_kind_are_told_apart() {
    let deadlock = "violation of \"no-deadlock\"";
    let waits = |cells: i64, until, by| {
        let waits = vec![Await {
            cell: 0,
            until,
            effect: Nothing,
            by,
        }];
        let other = vec![wait(1, Is(1), Nothing), Step(0, Add(10))];
        let program = Program::plain(0, 2, vec![waits, other]);
        Program {
            cells: vec![cells, 0],
            ..program
        }
    };
    let invents = format!("invents the {deadlock}");
    let on = |by| waits(0, Is(10), by);
    confused(
        &on(By::AnyThread),
        &on(By::Thread(0)),
        &["invents the cycle"],
    );
    confused(
        &on(By::Thread(0)),
        &on(By::Thread(1)),
        &["misses the cycle"],
    );
    let owned_by = |thread| waits(owned(0, Some(thread)), DataIs(1), By::Owner);
    confused(&owned_by(0), &owned_by(1), &["misses the cycle"]);
    let work = |by| {
        Program::plain(
            0,
            1,
            vec![vec![Await {
                cell: 0,
                until: Is(1),
                effect: Add(-1),
                by,
            }]],
        )
    };
    confused(
        &work(By::Work),
        &work(By::AnyThread),
        &[&invents, "misses the outcome"],
    );
    let interrupted = |done, signalled| {
        let by = By::AnyThread;
        Program::plain(
            0,
            1,
            vec![vec![Interruptible {
                cell: 0,
                done,
                signalled,
                by,
            }]],
        )
    };
    let by_signal = ["misses the point \"thread 0 returns with 1\""];
    confused(
        &interrupted(Is(1), Is(0)),
        &interrupted(Is(0), Is(1)),
        &by_signal,
    );
}

#[test]
fn a_mark_of_a_wait_is_told() {
    let thread = |holder, lock| {
        let body = vec![Acquire(0), Step(0, Add(1)), Release(0)];
        vec![Covering {
            point: 2,
            lock,
            holder,
            body,
        }]
    };
    let other = || vec![Acquire(0), Step(0, Add(1)), Release(0)];
    let points = |holder, lock| Program::plain(2, 1, vec![thread(holder, lock), other()]);
    for strategy in [Strategy::AllSchedules, Strategy::ExplicitState] {
        for less in [points(Some(0), 0), points(None, 1)] {
            for more in [points(None, 0), points(Some(1), 0)] {
                let said = confused_by(&strategy, &more, &less);
                assert!(said.contains("misses the wait point \"wait 2\""), "{said}");
                let said = confused_by(&strategy, &less, &more);
                assert!(said.contains("invents the wait point \"wait 2\""), "{said}");
            }
        }
    }
    // Of loom's, only that none is invented.
    let said = confused_by(&Strategy::LoomSleepSets, &points(None, 0), &points(None, 1));
    assert_eq!(said, "");
    let said = confused_by(&Strategy::LoomSleepSets, &points(None, 1), &points(None, 0));
    assert!(said.contains("invents the wait point \"wait 2\""), "{said}");
}

#[test]
fn a_search_without_preemptions_misses_what_brute_force_finds() {
    let program = two_updates(1);
    let strategy = Strategy::Preemptions(0);
    let said = confused_by(&strategy, &program, &program);
    assert!(
        said.contains("does not call its search complete"),
        "it says so itself: {said}"
    );
    assert!(
        said.contains("misses the point \"the end"),
        "the lost update: {said}"
    );
    assert!(!said.contains("invents"), "what it finds is there: {said}");
}

#[test]
fn a_sample_too_small_misses_what_brute_force_finds() {
    let program = two_updates(1);
    let executions = 2;
    let strategy = Strategy::Random {
        seed: 1,
        executions,
    };
    let said = confused_by(&strategy, &program, &program);
    assert!(
        said.contains("misses the point \"the end"),
        "there are four ends: {said}"
    );
    assert!(!said.contains("invents"), "what it finds is there: {said}");
}

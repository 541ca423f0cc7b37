//! Would the comparison notice a wrong number?

use super::brute_force::{Behaviour, explore};
use super::doubts::{told, two_locks, two_updates};
use pagelock::engine::{NO_DEADLOCK, Strategy};

/// Each number of brute force is changed by one, and must be missed.
#[test]
fn every_count_is_compared() {
    let program = two_locks(1);
    let right = explore(&program);
    let check = |change: &dyn Fn(&mut Behaviour), by_states: bool, expected: &str| {
        let mut wrong = right.clone();
        change(&mut wrong);
        for strategy in [Strategy::AllSchedules, Strategy::ExplicitState] {
            let said = told(&program, &wrong, &program, &strategy);
            let compares = by_states == (strategy == Strategy::ExplicitState);
            if compares {
                assert!(said.contains(expected), "{strategy}: {expected}: {said}");
            }
            assert_eq!(
                told(&program, &right, &program, &strategy),
                "",
                "{strategy}"
            );
        }
    };
    for by_states in [true, false] {
        check(
            &|b| b.schedules += 1,
            by_states,
            "schedules and failing ones",
        );
        check(&|b| b.failing += 1, by_states, "schedules and failing ones");
        check(
            &|b| deadlock(b).failing += 1,
            by_states,
            "of no-deadlock the engine says",
        );
    }
    check(
        &|b| deadlock(b).preemptions += 1,
        true,
        "of no-deadlock the engine says",
    );
    check(
        &|b| deadlock(b).operations += 1,
        true,
        "of no-deadlock the engine says",
    );
    check(
        &|b| deadlock(b).shortest += 1,
        false,
        "of no-deadlock the engine says",
    );
    check(&|b| b.longest += 1, false, "the longest schedule");
}

fn deadlock(behaviour: &mut Behaviour) -> &mut super::counts::Counted {
    behaviour
        .violated
        .get_mut(NO_DEADLOCK)
        .expect("it deadlocks")
}

#[test]
fn traces_are_counted() {
    let program = two_updates(1);
    let mut wrong = explore(&program);
    assert_eq!(wrong.traces, Some(6), "all of it on one object");
    wrong.traces = Some(7);
    let said = super::compare_with(&program, &wrong, 100).expect_err("there are six");
    assert!(
        said.contains("the engine runs Some(6) of Some(7) traces"),
        "{said}"
    );
}

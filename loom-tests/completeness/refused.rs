//! Programs that break what one of their waits promises: no engine may have a result for them.

use super::breach::Breach;
use super::brute_force::{Behaviour, explore_within};
use super::generate::drawn;
use super::language::{By, Condition::*, Effect, Effect::*, Program, Stmt, Stmt::*, owned, wait};
use super::lawful::{Kind, lawful};
use super::random::run;
use super::{compare_with, searched};
use pagelock::engine::{SearchError, Strategy as Search, search};
use pagelock::model::{Cell, Encoding, Function, Wait, World};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many programs are searched, unless `COMPLETENESS_CASES` says otherwise.
const CASES: u32 = 300;
/// Programs with more schedules are left out.
const MOST_SCHEDULES: u64 = 200;

const EXHAUSTIVE: [Search; 4] = [
    Search::AllSchedules,
    Search::LoomPlain,
    Search::LoomSleepSets,
    Search::ExplicitState,
];

fn is_refused(result: &Result<impl Sized, SearchError>) -> bool {
    matches!(result, Err(SearchError::WaitContract { .. }))
}

/// What is put into a thread of a lawful program, at a cell of this kind.
fn breach(kind: Kind, thread: usize, number: i64, owner: Option<i64>) -> Option<Effect> {
    match kind {
        Kind::Of(by) if by != thread => Some(Set(number)),
        // As the owner's own step, but by another thread.
        Kind::Owned => Some(Set(owned(number.min(1), owner))),
        Kind::Work(consumers) if consumers & 1 << thread == 0 => Some(Set(0)),
        _ => None,
    }
}

/// Programs with one statement that breaks a promise, wherever that statement is executed in time.
fn broken() -> impl Strategy<Value = (Program, Behaviour)> {
    let owner = prop::option::of(0..4_i64);
    let place = (0..4_usize, 0..4_usize, 0..3_usize, 0..3_i64, owner);
    (drawn(), place).prop_filter_map("nothing to break", |(drawn, place)| {
        let (place, thread, cell, number, owner) = place;
        let (mut program, kinds) = lawful(&drawn);
        let thread = thread % program.threads.len();
        let threads = i64::try_from(program.threads.len()).expect("there are four at most");
        let owner = owner.map(|owner| owner % threads);
        let effect = breach(kinds[cell], thread, number, owner)?;
        let body = &mut program.threads[thread];
        // Not between an operation and a check of its cell.
        let place = (place.min(body.len())..=body.len())
            .find(|place| !matches!(body.get(*place), Some(Check { .. })))?;
        body.insert(place, Step(cell, effect));
        let behaviour = explore_within(&program, 5_000)?;
        let few = behaviour.schedules <= MOST_SCHEDULES;
        let clear =
            !behaviour.breaches.is_empty() && !behaviour.breaches.contains(&Breach::Unclear);
        (few && clear).then_some((program, behaviour))
    })
}

/// What an engine has to say of a program.
fn refuses(program: &Program, strategy: &Search) -> Result<(), String> {
    let result = searched::run(program, strategy);
    if is_refused(&result) {
        return Ok(());
    }
    let said = match result {
        Ok(_) => "a result".to_string(),
        Err(error) => format!("another error ({error})"),
    };
    Err(format!("{strategy} has {said} for the program\n{program}"))
}

#[test]
fn random_programs_that_break_a_promise_are_refused() {
    let kinds = std::cell::RefCell::new(BTreeSet::new());
    run(CASES, &broken(), |(program, behaviour)| {
        kinds
            .borrow_mut()
            .extend(behaviour.breaches.iter().copied());
        for strategy in EXHAUSTIVE {
            refuses(&program, &strategy).map_err(TestCaseError::fail)?;
        }
        Ok(())
    });
    assert_eq!(kinds.into_inner().len(), 4, "each promise is broken");
}

/// The engines refuse it, and the breach is this one alone.
fn is_a_breach(program: &Program, breach: Breach) {
    let behaviour = explore_within(program, 5_000).expect("it is small");
    assert_eq!(behaviour.breaches, [breach].into(), "{program}");
    for strategy in EXHAUSTIVE {
        refuses(program, &strategy).unwrap_or_else(|said| panic!("{said}"));
    }
}

/// The same program with the promise that it keeps has a result.
fn is_none(program: &Program) {
    let behaviour = explore_within(program, 5_000).expect("it is small");
    assert_eq!(behaviour.breaches, [].into(), "{program}");
    compare_with(program, &behaviour, 1_000).unwrap_or_else(|said| panic!("{said}"));
}

fn waits(until: super::language::Condition, by: By) -> Stmt {
    Await {
        cell: 0,
        until,
        effect: Nothing,
        by,
    }
}

#[test]
fn a_wait_that_another_thread_ends_than_the_one_that_it_names() {
    let program = |by| {
        let waits = vec![waits(Is(1), By::Thread(by))];
        let (ends, other) = (vec![Step(0, Set(1))], vec![Step(1, Set(1))]);
        Program::plain(0, 2, vec![waits, ends, other])
    };
    is_a_breach(&program(2), Breach::Ends);
    is_none(&program(1));
}

/// The deadlock that the engines take it for is none: the third thread interrupts the wait.
#[test]
fn a_signal_from_another_thread_than_the_one_that_the_wait_names() {
    let program = |by| {
        let waits = Interruptible {
            cell: 0,
            done: Is(1),
            signalled: Is(2),
            by,
        };
        let waits = vec![Acquire(0), waits, Release(0)];
        let helper = vec![Acquire(0), Step(0, Swap { from: 0, to: 1 }), Release(0)];
        let signal = vec![Step(0, Swap { from: 0, to: 2 })];
        Program::plain(1, 1, vec![waits, helper, signal])
    };
    is_a_breach(&program(By::Thread(1)), Breach::Ends);
    is_none(&program(By::AnyThread));
}

#[test]
fn a_wait_that_another_thread_ends_than_the_owner() {
    let program = |owner, to| {
        let waits = vec![waits(DataIs(1), By::Owner)];
        let threads = vec![waits, vec![Step(0, Set(to))], vec![Step(1, Set(1))]];
        let program = Program::plain(0, 2, threads);
        Program {
            cells: vec![owned(0, owner), 0],
            ..program
        }
    };
    is_a_breach(&program(Some(2), owned(1, Some(2))), Breach::EndsOwned);
    is_a_breach(&program(Some(2), owned(0, Some(1))), Breach::Redirects);
    is_none(&program(Some(1), owned(1, Some(1))));
    is_none(&program(None, owned(1, None)));
}

#[test]
fn work_that_another_thread_takes_away() {
    let program = |takes: Stmt| {
        let works = Await {
            cell: 0,
            until: AtLeast(1),
            effect: Add(-1),
            by: By::Work,
        };
        let threads = vec![vec![works], vec![Step(0, Add(1)), takes]];
        Program::plain(0, 2, threads)
    };
    is_a_breach(&program(Step(0, Set(0))), Breach::TakesWork);
    is_a_breach(&program(wait(0, AtLeast(1), Add(-1))), Breach::TakesWork);
    is_none(&program(Step(0, Add(1))));
}

/// The condition of a wait is looked at where its own object changes.
#[test]
fn a_wait_whose_condition_is_another_objects() {
    const LINE: Function = Function::new("line", "program");
    let encoding = |reads_other: bool| -> Arc<dyn Encoding> {
        Arc::new(move |world: &mut World| {
            let own = world.cell("own", 0_u8);
            let other: &'static Cell<u8> = Box::leak(Box::new(world.cell("other", 0_u8)));
            let same = own.clone();
            world.thread("waits", move |task| {
                let done = move |own: &u8| {
                    let of_the_other = reads_other && other.peek(|other| *other == 1);
                    of_the_other || *own == 1
                };
                task.step_when(&own, LINE, &Wait::on("either"), done, |_| ())
            });
            world.thread("ends", move |task| {
                task.step(other, LINE, |other| *other = 1)?;
                task.step(&same, LINE, |own| *own = 1)
            });
        })
    };
    for strategy in EXHAUSTIVE {
        let refused = search(&encoding(true), &strategy);
        let is_refused = matches!(refused, Err(SearchError::GuardReads { .. }));
        assert!(is_refused, "{strategy}: {refused:?}");
        let found = search(&encoding(false), &strategy).expect("its condition is its own");
        assert!(found.statistics.complete && found.findings.is_empty());
    }
}

//! The enumerator by itself, whose semaphores have rules of their own.

use super::brute_force::explore;
use super::language::{Action, By, Condition::*, Effect::*, Fairness, Program, Stmt::*};
use std::collections::BTreeSet;

#[test]
fn a_semaphore_does_what_its_rules_say() {
    let down = |action| {
        vec![
            Semaphore(0, action),
            Step(0, Add(1)),
            Semaphore(0, Action::Up),
        ]
    };
    let with = |fairness, threads| Program {
        semaphores: vec![fairness],
        ..Program::plain(0, 1, threads)
    };
    let recursive = || {
        let read = Semaphore(0, Action::DownRead);
        vec![read.clone(), read]
    };
    let both = vec![recursive(), down(Action::DownWrite)];
    let fair = explore(&with(Fairness::Fair, both.clone()));
    assert_eq!(
        fair.cycles.len(),
        1,
        "the second read waits for the writer in the queue"
    );
    assert!(!fair.outcomes.is_empty(), "most executions hide it");
    let unfair = explore(&with(Fairness::Unfair, both));
    assert!(unfair.cycles.is_empty(), "there is no queue");
    // Each of two readers has taken a step before the writer comes: a wait for both of them.
    let reader = || {
        vec![
            Semaphore(0, Action::DownRead),
            Await {
                cell: 0,
                until: Is(1),
                effect: Nothing,
                by: By::Thread(2),
            },
        ]
    };
    let writer = vec![Semaphore(0, Action::DownWrite), Step(0, Set(1))];
    let found = explore(&with(Fairness::Fair, vec![reader(), reader(), writer]));
    let lengths: Vec<usize> = found.cycles.iter().map(BTreeSet::len).collect();
    assert!(
        lengths.contains(&2),
        "the writer and either reader: {lengths:?}"
    );
    let tries = vec![Semaphore(0, Action::TryRead), Step(0, Store(0))];
    let found = explore(&with(Fairness::Fair, vec![tries, down(Action::DownWrite)]));
    assert!(
        found.cycles.is_empty() && found.outcomes.len() > 1,
        "a trial does not wait"
    );
    let downgrades = vec![
        Semaphore(0, Action::DownWrite),
        Semaphore(0, Action::Downgrade),
        Await {
            cell: 0,
            until: Is(1),
            effect: Nothing,
            by: By::Thread(1),
        },
    ];
    let found = explore(&with(
        Fairness::Fair,
        vec![downgrades, down(Action::DownRead)],
    ));
    assert!(
        found.deadlocks.is_empty(),
        "a reader gets in beside what was a writer"
    );
}

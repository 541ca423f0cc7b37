//! Would the comparison notice? Each of these gives it something that it must not let pass.

use super::language::{Action::*, Effect::*, Protocol, program};
use super::{brute_force, differences, encoding};
use pagelock::engine::Strategy;

/// Two threads that add to a number in two steps each; the second adds `second`.
fn two_updates(second: i64) -> Protocol {
    let update = |more| program![Step(0, Read), Step(0, Store(more))];
    Protocol::new(0, 1, vec![update(1), update(second)])
}

/// Two threads that take two locks; the second takes `outer` first.
fn two_locks(outer: usize) -> Protocol {
    let nest = |outer: usize| {
        let inner = 1 - outer;
        program![
            Acquire(outer),
            Acquire(inner),
            Release(inner),
            Release(outer)
        ]
    };
    Protocol::new(2, 0, vec![nest(0), nest(outer)])
}

/// What the comparison says if the engine searches a protocol other than the one enumerated.
fn confused(enumerated: &Protocol, searched: &Protocol) -> String {
    let searched = encoding::run(searched, &Strategy::Exhaustive);
    differences(&brute_force::explore(enumerated), &searched).join("\n")
}

#[test]
fn a_protocol_with_one_other_number_is_told_apart() {
    let said = confused(&two_updates(1), &two_updates(2));
    assert!(
        said.contains("misses the mark \"end of"),
        "by its endings: {said}"
    );
    assert!(
        said.contains("invents the mark \"end of"),
        "in both directions: {said}"
    );
    assert!(
        said.contains("misses the outcome"),
        "by the engine's hashes: {said}"
    );
}

#[test]
fn a_protocol_with_another_order_of_locks_is_told_apart() {
    let said = confused(&two_locks(1), &two_locks(0));
    assert!(said.contains("misses the cycle"), "by the cycle: {said}");
    assert!(
        said.contains("finds no deadlock"),
        "by the deadlock: {said}"
    );
    let said = confused(&two_locks(0), &two_locks(1));
    assert!(said.contains("invents the cycle"), "by the cycle: {said}");
    assert!(said.contains("finds a deadlock"), "by the deadlock: {said}");
}

#[test]
fn a_search_without_preemptions_misses_what_brute_force_finds() {
    let protocol = two_updates(1);
    let searched = encoding::run(&protocol, &Strategy::Preemptions(0));
    let behaviour = brute_force::explore(&protocol);
    let said = differences(&behaviour, &searched).join("\n");
    assert!(
        said.contains("does not call its search complete"),
        "it says so itself: {said}"
    );
    assert!(
        said.contains("misses the mark \"end of"),
        "the lost update: {said}"
    );
    assert!(!said.contains("invents"), "what it finds is there: {said}");
    assert!(
        searched.outcomes.len() < behaviour.outcomes.len(),
        "fewer outcomes in all"
    );
}

#[test]
fn a_sample_too_small_misses_what_brute_force_finds() {
    let protocol = two_updates(1);
    let executions = 2;
    let searched = encoding::run(
        &protocol,
        &Strategy::Random {
            seed: 1,
            executions,
        },
    );
    let said = differences(&brute_force::explore(&protocol), &searched).join("\n");
    assert!(
        said.contains("misses the mark \"end of"),
        "there are four endings: {said}"
    );
    assert!(!said.contains("invents"), "what it finds is there: {said}");
}

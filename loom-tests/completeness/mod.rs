//! Do the exhaustive engines miss anything?
//!
//! A proof by search is worth no more than the search. Here small protocols, written down in a
//! language of their own, are enumerated by brute force and searched by the engines, and all must
//! come to the same: every ending with every number in it, whether or not it is a deadlock; every
//! place that a thread gets to on the way; every cycle of waits; the outcomes by their hashes.

mod brute_force;
mod doubts;
mod encoding;
mod language;
mod named;
mod random;

use brute_force::Behaviour;
use encoding::{Searched, outcome_hash};
use language::Protocol;
use pagelock::engine::Strategy;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Compares the exhaustive engines with brute force. `Err` says in words what differs.
fn compare(protocol: &Protocol) -> Result<Behaviour, String> {
    let behaviour = brute_force::explore(protocol);
    let strategies = [
        Strategy::Schedules,
        Strategy::Unaided,
        Strategy::Exhaustive,
        Strategy::States,
    ];
    let mut traces = None;
    for strategy in strategies {
        let searched = encoding::run(protocol, &strategy);
        let mut differences = differences(&behaviour, &searched);
        // The stateful engine cuts executions short where they meet, and so has no traces.
        let all = *traces.get_or_insert(searched.traces);
        if strategy != Strategy::States && searched.traces != all {
            let count = searched.traces;
            differences.push(format!("the engine runs {count} of {all} traces"));
        }
        if !differences.is_empty() {
            return Err(format!(
                "{}, {strategy}:\n{}\nof the protocol\n{protocol:?}",
                strategy.engine(),
                differences.join("\n")
            ));
        }
    }
    Ok(behaviour)
}

/// The marks that a search must reach, and no others.
fn marks(behaviour: &Behaviour) -> BTreeSet<String> {
    let endings = (behaviour.outcomes.iter())
        .chain(&behaviour.deadlocks)
        .chain(&behaviour.departures);
    let endings = endings.map(ToString::to_string);
    endings
        .chain(behaviour.places.iter().map(ToString::to_string))
        .collect()
}

fn differences(behaviour: &Behaviour, searched: &Searched) -> Vec<String> {
    let mut differences = Vec::new();
    if !searched.complete {
        differences.push("the engine does not call its search complete".to_string());
    }
    differences.extend(difference("mark", &marks(behaviour), &searched.marks));
    let hashes = behaviour.outcomes.iter().map(outcome_hash).collect();
    differences.extend(difference("outcome", &hashes, &searched.outcomes));
    differences.extend(difference("cycle", &behaviour.cycles, &searched.cycles));
    if searched.deadlock == behaviour.deadlocks.is_empty() {
        let says = if searched.deadlock {
            "finds a"
        } else {
            "finds no"
        };
        differences.push(format!(
            "the engine {says} deadlock, and brute force disagrees"
        ));
    }
    differences
}

fn difference<T: Ord + Debug>(
    what: &str,
    expected: &BTreeSet<T>,
    found: &BTreeSet<T>,
) -> Vec<String> {
    let missed = expected.difference(found);
    let invented = found.difference(expected);
    missed
        .map(|item| format!("the engine misses the {what} {item:?}"))
        .chain(invented.map(|item| format!("the engine invents the {what} {item:?}")))
        .collect()
}

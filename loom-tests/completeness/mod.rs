//! Do the exhaustive engines miss anything?
//!
//! A proof by search is worth no more than the search. Here programs, written down in a language of their own, are
//! enumerated by brute force and searched by the engines, and all must come to the same: every property violated,
//! every end with every number in it, every cycle of waits, every point, how many schedules there are and how many of
//! them fail, and the least violation of each property.

mod breach;
mod brute_force;
mod counts;
mod cycles;
mod doubts;
mod doubts_of_counts;
mod doubts_of_semaphores;
mod encoding;
mod generate;
mod language;
mod lawful;
mod lines;
mod machine;
mod minimal;
mod named;
mod random;
mod refused;
mod searched;
mod semaphore;
mod semaphores;
mod thread;

use brute_force::{Behaviour, explore};
use language::Program;
use pagelock::engine::Strategy;
use searched::{Said, Searched, outcome_hash};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// Where every execution is run by itself, no more schedules than that.
const MOST_SCHEDULES: u64 = 200_000;

/// Compares the exhaustive engines with brute force. `Err` says in words what differs.
fn compare(program: &Program) -> Result<Behaviour, String> {
    let behaviour = explore(program);
    compare_with(program, &behaviour, MOST_SCHEDULES)?;
    Ok(behaviour)
}

/// Compares the engines with what brute force has found. Those that run execution after execution are left out
/// where there are more schedules than that; one that spares repetitions, where there are ten times as many.
fn compare_with(program: &Program, behaviour: &Behaviour, most: u64) -> Result<(), String> {
    let strategies = [
        (Strategy::AllSchedules, most),
        (Strategy::LoomPlain, most),
        (Strategy::LoomSleepSets, most.saturating_mul(10)),
        (Strategy::ExplicitState, u64::MAX),
    ];
    let mut traces = behaviour.traces;
    for (strategy, most) in strategies {
        if behaviour.schedules > most {
            continue;
        }
        let mut differences = match searched::run(program, &strategy) {
            Ok(searched) => {
                let all = traces.or(searched.traces);
                traces = all;
                let mut differences = differences(program, behaviour, &searched, &strategy);
                if searched.traces.is_some() && searched.traces != all {
                    let (count, all) = (searched.traces, all);
                    differences.push(format!("the engine runs {count:?} of {all:?} traces"));
                }
                differences
            }
            Err(error) => vec![format!("error: {error}")],
        };
        differences.truncate(20);
        if !differences.is_empty() {
            return Err(format!(
                "{}, {strategy}:\n{}\nof the program\n{program}",
                strategy.engine(),
                differences.join("\n")
            ));
        }
    }
    Ok(())
}

fn differences(
    program: &Program,
    behaviour: &Behaviour,
    searched: &Searched,
    strategy: &Strategy,
) -> Vec<String> {
    let mut differences = Vec::new();
    if !searched.complete {
        differences.push("the engine does not call its search complete".to_string());
    }
    differences.extend(difference("point", &behaviour.points, &searched.points));
    let loom = matches!(strategy, Strategy::LoomSleepSets | Strategy::LoomPlain);
    let waits = difference("wait point", &behaviour.waits, &searched.waits);
    // Whether a thread comes to a lock before its holder releases it or after is no difference to loom.
    differences.extend(
        waits
            .into_iter()
            .filter(|said| !loom || said.contains("invents")),
    );
    if program.semaphores.is_empty() {
        let outcomes = behaviour.outcomes.iter();
        let hashes = outcomes
            .map(|ending| outcome_hash(program, ending))
            .collect();
        differences.extend(difference("outcome", &hashes, &searched.outcomes));
    }
    differences.extend(difference("cycle", &behaviour.cycles, &searched.cycles));
    let violated = |names: &mut dyn Iterator<Item = String>| names.collect::<BTreeSet<String>>();
    let expected = violated(&mut behaviour.violated.keys().map(ToString::to_string));
    let found = violated(&mut searched.violated.keys().cloned());
    differences.extend(difference("violation of", &expected, &found));
    differences.extend(counts(behaviour, searched, strategy));
    if let Some(endings) = &searched.endings {
        let all = behaviour.outcomes.iter().chain(&behaviour.deadlocks);
        let all = all.chain(&behaviour.departures).cloned().collect();
        differences.extend(difference("ending", &all, endings));
    }
    differences
}

/// What differs in the numbers of an engine that counts.
fn counts(behaviour: &Behaviour, searched: &Searched, strategy: &Strategy) -> Vec<String> {
    let mut differences = Vec::new();
    let Some(counted) = searched.schedules else {
        return differences;
    };
    let expected = (behaviour.schedules, behaviour.failing);
    if counted != expected {
        differences.push(format!(
            "the engine counts {counted:?} schedules and failing ones, and there are {expected:?}"
        ));
    }
    if searched.longest != behaviour.longest {
        let (found, longest) = (searched.longest, behaviour.longest);
        differences.push(format!(
            "the longest schedule has {longest} operations, not {found}"
        ));
    }
    let expected = |counted| match strategy {
        Strategy::ExplicitState => Said::by_states(counted),
        _ => Said::by_schedules(counted),
    };
    let both: BTreeMap<&str, _> = (behaviour.violated.iter())
        .filter_map(|(name, counted)| {
            Some((*name, (expected(counted), searched.violated.get(*name)?)))
        })
        .collect();
    for (name, (expected, said)) in both {
        if expected != *said {
            differences.push(format!(
                "of {name} the engine says {said:?}, and not {expected:?}"
            ));
        }
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

//! The comparison on programs at random.

use super::brute_force::{Behaviour, explore};
use super::generate::programs;
use super::language::Program;
use super::minimal::minimal;
use super::{compare_with, searched};
use pagelock::engine::{NO_DEADLOCK, Strategy as Search};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How many programs are compared, unless `COMPLETENESS_CASES` says otherwise.
const CASES: u32 = 3000;
/// Engines that run execution after execution are left out where there are more schedules.
const MOST_SCHEDULES: u64 = 300;

/// The sampling engine runs so many executions of each; it may miss much, but invent nothing.
const SAMPLE: Search = Search::Random {
    seed: 1,
    executions: 10,
};

/// A number that the environment gives for this test.
pub(super) fn given<N: std::str::FromStr>(variable: &str, otherwise: N) -> N {
    let given = std::env::var(variable).ok();
    given.map_or(otherwise, |given| {
        let number = given.parse().ok();
        number.unwrap_or_else(|| panic!("{variable} is a number, and not {given}"))
    })
}

/// Runs a test on so many cases of a strategy, the same on every run with the same seed.
pub(super) fn run<S: Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases: given("COMPLETENESS_CASES", cases),
        failure_persistence: None,
        // `minimal` does it, one statement after the other.
        max_shrink_iters: 0,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&given("COMPLETENESS_SEED", 0_u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    match TestRunner::new_with_rng(config, rng).run(strategy, test) {
        Ok(()) => (),
        // Of the least program; it is shown with what differs.
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(abort) => panic!("{abort}"),
    }
}

/// How many of the programs do what, so that a search that found nothing would be noticed.
type Tally = RefCell<BTreeMap<&'static str, u32>>;

fn count(tally: &Tally, program: &Program, behaviour: &Behaviour) {
    let violated = |property| behaviour.violated.contains_key(property);
    let deadlock = violated(NO_DEADLOCK);
    let mut least = behaviour.violated.values();
    let text = program.to_string();
    let has = |word| text.contains(word);
    let kinds = [
        ("is compared", true),
        ("wait for a thread", has("by: Thread")),
        ("wait for an owner", has("by: Owner")),
        ("wait for work", has("by: Work")),
        ("wait that a signal ends", has("Interruptible")),
        ("scope", has("Scope")),
        ("loop", has("Loop")),
        ("semaphore", has("Semaphore(")),
        ("deadlock", deadlock),
        (
            "deadlock and outcome",
            deadlock && !behaviour.outcomes.is_empty(),
        ),
        ("departure", !behaviour.departures.is_empty()),
        ("cycle", !behaviour.cycles.is_empty()),
        ("several cycles", behaviour.cycles.len() > 1),
        ("several outcomes", behaviour.outcomes.len() > 1),
        ("property", violated("property 0")),
        ("final", violated("final 0")),
        ("bug", violated(super::language::BUG)),
        ("wait point", !behaviour.waits.is_empty()),
        ("preemption", least.any(|counted| counted.preemptions > 0)),
        ("more than 63 objects", program.padding > 0),
        ("several schedules", behaviour.schedules > 1),
        ("many schedules", behaviour.schedules > 50),
        ("four threads", program.threads.len() == 4),
        ("every schedule", behaviour.schedules <= MOST_SCHEDULES),
    ];
    let mut tally = tally.borrow_mut();
    for (kind, is) in kinds {
        *tally.entry(kind).or_default() += u32::from(is);
    }
}

/// Compares the engines with brute force, and a sample too.
fn check(program: &Program, behaviour: &Behaviour) -> Result<(), String> {
    compare_with(program, behaviour, MOST_SCHEDULES)?;
    let sample = searched::run(program, &SAMPLE).map_err(|error| format!("error: {error}"))?;
    let invented = sample.points.difference(&behaviour.points);
    let invented: Vec<_> = invented
        .chain(sample.waits.difference(&behaviour.waits))
        .collect();
    let violated = |property: &&String| !behaviour.violated.contains_key(property.as_str());
    let violated: Vec<_> = sample.violated.keys().filter(violated).collect();
    let cycles: Vec<_> = sample.cycles.difference(&behaviour.cycles).collect();
    if invented.is_empty() && violated.is_empty() && cycles.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the sampling engine invents {invented:?}, {violated:?} or {cycles:?} of the program\n{program}"
    ))
}

/// What differs, of the least program for which the same engine says something of the same kind.
fn least(program: &Program) -> String {
    let said = |program: &Program| check(program, &explore(program)).err().unwrap_or_default();
    // The engine, and `the engine misses the cycle`.
    let kind = |said: &str| {
        let mut lines = said.lines();
        let engine = lines.next().map(ToString::to_string);
        let words = lines
            .next()
            .map(|line| line.split(' ').take(5).collect::<Vec<_>>().join(" "));
        (engine, words)
    };
    let first = kind(&said(program));
    said(&minimal(program, |program| kind(&said(program)) == first))
}

#[test]
fn random_programs_do_what_brute_force_says() {
    let tally = Tally::default();
    run(CASES, &programs(), |(program, behaviour)| {
        prop_assert!(behaviour.breaches.is_empty(), "{program} is not lawful");
        check(&program, &behaviour).map_err(|_| TestCaseError::fail(least(&program)))?;
        count(&tally, &program, &behaviour);
        Ok(())
    });
    let tally = tally.into_inner();
    println!("{tally:?}");
    let compared = tally["is compared"];
    for (kind, number) in &tally {
        assert!(
            *number >= compared / 100,
            "too few programs with {kind}: {tally:?}"
        );
    }
}

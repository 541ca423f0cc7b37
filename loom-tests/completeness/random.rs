//! The comparison on protocols that nobody thought of.

use super::brute_force::Behaviour;
use super::language::{Action, Condition, Effect, Instruction, Protocol, wait};
use super::{compare, encoding, marks};
use pagelock::engine::Strategy as Search;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;

/// How many protocols are compared.
const CASES: u32 = 1000;
const LOCKS: usize = 2;
const CELLS: usize = 2;
/// The most instructions of a thread, not counting the releases at its end.
const LINES: usize = 4;

/// The sampling engine runs so many executions of each; it may miss much, but invent nothing.
const SAMPLE: Search = Search::Random {
    seed: 1,
    executions: 20,
};

/// An instruction before it is known what the thread holds there.
#[derive(Debug, Clone, Copy)]
enum Pick {
    /// Acquires the lock, or releases it if the thread holds it.
    Turn(usize),
    /// Changes what the lock protects, or acquires it if the thread does not hold it.
    Touch(usize, Effect),
    Line(Instruction),
}

fn effects() -> impl Strategy<Value = Effect> {
    prop_oneof![
        3 => Just(Effect::Add(1)),
        1 => (1..3_i64).prop_map(Effect::Set),
        4 => Just(Effect::Read),
        3 => Just(Effect::Store(1)),
        2 => (0..2_i64).prop_map(|from| Effect::Swap { from, to: from + 1 }),
    ]
}

fn conditions() -> impl Strategy<Value = Condition> {
    prop_oneof![
        (0..2_i64).prop_map(Condition::Is),
        (1..3_i64).prop_map(Condition::AtLeast),
        Just(Condition::Differs),
    ]
}

fn picks() -> impl Strategy<Value = Pick> {
    let step = (0..CELLS, effects()).prop_map(|(cell, effect)| Action::Step(cell, effect));
    let waits = (0..CELLS, conditions(), effects());
    let waits = waits.prop_map(|(cell, until, effect)| wait(cell, until, effect));
    let lines = prop_oneof![24 => step, 8 => waits, 1 => Just(Action::Leave)];
    let only_if = prop_oneof![4 => Just(None), 1 => (0..2_i64).prop_map(Some)];
    let lines = (lines, only_if).prop_map(|(action, only_if)| Instruction { action, only_if });
    prop_oneof![
        8 => (0..LOCKS).prop_map(Pick::Turn),
        2 => (0..LOCKS, effects()).prop_map(|(lock, effect)| Pick::Touch(lock, effect)),
        7 => lines.prop_map(Pick::Line),
    ]
}

/// Makes a thread that acquires nothing twice, and releases what it holds, in either order.
fn program(picks: Vec<Pick>, last_first: bool) -> Vec<Instruction> {
    let mut held = Vec::new();
    let mut lines = Vec::new();
    for pick in picks {
        let line = match pick {
            Pick::Turn(lock) if held.contains(&lock) => {
                held.retain(|other| *other != lock);
                Action::Release(lock).into()
            }
            Pick::Touch(lock, effect) if held.contains(&lock) => Action::Touch(lock, effect).into(),
            Pick::Turn(lock) | Pick::Touch(lock, _) => {
                held.push(lock);
                Action::Acquire(lock).into()
            }
            Pick::Line(line) => line,
        };
        lines.push(line);
    }
    if last_first {
        held.reverse();
    }
    lines.extend(held.into_iter().map(Action::Release).map(Instruction::from));
    lines
}

fn protocols() -> impl Strategy<Value = Protocol> {
    let thread = (prop::collection::vec(picks(), 2..=LINES), any::<bool>());
    let thread = thread.prop_map(|(picks, last_first)| program(picks, last_first));
    let threads = prop::collection::vec(thread, 2..=3);
    let start = prop::array::uniform::<_, CELLS>(0..2_i64);
    (threads, start).prop_map(|(threads, start)| {
        let mut protocol = Protocol::new(LOCKS, CELLS, threads);
        protocol.cells[..CELLS].copy_from_slice(&start);
        protocol
    })
}

/// How many of the protocols do something, so that a search that found nothing would be noticed.
#[derive(Debug, Default)]
struct Tally {
    deadlock: Cell<u32>,
    deadlock_and_outcome: Cell<u32>,
    departure: Cell<u32>,
    cycle: Cell<u32>,
    several_outcomes: Cell<u32>,
}

impl Tally {
    fn count(&self, behaviour: &Behaviour) {
        let add = |counter: &Cell<u32>, one: bool| counter.set(counter.get() + u32::from(one));
        let deadlock = !behaviour.deadlocks.is_empty();
        add(&self.deadlock, deadlock);
        add(
            &self.deadlock_and_outcome,
            deadlock && !behaviour.outcomes.is_empty(),
        );
        add(&self.departure, !behaviour.departures.is_empty());
        add(&self.cycle, !behaviour.cycles.is_empty());
        add(&self.several_outcomes, behaviour.outcomes.len() > 1);
    }

    fn least(&self) -> u32 {
        let counters = [
            &self.deadlock,
            &self.deadlock_and_outcome,
            &self.departure,
            &self.cycle,
            &self.several_outcomes,
        ];
        counters.map(Cell::get).into_iter().min().unwrap_or(0)
    }
}

#[test]
fn random_protocols_do_what_brute_force_says() {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    // The same protocols on every run: a test that fails must fail again.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let tally = Tally::default();
    let result = TestRunner::new_with_rng(config, rng).run(&protocols(), |protocol| {
        let behaviour = compare(&protocol).map_err(TestCaseError::fail)?;
        let sample = encoding::run(&protocol, &SAMPLE);
        let marks = marks(&behaviour);
        let invented: Vec<_> = sample.marks.difference(&marks).collect();
        prop_assert!(
            invented.is_empty(),
            "the sampling engine invents {:?}",
            invented
        );
        tally.count(&behaviour);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    assert!(
        tally.least() >= CASES / 50,
        "too few protocols of some kind: {tally:?}"
    );
}

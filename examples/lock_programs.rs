//! A user-defined scenario space: two threads that each take some of three locks, in any order. The old design lets
//! them; the patched one takes them in the order of their names.
//!
//! `cargo run --release --example lock_programs -- explore`

use pagelock::model::{Encoding, Function, World};
use pagelock::spec::{
    Bound, Clause, CoverPoint, Design, Dimension, Expectation, Rule, Scenario, Size, Space, Spec,
    Value, Variant,
};
use std::process::ExitCode;
use std::sync::Arc;

const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
const LOCKS: &[&str] = &["a", "b", "c"];

const IN_ORDER: Clause = Clause::new(
    "in-order",
    "locks are taken in the order of their names",
    LOCK,
);

/// The locks that each thread takes, and how often.
#[derive(Debug, Clone, Default)]
struct Config {
    programs: Vec<Vec<usize>>,
    twice: bool,
}

fn program(config: &mut Config, words: &[usize]) {
    config.programs.push(words.to_vec());
}

static SPACE: Space<Config> = Space {
    base: Config {
        programs: Vec::new(),
        twice: false,
    },
    dimensions: &[
        Dimension::new(
            "rounds",
            "how often each thread takes its locks",
            &[
                Value::new("1", |config| config.twice = false),
                Value::new("2", |config| config.twice = true),
            ],
        ),
        Dimension::programs("one", "the locks of a thread", LOCKS, program),
        Dimension::programs("two", "the locks of another", LOCKS, program).like("one"),
    ],
    rules: &[Rule::new(
        &["one", "two"],
        "a thread that waits for itself is another mistake",
        each_once,
    )],
    size: |config| Size {
        threads: config.programs.len(),
        operations: config.programs.iter().map(Vec::len).sum(),
        pages: 0,
    },
    gate: &[Bound::new(2, 4, 0)],
    deep: &[Bound::new(2, 6, 0)],
    encoding,
};

fn each_once(config: &Config) -> bool {
    let once = |words: &Vec<usize>| {
        (0..LOCKS.len()).all(|lock| words.iter().filter(|word| **word == lock).count() < 2)
    };
    config.programs.iter().all(once)
}

fn encoding(variant: &Variant, config: &Config) -> Arc<dyn Encoding> {
    let (in_order, mut config) = (variant.has(&IN_ORDER), config.clone());
    if in_order {
        config
            .programs
            .iter_mut()
            .for_each(|words| words.sort_unstable());
    }
    Arc::new(move |world: &mut World| {
        let locks: Vec<_> = LOCKS
            .iter()
            .map(|name| world.lock(*name, "mutex", ()))
            .collect();
        for (name, words) in ["one", "two"].into_iter().zip(config.programs.clone()) {
            let (locks, rounds) = (locks.clone(), 1 + usize::from(config.twice));
            world.thread(name, move |task| {
                for _ in 0..rounds {
                    let mut held = Vec::new();
                    for lock in &words {
                        let lock = &locks[*lock];
                        held.push(
                            task.covering_waits("mutex", "waits", || task.acquire(lock, LOCK))?,
                        );
                    }
                }
                Ok(())
            });
        }
    })
}

fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let programs = vec![vec![0, 1], vec![1, 0]];
    encoding(
        variant,
        &Config {
            programs,
            twice: false,
        },
    )
}

pub(crate) static SPEC: Spec = Spec {
    clauses: &[IN_ORDER],
    designs: &[
        Design::new("old", "any order", &[]),
        Design::new("patched", "one order", &["in-order"]),
    ],
    scenarios: &[Scenario::new("opposite", "two locks, in opposite orders").covering(&["waits"])],
    cover_points: &[CoverPoint::new("waits", "a thread waits for a lock")],
    expectations: &[
        Expectation::violates("old", "opposite", &["no-deadlock"])
            .by(&["one (b) -> two (a) -> one"])
            .because("Each has the lock that the other waits for."),
        Expectation::passes("patched", "opposite")
            .because("The second waits with nothing in hand."),
    ],
    space: Some(&SPACE),
    ..Spec::new("lock-programs", "two threads that take locks", encode)
};

fn main() -> ExitCode {
    static SPECS: [&Spec; 1] = [&SPEC];
    pagelock::cli::run(&SPECS)
}

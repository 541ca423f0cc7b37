//! A spec whose searches are short, or never end.

use pagelock::engine::{Limits, Strategy, search_within};
use pagelock::model::{Encoding, Function, World};
use pagelock::spec::{
    Bound, CoverPoint, Design, Dimension, Expectation, Scenario, Size, Space, Spec, Specs, Value,
    Variant,
};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

const ADD: Function = Function::new("add", "lib/counter.c");

/// What a process says on standard error when it is at an endless search.
pub(crate) const BEGUN: &str = "begun";

/// How often a search builds the endless model before its first execution: for the names of its threads, for its
/// fingerprint. Known in a worker.
static BUILT_BEFORE: OnceLock<u32> = OnceLock::new();

/// The size of the endless model.
const THREADS: u8 = 4;
const STEPS: u8 = 60;

const COVER_POINTS: &[CoverPoint] = &[CoverPoint::new(
    "counted",
    "a thread has added to the counter",
)];
const COUNTED: &[&str] = &["counted"];

const SPEC: Spec = Spec {
    designs: &[Design::new("only", "counters", &[])],
    scenarios: &[
        Scenario::new("small", "two threads").covering(COUNTED),
        Scenario::new("smaller", "two threads").covering(COUNTED),
        Scenario::new("endless", "more states than there is time or memory for").covering(COUNTED),
    ],
    cover_points: COVER_POINTS,
    expectations: &[
        Expectation::passes("only", "small"),
        Expectation::passes("only", "smaller"),
        // The searches that are thought to be long are begun first: this one is begun last.
        Expectation::passes("only", "endless").pinned(1),
    ],
    space: Some(&SPACE),
    ..Spec::new("counters", "threads that count", encode)
};

const STUCK: Spec = Spec {
    designs: &[Design::new("only", "nothing", &[])],
    scenarios: &[Scenario::new("stuck", "nothing happens").covering(COUNTED)],
    cover_points: COVER_POINTS,
    expectations: &[Expectation::passes("only", "stuck")],
    ..Spec::new("stuck", "a model that is never built to its end", encode)
};

/// A scenario that is explored at once, and one that never ends.
static SPACE: Space<u8> = Space {
    base: 1,
    dimensions: &[Dimension::new(
        "steps",
        "how often each thread counts",
        &[
            Value::new("1", |steps| *steps = 1),
            Value::new("endless", |steps| *steps = STEPS),
        ],
    )],
    rules: &[],
    size: |steps| Size {
        threads: THREADS.into(),
        operations: usize::from(THREADS) * usize::from(*steps),
        pages: 0,
    },
    gate: &[Bound::new(4, 4 * STEPS as usize, 0)],
    deep: &[Bound::new(4, 4 * STEPS as usize, 0)],
    encoding: |_, steps| {
        let steps = *steps;
        Arc::new(move |world: &mut World| {
            if steps == STEPS {
                tell(0);
            }
            count(world, THREADS, steps);
        })
    },
};

pub(crate) const SPECS: Specs = Specs::new(&[&SPEC, &STUCK]);

fn encode(_: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    let (threads, steps) = match scenario.name {
        "small" => (2, 3),
        "smaller" => (2, 2),
        _ => (THREADS, STEPS),
    };
    let tells = threads == THREADS;
    let is_stuck = scenario.name == "stuck";
    Arc::new(move |world: &mut World| {
        if is_stuck {
            tell(0);
            loop {
                std::thread::park();
            }
        }
        if tells && let Some(before) = BUILT_BEFORE.get() {
            // In the fourth execution, when three have been counted.
            tell(before + 3);
        }
        count(world, threads, steps);
    })
}

/// Finds out how often the endless model is built before anything is searched, by searches that end there.
pub(crate) fn measure() {
    let stopped = Limits::default();
    stopped.stop.stop();
    let sample = Strategy::Random {
        seed: 1,
        executions: 1,
    };
    let searches = [
        (sample, Limits::default()),
        (Strategy::LoomSleepSets, stopped.clone()),
        (Strategy::ExplicitState, stopped),
    ];
    let most = searches.iter().map(|(strategy, limits)| {
        let built = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&built);
        let endless: Arc<dyn Encoding> = Arc::new(move |world: &mut World| {
            counted.fetch_add(1, Ordering::Relaxed);
            count(world, THREADS, STEPS);
        });
        search_within(&endless, strategy, limits).expect("a result");
        built.load(Ordering::Relaxed)
    });
    let most = most.max().expect("there are searches");
    BUILT_BEFORE.set(most).expect("it is measured once");
}

/// Threads that add to one counter and look at what comes out, so that every interleaving is a state of its own.
pub(crate) fn count(world: &mut World, threads: u8, steps: u8) {
    let counter = world.cell("counter", 0_u64);
    for name in ["one", "two", "three", "four"]
        .into_iter()
        .take(threads.into())
    {
        let counter = counter.clone();
        world.thread(name, move |task| {
            for _ in 0..steps {
                task.step(&counter, ADD, |counter| {
                    *counter += 1;
                    *counter
                })?;
                task.cover("counted");
            }
            Ok(())
        });
    }
}

/// Says so when this was called so often before in this process.
fn tell(before: u32) {
    static BUILT: AtomicU32 = AtomicU32::new(0);
    if BUILT.fetch_add(1, Ordering::Relaxed) == before {
        eprintln!("{BEGUN}");
    }
}

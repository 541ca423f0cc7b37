//! A spec whose searches are short, or never come to their end.

use pagelock::engine::{Encoding, Function, World};
use pagelock::spec::{Design, Mark, Record, Scenario, Spec, Specs, Variant};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const ADD: Function = Function::new("add", "lib/counter.c");

/// What a process says on standard error when it is at an endless search.
pub(crate) const BEGUN: &str = "begun";

/// A search builds its model so often before the first execution: for the names of its threads, and for its
/// fingerprint.
const BUILT_BEFORE: u32 = 26;

const MARKS: &[Mark] = &[Mark::new("counted", "a thread has added to the counter")];
const COUNTED: &[&str] = &["counted"];

const SPEC: Spec = Spec {
    designs: &[Design::new("only", "counters", &[])],
    scenarios: &[
        Scenario::new("small", "two threads").reaching(COUNTED),
        Scenario::new("smaller", "two threads").reaching(COUNTED),
        Scenario::new("endless", "more states than there is time or memory for").reaching(COUNTED),
    ],
    marks: MARKS,
    records: &[
        Record::passes("only", "small"),
        Record::passes("only", "smaller"),
        // The searches that are thought to be long are begun first: this one is begun last.
        Record::passes("only", "endless").pinned(1),
    ],
    ..Spec::new("counters", "threads that count", encode)
};

const STUCK: Spec = Spec {
    designs: &[Design::new("only", "nothing", &[])],
    scenarios: &[Scenario::new("stuck", "nothing happens").reaching(COUNTED)],
    marks: MARKS,
    records: &[Record::passes("only", "stuck")],
    ..Spec::new("stuck", "a model that is never built to its end", encode)
};

pub(crate) const SPECS: Specs = Specs::new(&[&SPEC, &STUCK]);

fn encode(_: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    let (threads, steps) = match scenario.name {
        "small" => (2, 3),
        "smaller" => (2, 2),
        _ => (4, 60),
    };
    let tells = threads == 4;
    let is_stuck = scenario.name == "stuck";
    Arc::new(move |world: &mut World| {
        if is_stuck {
            tell(0);
            loop {
                std::thread::park();
            }
        }
        if tells {
            tell(BUILT_BEFORE + 3);
        }
        count(world, threads, steps);
    })
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
                task.reach("counted");
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
